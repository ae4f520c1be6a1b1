"""`zoho-leads prepare-org` as a process, against an org that lacks everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pty_session import PtySession
from verbs import COMMAND, Home, tried

from zoho.sandbox import World

LEAD = {"Last_Name": "Roe", "Company": "Acme"}
FAIR = ("--source", "Trade Fair 2026")
SETTINGS = "/crm/v8/settings"
CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"


@pytest.fixture
def world() -> World:
    """An org with three layouts, of which one is no longer used, and no field for our key."""
    world = World()
    world.add_layout("Partner")
    world.add_layout("Old").status = "inactive"
    return world


def changes(world: World) -> list[tuple[str, str, int | None]]:
    """Return the requests that would change the org's fields and layouts."""
    return [one for one in tried(world) if one[0] in ("POST", "PATCH") and one[1].startswith(SETTINGS)]


def on_layouts(world: World, api_name: str = "Submission_Key") -> list[bool]:
    return [api_name in layout.field_names() for layout in world.modules["Leads"].layouts]


def no_change(world: World) -> bool:
    return "Submission_Key" not in world.modules["Leads"].fields and changes(world) == []


# Shown, and not done


def test_a_dry_run_shows_everything_and_changes_nothing(home: Home, world: World) -> None:
    before = world.lead_source_values
    ended = home.run("prepare-org", "--dry-run", *FAIR)
    assert (ended.status, ended.err) == (0, ""), ended
    assert ended.out.splitlines() == [
        "Zylker Ltd (sandbox), signed in as Robin Ellis.",
        "This is missing in Leads, and would be added now:",
        "",
        "  1. Create the field “Submission Key”: one line, no duplicates, 36 characters.",
        "  2. Put “Submission Key” on the layout Standard, unless Zoho does so itself.",
        "  3. Put “Submission Key” on the layout Partner, unless Zoho does so itself.",
        "  4. Add “Trade Fair 2026” to the values of Lead Source; the others stay.",
        "",
    ]
    assert no_change(world)
    assert world.lead_source_values == before


def test_a_script_that_did_not_say_yes_changes_nothing(home: Home, world: World) -> None:
    ended = home.run("prepare-org", given="y\n")
    assert ended.status == 2, ended
    assert "Give --yes" in ended.err
    assert "Create the field" in ended.out
    assert no_change(world)


@pytest.mark.parametrize(
    ("answer", "said", "status"), [("n\r", "Nothing was changed.", 1), ("y\r", "Layout Partner: ready.", 0)]
)
def test_it_asks_on_a_terminal(home: Home, world: World, answer: str, said: str, status: int) -> None:
    environ: dict[str, str | None] = {**home.environ()}
    with PtySession([*COMMAND, "prepare-org"], env=environ, cwd=home.folder) as terminal:
        terminal.wait_for("Change this, for everybody in the org? [y/N]")
        assert no_change(world)
        terminal.send(answer)
        terminal.wait_for(said)
        assert terminal.wait_exit() == status
    assert no_change(world) == (status == 1)


# Done


def test_it_makes_the_org_keyed(home: Home, world: World) -> None:
    before = world.lead_source_values
    ended = home.run("prepare-org", "--yes", *FAIR)
    assert (ended.status, ended.err) == (0, ""), ended
    assert ended.out.splitlines()[-3:] == [
        "Layout Standard: ready.",
        "Layout Partner: ready.",
        "Everybody's zoho-leads sees this at its next start.",
    ]
    assert ended.out.count("Done: ") == 4
    assert max(map(len, ended.out.splitlines())) <= 80
    field = world.modules["Leads"].fields["Submission_Key"]
    assert (field.unique, field.length, field.data_type) == (False, 36, "text")
    assert on_layouts(world) == [True, True, False], "the inactive layout is left alone"
    assert world.lead_source_values == [*before, "Trade Fair 2026"]

    first, second = (home.run("add", *FAIR, given=LEAD) for _ in range(2))
    assert (first.status, second.status) == (0, 0), (first, second)
    assert [record["Submission_Key"] for record in world.records()[-2:]] == [
        first.json["key"],
        second.json["key"],
    ]
    assert world.records()[-1]["Lead_Source"] == "Trade Fair 2026"


def test_an_org_that_was_known_as_unkeyed_is_seen_anew(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    assert world.records()[-1].get("Submission_Key") is None
    assert home.run("prepare-org", "--yes").status == 0
    assert home.run("add", given=LEAD).status == 0
    assert world.records()[-1]["Submission_Key"]


def test_what_an_administrator_did_by_hand_is_seen_anew_too(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    world.add_unique_field("Submission_Key")
    assert home.run("prepare-org").status == 0
    assert home.run("add", given=LEAD).status == 0
    assert world.records()[-1]["Submission_Key"]


def test_a_second_run_finds_nothing_to_do(home: Home, world: World) -> None:
    assert home.run("prepare-org", "--yes", *FAIR).status == 0
    done = changes(world)
    ended = home.run("prepare-org", *FAIR)
    assert (ended.status, ended.err) == (0, ""), ended
    assert "Nothing to do." in ended.out
    assert "Layout Partner: ready." in ended.out
    assert changes(world) == done


def test_another_name_for_the_field(home: Home, world: World) -> None:
    other = {"ZOHO_SUBMISSION_KEY_FIELD": "Our_Lead_Id"}
    assert home.run("prepare-org", "--yes", env=other).status == 0
    assert world.modules["Leads"].fields["Our_Lead_Id"].unique is not None
    assert on_layouts(world, "Our_Lead_Id") == [True, True, False]


# Refused


@pytest.mark.parametrize(
    ("scope", "done"),
    [
        ("fields.READ", 0),
        ("layouts.READ", 0),
        ("fields.CREATE", 0),
        ("layouts.UPDATE", 1),
        ("fields.UPDATE", 3),
    ],
)
def test_a_scope_that_is_missing_is_named_and_what_was_done_before(
    home: Home, world: World, scope: str, done: int
) -> None:
    world.options.missing_scopes.add(f"ZohoCRM.settings.{scope}")
    ended = home.run("prepare-org", "--yes", *FAIR)
    assert ended.status == 2, ended
    assert f"ZohoCRM.settings.{scope}" in ended.err
    assert "Generate Code" in ended.err
    assert ended.out.count("Done: ") == done
    assert ("Nothing was changed." in ended.out) == (scope == "fields.CREATE")
    assert len([one for one in changes(world) if one[2] in (200, 201)]) == done

    world.options.missing_scopes.clear()
    assert home.run("prepare-org", "--yes", *FAIR).status == 0
    assert [one[2] for one in changes(world)].count(201) == 1, "the field is created once"


def test_after_a_refusal_it_says_what_each_layout_still_lacks(home: Home, world: World) -> None:
    world.options.missing_scopes.add("ZohoCRM.settings.fields.UPDATE")
    ended = home.run("prepare-org", "--yes", *FAIR)
    assert ended.out.count("Lead Source does not offer “Trade Fair 2026” there.") == 2
    assert "Layout Partner: not ready." in ended.out
    assert home.run("add", given=LEAD).status == 0
    assert world.records()[-1]["Submission_Key"], "what was done is seen at the next start"


def test_a_permission_that_is_missing_is_told_before_anything_is_changed(home: Home, world: World) -> None:
    world.options.denied_permissions.add(CUSTOMIZE)
    ended = home.run("prepare-org", "--yes")
    assert ended.status == 2, ended
    assert CUSTOMIZE in ended.err
    assert "Setup > Security Control" in ended.err
    assert "Nothing was changed." in ended.out
    assert no_change(world)
    shown = home.run("prepare-org", "--dry-run")
    assert shown.status == 0
    assert CUSTOMIZE in shown.err


def test_a_field_of_that_name_that_is_not_unique_stops_everything(home: Home, world: World) -> None:
    world.add_unique_field("Submission_Key").unique = None
    ended = home.run("prepare-org", "--yes", *FAIR)
    assert ended.status == 2, ended
    assert "allows duplicate values" in " ".join(ended.err.split())
    assert "submission_key_field" in ended.err
    assert changes(world) == []


def test_a_refusal_of_zohos_is_told_with_its_reason(home: Home, world: World) -> None:
    ended = home.run("prepare-org", "--yes", "--source", "A source of more than 25 characters")
    assert ended.status == 2, ended
    assert "INVALID_DATA, display_value" in " ".join(ended.err.split())
    assert "A source of more than 25 characters" not in world.lead_source_values


def test_without_a_sign_in_nothing_is_tried(stranger: Home) -> None:
    ended = stranger.run("prepare-org", "--yes")
    assert ended.status == 2, ended
    assert "Not signed in" in ended.err


def test_what_cannot_be_added_through_the_api_is_told(home: Home, world: World) -> None:
    assert home.run("prepare-org", "--yes").status == 0
    world.add_layout("Bare", without=["Lead_Source"])
    ended = home.run("prepare-org", "--yes")
    assert ended.status == 1, ended
    assert "Nothing can be added from here." in ended.out
    assert "Layout Bare: not ready.\n  The field Lead_Source is not on it." in ended.out
    assert "docs/zoho.md" in ended.out


# Interrupted


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", f"{SETTINGS}/fields"), ("PATCH", f"{SETTINGS}/layouts"), ("PATCH", f"{SETTINGS}/fields")],
)
@pytest.mark.parametrize("fault", ["drop-after", "5xx-after", "html"])
def test_a_step_whose_answer_is_lost_is_looked_at_and_not_sent_again(
    home: Home, world: World, method: str, path: str, fault: str
) -> None:
    first = path if method == "POST" else f"{path}/{_first_id(world, path)}"
    params = {"commit": True} if fault == "html" else {}
    world.faults.order(fault, method=method, path=first, **params)
    ended = home.run("prepare-org", "--yes", *FAIR)
    assert (ended.status, ended.err) == (0, ""), ended
    assert len(changes(world)) == 4, "each change was sent once"
    assert on_layouts(world) == [True, True, False]


def _first_id(world: World, path: str) -> str:
    leads = world.modules["Leads"]
    return leads.layouts[0].id if path.endswith("layouts") else leads.fields["Lead_Source"].id


def test_a_step_that_was_not_applied_is_told_and_done_by_the_next_run(home: Home, world: World) -> None:
    path = f"{SETTINGS}/layouts/{world.modules['Leads'].layouts[1].id}"
    world.faults.order("5xx-before", method="PATCH", path=path)
    ended = home.run("prepare-org", "--yes")
    assert ended.status == 1, ended
    told = " ".join(ended.err.split())
    assert "Zoho did not say what became of this, and it does not show" in told
    assert "Run prepare-org again" in told
    assert ended.out.count("Done: ") == 2
    assert "Layout Standard: ready." in ended.out
    assert "Layout Partner: not ready." in ended.out

    again = home.run("prepare-org", "--yes")
    assert again.status == 0, again
    assert again.out.count("Done: ") == 1
    assert [one[0] for one in changes(world)].count("POST") == 1


@pytest.mark.parametrize("fault", ["hang-before", "hang-after"])
def test_a_run_that_is_killed_between_two_steps_is_taken_up_by_the_next(
    home: Home, world: World, fault: str
) -> None:
    path = f"{SETTINGS}/layouts/{world.modules['Leads'].layouts[0].id}"
    world.faults.order(fault, method="PATCH", path=path)
    running = home.start("prepare-org", "--yes")
    try:
        while not any(one[1] == path for one in changes(world)):
            assert running.poll() is None
    finally:
        running.kill()
        running.communicate(timeout=30)
    assert on_layouts(world)[1:] == [False, False]
    again = home.run("prepare-org", "--yes")
    assert again.status == 0, again
    assert on_layouts(world) == [True, True, False]
    assert [one[0] for one in changes(world)].count("POST") == 1


def test_a_value_that_is_gone_after_the_change_is_told(home: Home, world: World) -> None:
    field = world.modules["Leads"].fields["Lead_Source"]
    path = f"{SETTINGS}/fields/{field.id}"
    world.faults.order("latency", method="PATCH", path=path, ms=2000)
    running = home.start("prepare-org", "--yes", *FAIR)
    try:
        while not any(one[1] == path for one in changes(world)):
            assert running.poll() is None
        field.values = tuple(one for one in field.values if one[1] != "Cold Call")
        _, err = running.communicate(timeout=30)
    finally:
        running.kill()
    assert running.returncode == 2
    assert "Values of Lead Source are gone: Cold Call." in " ".join(err.decode().split())


@pytest.mark.parametrize(
    ("wreck", "status", "said"),
    [
        (lambda world: world.faults.order("429", method="POST", path=f"{SETTINGS}/fields"), 1, "again"),
        (lambda world: world.faults.order("throttle"), 2, "again"),
        (lambda world: world.faults.order("5xx-before", path="/crm/v8/org", times=None), 2, "again"),
    ],
    ids=["busy", "throttled", "down"],
)
def test_trouble_that_passes_says_to_run_it_again(
    home: Home, world: World, wreck: Callable[[World], Any], status: int, said: str
) -> None:
    wreck(world)
    ended = home.run("prepare-org", "--yes")
    assert ended.status == status, ended
    assert f"Run prepare-org {said}" in " ".join(ended.err.split())
    assert "Submission_Key" not in world.modules["Leads"].fields


def test_a_change_that_zoho_accepted_and_that_does_not_show_is_not_sent_again(
    home: Home, world: World
) -> None:
    path = f"{SETTINGS}/fields"
    body = {"fields": [{"code": "SUCCESS", "status": "success", "message": "", "details": {"id": "7"}}]}
    world.faults.order("answer", method="POST", path=path, status=201, body=body)
    ended = home.run("prepare-org", "--yes")
    assert ended.status == 1, ended
    assert "Zoho said that this was done, and it does not show" in " ".join(ended.err.split())
    assert len(changes(world)) == 1
