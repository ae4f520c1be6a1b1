from __future__ import annotations

from html.parser import HTMLParser

from sandbox_caller import Caller

NASTY = "<script>alert('x')</script>\"&<img src=x onerror=y>"


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


async def test_the_newest_lead_stands_first(caller: Caller) -> None:
    await caller.created_id(First_Name="Ada", Last_Name="Newest")
    page = Elements((await caller.call("GET", "/")).text)
    rows = [text for text in page.text if text in ("Ada Newest", "Grace Hopper", "Ada Lovelace")]
    assert rows == ["Ada Newest", "Grace Hopper", "Ada Lovelace"]
    assert "a stand-in, not Zoho" in page.text
    assert "Zylker Ltd" in page.text


async def test_every_value_is_text_and_nothing_else(caller: Caller) -> None:
    plain = Elements((await caller.call("GET", "/")).text)
    await caller.created_id(
        First_Name=NASTY[:40],
        Last_Name=NASTY,
        Company=NASTY,
        Phone=NASTY[:30],
        Description=NASTY,
        Street=NASTY,
    )
    page = Elements((await caller.call("GET", "/")).text)
    assert not {"script", "img", "iframe", "form", "a", "link"} & set(page.tags)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert set(page.tags) == set(plain.tags)
    assert NASTY in page.text


async def test_the_browser_is_told_to_run_and_load_nothing(caller: Caller) -> None:
    answer = await caller.call("GET", "/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert '<meta http-equiv="refresh" content="3">' in answer.text
