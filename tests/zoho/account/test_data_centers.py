from __future__ import annotations

import pytest

from zoho.account.data_centers import DATA_CENTERS, check_accounts_url, check_api_domain, data_center
from zoho.wire.errors import ConfigError

# The fact sheet's table, section 1.1.
TABLE = {
    "us": ("accounts.zoho.com", "www.zohoapis.com", "crm.zoho.com"),
    "eu": ("accounts.zoho.eu", "www.zohoapis.eu", "crm.zoho.eu"),
    "in": ("accounts.zoho.in", "www.zohoapis.in", "crm.zoho.in"),
    "au": ("accounts.zoho.com.au", "www.zohoapis.com.au", "crm.zoho.com.au"),
    "jp": ("accounts.zoho.jp", "www.zohoapis.jp", "crm.zoho.jp"),
    "ca": ("accounts.zohocloud.ca", "www.zohoapis.ca", "crm.zohocloud.ca"),
    "sa": ("accounts.zoho.sa", "www.zohoapis.sa", "crm.zoho.sa"),
    "uk": ("accounts.zoho.uk", "www.zohoapis.uk", "crm.zoho.uk"),
    "cn": ("accounts.zoho.com.cn", "www.zohoapis.com.cn", "crm.zoho.com.cn"),
    "ae": ("accounts.zoho.ae", "www.zohoapis.ae", "crm.zoho.ae"),
}

HOSTILE = [
    "http://www.zohoapis.com",
    "https://www.zohoapis.com:443",
    "https://www.zohoapis.com:8443/",
    "https://www.zohoapis.com.evil.example",
    "https://www.zohoapis.comevil.example",
    "https://evil.example/www.zohoapis.com",
    "https://evil.example#www.zohoapis.com",
    "https://evil.example?https://www.zohoapis.com",
    "https://www.zohoapis.com@evil.example",
    "https://rep:hunter2@www.zohoapis.com",
    "https://www.zohoapis.com/crm",
    "https://www.zohoapis.com//",
    "https://www.zohoapis.com?x=1",
    "https://www.zohoapis.com?",
    "https://www.zohoapis.com#",
    "https://www.zohoapis.com\\@evil.example",
    "https://www.zohoapis.com\t.evil.example",
    "https://www.zoho\napis.com",
    "https://www.zohoapis.com\n",
    "\x00https://www.zohoapis.com",
    " https://www.zohoapis.com",
    "https://www.zohoapis.com.",
    "https://zohoapis.com",
    "https://api.zohoapis.com",
    "https://www.zohoap\u0131s.com",
    "https://www.zohoapi\u017f.com",
    "https://www。zohoapis。com",
    "https://xn--www.zohoapis.com",
    "//www.zohoapis.com",
    "www.zohoapis.com",
    "file:///etc/passwd",
    "javascript://www.zohoapis.com/%0aalert(1)",
    "https://169.254.169.254",
    "https://[::1",
    "https://",
    "",
]


@pytest.mark.parametrize("code", TABLE)
def test_the_table_is_the_fact_sheets(code: str) -> None:
    center = data_center(code)
    hosts = (center.accounts_url, center.api_url, center.web_url)
    assert hosts == tuple(f"https://{host}" for host in TABLE[code])


def test_the_table_holds_nothing_else() -> None:
    assert tuple(DATA_CENTERS) == tuple(TABLE)


def test_code_is_taken_however_it_is_written() -> None:
    assert data_center(" EU ") is DATA_CENTERS["eu"]


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("eur", "eu"),
        ("usa", "us"),
        ("com", "us"),
        ("com.cn", "cn"),
        ("canada", "ca"),
        ("https://www.zohoapis.com.au", "au"),
    ],
)
def test_wrong_code_names_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(ConfigError) as caught:
        data_center(wrong)
    assert f"Did you mean {nearest!r}?" in caught.value.what
    assert all(code in caught.value.next_step for code in TABLE)


@pytest.mark.parametrize("wrong", ["", "zz9 plural z alpha", "\x1b[31m" + "x" * 500])
def test_hopeless_code_names_the_known_ones(wrong: str) -> None:
    with pytest.raises(ConfigError) as caught:
        data_center(wrong)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("code", TABLE)
@pytest.mark.parametrize("kind", ["www", "sandbox", "developer"])
def test_api_hosts_of_a_data_center(code: str, kind: str) -> None:
    center = DATA_CENTERS[code]
    url = center.api_url.replace("www", kind)
    assert check_api_domain(url + "/", center, allow_loopback=False) == url
    assert check_api_domain(url.upper(), center, allow_loopback=False) == url


@pytest.mark.parametrize("url", HOSTILE)
@pytest.mark.parametrize("allow_loopback", [False, True])
def test_hostile_api_domain_is_refused(url: str, allow_loopback: bool) -> None:
    with pytest.raises(ConfigError) as caught:
        check_api_domain(url, DATA_CENTERS["us"], allow_loopback=allow_loopback)
    message = str(caught.value)
    assert "hunter2" not in message
    assert message.isprintable()


@pytest.mark.parametrize("code", [code for code in TABLE if code != "us"])
def test_another_data_centers_host_is_refused_and_named(code: str) -> None:
    with pytest.raises(ConfigError, match=f"belongs to the data centre '{code}'"):
        check_api_domain(DATA_CENTERS[code].api_url, DATA_CENTERS["us"], allow_loopback=False)


def test_a_right_host_in_the_wrong_form_is_not_called_foreign() -> None:
    with pytest.raises(ConfigError) as caught:
        check_api_domain("https://sandbox.zohoapis.com/crm", DATA_CENTERS["us"], allow_loopback=False)
    assert "belongs to" not in str(caught.value)


LOOPBACK = [
    "http://127.0.0.1:8765",
    "https://127.8.9.10",
    "http://localhost:1",
    "http://[::1]:8765",
]


@pytest.mark.parametrize("url", LOOPBACK)
def test_loopback_only_when_allowed(url: str) -> None:
    center = DATA_CENTERS["us"]
    assert check_api_domain(url + "/", center, allow_loopback=True) == url
    assert check_accounts_url(url, allow_loopback=True, center=center) == url
    with pytest.raises(ConfigError, match="ZOHO_ALLOW_LOOPBACK"):
        check_api_domain(url, center, allow_loopback=False)
    with pytest.raises(ConfigError, match="ZOHO_ALLOW_LOOPBACK"):
        check_accounts_url(url, allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://evil.example@127.0.0.1",
        "http://127.0.0.1/path",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://[::]",
        "http://[::ffff:10.0.0.1]",
        "http://2130706433",
        "ftp://127.0.0.1",
    ],
)
def test_what_only_looks_like_loopback(url: str) -> None:
    with pytest.raises(ConfigError):
        check_api_domain(url, DATA_CENTERS["us"], allow_loopback=True)


@pytest.mark.parametrize("code", TABLE)
def test_accounts_hosts(code: str) -> None:
    center = DATA_CENTERS[code]
    assert check_accounts_url(center.accounts_url + "/", allow_loopback=False) == center.accounts_url
    with pytest.raises(ConfigError):
        check_accounts_url(center.api_url, allow_loopback=False)


@pytest.mark.parametrize("url", [url.replace("www.zohoapis", "accounts.zoho") for url in HOSTILE])
def test_hostile_accounts_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        check_accounts_url(url, allow_loopback=True)


def test_accounts_url_of_another_data_center() -> None:
    with pytest.raises(ConfigError, match="belongs to the data centre 'eu'"):
        check_accounts_url("https://accounts.zoho.eu", allow_loopback=False, center=DATA_CENTERS["us"])
