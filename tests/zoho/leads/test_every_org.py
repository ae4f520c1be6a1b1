"""In each of the stand-in's orgs a lead with every field of the form is entered, created, and stored so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sandbox_caller import Clock

from zoho.account import Config, Paths
from zoho.account.config import FEATURES
from zoho.api import RecordCreated, ZohoClient
from zoho.leads.fields import LeadField, LeadForm
from zoho.leads.lead import read_lead, record_of, with_source
from zoho.leads.org import read_org
from zoho.leads.references import References
from zoho.sandbox import World, create_app
from zoho.sandbox.orgs import ORGS

URL = "http://127.0.0.1"
BY_KIND = {
    "email": "roe@acme.example",
    "phone": "+44 20 7946 0018",
    "website": "www.acme.example",
    "boolean": "true",
    "currency": "1234.50",
    "percent": "12.5",
    "double": "1.5",
    "date": "2027-01-02",
    "datetime": "2027-01-02 15:04",
    "textarea": "one\ntwo",
}


def client_of(world: World, folder: Path, **more: Any) -> ZohoClient:
    config = Config(
        client_id=world.client_id,
        client_secret=SecretStr(world.client_secret),
        refresh_token=SecretStr(world.refresh_token),
        accounts_url=URL,
        api_domain=URL,
        allow_loopback=True,
        **more,
    )
    paths = Paths(
        **dict.fromkeys(("config_dir", "site_config_dir", "data_dir", "cache_dir", "log_dir"), folder)
    )
    transport = httpx.ASGITransport(create_app(world))
    return ZohoClient.from_config(config, paths=paths, transport=transport, clock=world.clock)


async def filled_in(form: LeadForm, references: References, account: str) -> dict[str, str]:
    """Return what a rep might type into every field: of a list, the first value that goes with the others."""
    typed: dict[str, str] = {}
    for field in form.fields:
        typed[field.api_name] = await _text(field, typed, references, account)
    return {name: text for name, text in typed.items() if text}


async def _text(field: LeadField, typed: dict[str, str], references: References, account: str) -> str:
    if field.lookup_module:
        word = "" if field.lookup_module == "Users" else account
        identity, name = (await references.search(field.lookup_module, word))[0]
        return f"{name} {{{identity}}}"
    if field.data_type == "picklist":
        offered = field.options_for(typed.get(field.controlled_by, ""))
        return offered[0].value if offered else ""
    if field.data_type == "multiselectpicklist":
        return "; ".join(option.value for option in field.options[:2])
    if field.data_type == "integer":
        return str(int(field.maximum or 7))
    return BY_KIND.get(field.data_type, "Text")


@pytest.mark.parametrize("org", ORGS)
async def test_every_field_of_it(tmp_path: Path, org: str) -> None:
    world = World(seed=True, clock=Clock(), org=org, submission_key="Submission_Key")
    async with client_of(world, tmp_path, apply_feature_execution=FEATURES[:2] + FEATURES[4:6]) as client:
        found = await read_org(client, data_center="us", key_field="Submission_Key")
        form = found.form
        typed = await filled_in(form, References(client), next(iter(ORGS[org].accounts), "")[:4])
        values = with_source(read_lead(form, typed, zone=UTC), "Qualification Inbound")
        record = record_of(values, layout_id=form.layout_id, key_field=form.key_field, key="k-1")
        (result,) = await client.create_leads([record])
        assert isinstance(result, RecordCreated), result
        stored = await client.get_lead(result.id)
    assert stored is not None
    assert {field.api_name for field in form.fields if field.required} <= typed.keys()
    assert typed.keys() == {field.api_name for field in form.fields}
    for name, value in record.items():
        kept = stored.get(name)
        if isinstance(value, dict):
            assert kept["id"] == value["id"], name
        elif name in typed and form.field(name).data_type == "datetime":  # type: ignore[union-attr]
            assert datetime.fromisoformat(kept) == datetime.fromisoformat(value), name
        else:
            assert kept == value, name
