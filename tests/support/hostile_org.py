"""An org, an outbox and a configuration in which every text is a stranger's."""

from __future__ import annotations

import json
import time
from contextlib import closing
from typing import Any

from hostile import PAYLOADS
from verbs import Home

from zoho.outbox import SqliteStore
from zoho.outbox.store import FRESH
from zoho.sandbox import World
from zoho.sandbox.describe import layout_object

NUMBERED = {
    f"{number:02d}": text
    for number, text in enumerate(PAYLOADS.values())
    if text.encode("utf-8", "ignore").decode() == text
}
"""Without lone surrogates: neither UTF-8 nor SQLite can carry them."""
ORG = "Or" + PAYLOADS["title"] + PAYLOADS["action"]
WRONG = "Wr" + PAYLOADS["clear"] + PAYLOADS["close tag"] + PAYLOADS["c1 csi"]
SOURCE = "So" + PAYLOADS["clipboard"] + PAYLOADS["override"]


def make_hostile(world: World) -> None:
    """Let labels, titles, choices, tooltips and names of *world* be hostile."""
    world.org["company_name"] = ORG
    module = world.modules["Leads"]
    described = layout_object(module, module.layouts[0], world.profiles)
    every = {field["api_name"]: field for section in described["sections"] for field in section["fields"]}
    template = every["Twitter"]
    sections: list[dict[str, Any]] = [
        _section(
            1,
            "Start",
            [every["Last_Name"], every["Company"], _choices(every["Rating"]), every["Description"]],
        )
    ]
    for number, text in NUMBERED.items():
        label = number + text
        field = {
            **template,
            "api_name": f"P{number}",
            "display_label": label,
            "field_label": label,
            "tooltip": {"name": "static_text", "value": f"h{label}"},
        }
        sections.append(_section(len(sections) + 1, f"t{label}", [field]))
    sections.append(
        _section(len(sections) + 1, "Key", [every[name] for name in ("Submission_Key",) if name in every])
    )
    body = {"layouts": [{**described, "sections": sections}]}
    world.faults.order("answer", path="/crm/v8/settings/layouts", method="GET", times=None, body=body)


def _section(place: int, title: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(place),
        "display_label": title,
        "name": title,
        "sequence_number": place,
        "fields": fields,
    }


def _choices(field: dict[str, Any]) -> dict[str, Any]:
    values = [
        {"display_value": f"c{number}{text}", "actual_value": f"c{number}", "type": "used"}
        for number, text in NUMBERED.items()
    ]
    return {**field, "api_name": "Rating", "pick_list_values": values}


def fill_outbox(home: Home) -> None:
    """Put a lead of every payload into the outbox as it is, refused for reasons of a stranger; and drafts."""
    with closing(SqliteStore(home.data / "outbox.db")) as store:
        for number, text in NUMBERED.items():
            values = {"Last_Name": f"L{number}{text}", "Company": text, "Description": f"{text}\r\n\t{text}"}
            store.add(f"key-{number}", values, org="elsewhere", lane=FRESH, at=time.time())
        for number, text in list(NUMBERED.items())[::8]:
            store.drafts.keep(
                f"draft-{number}",
                {"Last_Name": f"D{number}{text}", "Company": text},
                field="Last_Name",
                holder=None,
                editing=False,
                at=time.time(),
            )


def write_config(home: Home) -> None:
    """Write a configuration whose free texts are hostile, and which has keys that nobody knows."""
    config = {"source": SOURCE, PAYLOADS["title"] + "[/x]": 1}
    home.config_file.write_text(json.dumps(config))
    home.config_file.chmod(0o600)


__all__ = ["NUMBERED", "ORG", "SOURCE", "WRONG", "fill_outbox", "make_hostile", "write_config"]
