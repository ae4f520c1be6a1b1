"""How a file of leads is read, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from zoho.commands.importing.columns import Names, Wishes, plan_columns
from zoho.commands.importing.csv_lines import CsvFile
from zoho.commands.importing.encoded_file import EncodedFile, open_encoded
from zoho.commands.importing.identity import LineKeys
from zoho.commands.importing.json_lines import JsonLinesFile
from zoho.commands.importing.lines import Line
from zoho.commands.importing.progress import Progress, Tally
from zoho.commands.importing.run import known_lines
from zoho.leads.fields import LeadField, LeadForm
from zoho.leads.stock import STOCK_FORM
from zoho.wire.errors import ZohoError

NAMES = Names(STOCK_FORM)


def knows(column: str) -> bool:
    return bool(NAMES.called(column))


def csv_file(data: bytes, delimiter: str | None = None, encoding: str | None = None) -> CsvFile:
    file = EncodedFile(Path("leads.csv"), Opened(data), encoding)
    return CsvFile(file, knows=knows, delimiter=delimiter)


class Opened(io.BytesIO):
    """Bytes that are a file as far as the operating system is asked."""

    def fileno(self) -> int:
        return 0


def said(data: bytes, **more: str) -> list[dict[str, str]]:
    return [dict(line.said) for line in csv_file(data, **more).lines()]


# Encodings


TEXT = "Last Name,Company\r\nMüller,Žižkov – €\r\n"


@pytest.mark.parametrize(
    ("data", "encoding", "told"),
    [
        (TEXT.encode("utf-8"), None, False),
        (TEXT.encode("utf-8-sig"), None, False),
        (TEXT.encode("utf-16"), None, False),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), None, False),
        (TEXT.encode("cp1252"), None, True),
        (TEXT.encode("utf-16-le"), "utf-16-le", False),
    ],
)
def test_the_encoding_is_found_out_and_a_guess_is_told(data: bytes, encoding: str | None, told: bool) -> None:
    assert said(data, **({"encoding": encoding} if encoding else {})) == [
        {"Last Name": "Müller", "Company": "Žižkov – €"}
    ]
    assert bool(EncodedFile(Path("x"), Opened(data), encoding).told) is told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04\x14\x00", "is a workbook"),
        (TEXT.encode("utf-16-le"), "bytes in it that no text has"),
        (b"Last Name,Company\n\x81\x8d,Acme\n", "neither in UTF-8 nor as Windows text"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, told: str) -> None:
    with pytest.raises(ZohoError, match=told):
        csv_file(data)


def test_a_wrong_encoding_that_was_given_is_told() -> None:
    with pytest.raises(ZohoError, match="is not written in ascii"):
        list(csv_file(TEXT.encode(), encoding="ascii").lines())


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ZohoError, match="no regular file"), open_encoded(Path("/dev/null")):
        pass
    with (
        pytest.raises(ZohoError, match=r"missing\.csv cannot be used"),
        open_encoded(tmp_path / "missing.csv"),
    ):
        pass


# Delimiters


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_whose_columns_are_known(delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Last Name", "Company", "Description"])
    for _ in range(40):
        writer.writerow(["Roe, Ada", "A;B;C;D", "1;2;3,4,5\nnext\tline"])
    data = out.getvalue().encode()
    assert csv_file(data).delimiter == delimiter
    assert (
        said(data)
        == [{"Last Name": "Roe, Ada", "Company": "A;B;C;D", "Description": "1;2;3,4,5\nnext\tline"}] * 40
    )


def test_unknown_columns_are_parted_by_what_fits_every_line() -> None:
    assert csv_file(b"Name, full;Firma\nRoe;Acme\nDoe, Bob;Acme\n").delimiter == ";"


def test_a_single_column_has_no_delimiter() -> None:
    assert said(b"Last Name\nRoe\n") == [{"Last Name": "Roe"}]


def test_the_line_that_excel_tells_the_delimiter_by_is_understood() -> None:
    file = csv_file(b"sep=|\r\nLast Name|Company\r\nRoe|Acme\r\n")
    assert [(line.number, dict(line.said)) for line in file.lines()] == [
        (3, {"Last Name": "Roe", "Company": "Acme"})
    ]


def test_a_delimiter_that_was_given_wins() -> None:
    assert list(csv_file(b"Last Name,Company;City\n", delimiter=";").columns) == ["Last Name,Company", "City"]


# Lines


def test_lines_have_the_numbers_of_an_editor_and_empty_ones_are_none() -> None:
    data = b'Last Name,Company\nRoe,"A\nB"\n\n,\nDoe,Acme\n'
    assert [line.number for line in csv_file(data).lines()] == [2, 6]


def test_cells_that_excel_left_out_are_empty_and_cells_too_many_are_a_fault() -> None:
    short, padded, long = csv_file(
        b"Last Name,Company,City\nRoe,Acme\nDoe,Acme,X,,\nPoe,Acme,X,,more\n"
    ).lines()
    assert dict(short.said) == {"Last Name": "Roe", "Company": "Acme", "City": ""}
    assert not short.fault
    assert not padded.fault
    assert "column without a name" in long.fault


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (b'Last Name,Company\nRoe,Acme\nDoe,"Acme\nPoe,Acme\n', 3, "a quote is opened there and not closed"),
        (b'Last Name,Company\nRoe,"Acme" Ltd\nDoe,Acme\n', 2, "text stands behind a closing quote"),
        (b'Last Name,Company\nRoe,"' + b"x" * 140_000 + b'"\n', 2, "a quote is opened there"),
    ],
)
def test_a_quote_that_is_wrong_is_told_with_its_line_instead_of_guessed(
    data: bytes, line: int, told: str
) -> None:
    with pytest.raises(ZohoError, match=f"Line {line} of leads.csv is no CSV: {told}"):
        list(csv_file(data).lines())


def test_control_characters_of_a_file_are_made_harmless() -> None:
    assert said(b"Last Name,Company\n\x1b]0;x\x07Roe,Acme\n")[0]["Last Name"] == "^[]0;x^GRoe"


def test_the_error_column_of_a_report_is_left_out_but_not_a_field_of_that_name() -> None:
    data = b"Last Name,Error\nRoe,why\n,why\n"
    assert said(data) == [{"Last Name": "Roe"}]
    form = LeadForm(None, (LeadField("Error", "Error", "text"),))
    names = Names(form)
    file = CsvFile(EncodedFile(Path("x"), Opened(data)), knows=lambda column: bool(names.called(column)))
    assert list(file.columns) == ["Last Name", "Error"]
    report = EncodedFile(Path("x"), Opened(b"Last Name,Error,Error\nRoe,E1,why\n"))
    file = CsvFile(report, knows=lambda column: bool(names.called(column)))
    assert [dict(line.said) for line in file.lines()] == [{"Last Name": "Roe", "Error": "E1"}]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1), st.sampled_from(",;\t"))
def test_a_report_is_read_as_the_lines_that_it_is_on(lines: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([("Last Name", "Company"), *lines])
    file = csv_file(out.getvalue().encode(), delimiter)
    report = io.StringIO(newline="")
    write = file.reporter(report)
    for line in file.lines():
        write(line, '=why; "it"\nis, so')
    again = csv_file(report.getvalue().encode(), delimiter)
    assert [(line.given, line.said) for line in again.lines()] == [
        (line.given, line.said) for line in file.lines()
    ]
    assert "'=why" in report.getvalue() or not list(file.lines())


@given(st.lists(st.dictionaries(st.sampled_from(["Last_Name", "Company"]), CELLS)))
def test_a_report_of_jsonl_is_read_as_the_lines_that_it_is_on(objects: list[dict[str, str]]) -> None:
    data = "".join(json.dumps(one) + "\n" for one in objects).encode()
    file = JsonLinesFile(EncodedFile(Path("x"), Opened(data)))
    report = io.StringIO()
    write = file.reporter(report)
    for line in file.lines():
        write(line, "why")
    again = JsonLinesFile(EncodedFile(Path("x"), Opened(report.getvalue().encode())))
    assert list(again.lines()) == list(file.lines())


@pytest.mark.parametrize("text", ['{"a": NaN}', "[1]", "{}", "{", "[" * 100_000, '{"a": [[1]]}'])
def test_a_line_that_is_no_lead_is_a_fault_of_that_line(text: str) -> None:
    file = JsonLinesFile(EncodedFile(Path("x"), Opened(text.encode() + b'\n{"Last_Name": "Roe"}\n')))
    wrong, right = file.lines()
    assert wrong.fault
    assert right == Line(2, {"Last_Name": "Roe"}, {"Last_Name": "Roe"})


# Columns


def test_a_label_of_two_fields_has_to_be_mapped() -> None:
    fields = tuple(LeadField(name, "City", "text") for name in ("City_1", "City_2"))
    form = LeadForm("1", fields)
    with pytest.raises(ZohoError, match="is the label of City_1 and City_2"):
        plan_columns(["city"], form, Wishes(), whole=True)
    plan = plan_columns(["city"], form, Wishes({"City": "City_2"}), whole=True)
    assert plan.fields == {"city": "City_2"}


# Identity


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2"])), max_size=8), st.data()
)
def test_keys_do_not_depend_on_where_a_line_stands(lines: list[dict[str, str]], data: st.DataObject) -> None:
    other = data.draw(st.permutations(lines))
    one, two = LineKeys(), LineKeys()
    keys = [one.key_of(line) for line in lines]
    assert len(set(keys)) == len(keys)
    assert sorted(keys) == sorted(two.key_of(line) for line in other)


def test_keys_are_the_same_in_every_version() -> None:
    keys = LineKeys()
    line = {"Last_Name": "Müller", "Company": "Acme", "City": ""}
    assert keys.key_of(line) == "2115d28b-0825-5d8d-83fa-dab25198b227"
    assert keys.key_of(dict(reversed(line.items()))) == "d28966d2-6ee1-5dc6-8b48-321e42d8a6b3"


def test_memory_is_flat_but_for_a_digest_a_line(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    with path.open("w") as file:
        file.write("Last Name,Company,Description\n")
        for number in range(5000):
            file.write(f"Roe {number},Acme,{'x' * 2000}\n")
    with open_encoded(path) as text:
        found = CsvFile(text, knows=knows)
        plan = plan_columns(found.columns, STOCK_FORM, Wishes(), whole=True)
        tracemalloc.start()
        try:
            assert sum(1 for _ in known_lines(found, plan)) == 5000
            assert tracemalloc.get_traced_memory()[1] < 5000 * 250 + 500_000
        finally:
            tracemalloc.stop()


# Progress


def test_progress_is_one_line_on_a_terminal_and_a_line_a_tenth_in_a_pipe() -> None:
    now = 0.0
    screen, pipe = io.StringIO(), io.StringIO()
    on_screen = Progress(screen, terminal=True, clock=lambda: now)
    in_pipe = Progress(pipe, terminal=False, clock=lambda: now)
    for step in range(2000):
        now += 0.01
        tally = Tally(2000, saved=step + 1)
        on_screen.tell(tally)
        in_pipe.tell(tally)
    assert screen.getvalue().count("\r\x1b[K") in range(95, 105)
    assert "\n" not in screen.getvalue()
    on_screen.clear()
    assert screen.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue().splitlines()[-1] == "saved 2,000 of 2,000, created 0, refused 0"
    assert len(pipe.getvalue().splitlines()) == 5, "the other half is sending"
