"""Returns that mean harm, or came to harm: each is set aside or read for what it says, and stops nothing."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import re
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
from conformance import convert
from hostile import (
    ACTIONS,
    ANSWERS,
    TAKEN,
    cell,
    kernel_bomb,
    mail,
    parts,
    row,
    sheet,
    with_cells,
    with_parts,
    with_sheet,
    zipped,
)
from msoffcrypto.format.ooxml import OOXMLFile
from office import as_msg
from openpyxl import load_workbook
from returning import Outcome, outcome
from tracking import CHAIR, HEAD_OF_RESEARCH, copy_of, fill_in

from lscb_workbook import cli
from lscb_workbook.copies.layout import COPY_TABLES
from lscb_workbook.merge.texts import Contribution, combined
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.finding import returned_files

TIGHT = Limits(seconds=5)
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "lollollollollol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
EXTERNAL = b'<!DOCTYPE x [<!ENTITY d SYSTEM "file:///etc/hostname">]>'


@pytest.fixture(scope="module")
def filled(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    to = tmp_path_factory.mktemp("filled") / "filled.xlsx"
    return fill_in(copy_of(issued / "copies", HEAD_OF_RESEARCH), to, ANSWERS).read_bytes()


@pytest.fixture(scope="module")
def converted(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same return as each program that officers use would send it."""
    folder = tmp_path_factory.mktemp("converted")
    (folder / "return.xlsx").write_bytes(filled)
    files = {
        form: convert(folder / "return.xlsx", form, folder).read_bytes() for form in ("ods", "xls", "csv")
    }
    return files | {"xlsx": filled, "zip": zipped({"return.xlsx": filled}), "eml": mail(xlsx=filled)}


@pytest.fixture
def came(issued: Path, tmp_path: Path) -> Callable[..., Outcome]:
    """What becomes of one file of these bytes."""

    def came(data: bytes, name: str = "return.xlsx", limits: Limits = TIGHT) -> Outcome:
        folder = tmp_path / "returns"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        return outcome(issued, folder / name, limits=limits)

    return came


Came = Callable[..., Outcome]


def reasons(found: Outcome) -> str:
    assert found.result
    return " ".join(one.message for one in found.result.harvest.quarantined)


# --- bombs -----------------------------------------------------------------------------------


def test_a_zip_that_lists_one_file_a_thousand_times_is_refused(came: Came) -> None:
    found = came(kernel_bomb(".csv", 1000, 1_000_000), "return.zip")
    assert found.aside == {"return.zip": "return-too-large"}


@pytest.mark.parametrize("name", ["return.xlsx", "return.ods", "return.zip", "return.xlsb"])
def test_a_workbook_that_unpacks_to_many_times_its_size_is_refused(
    name: str, filled: bytes, came: Came
) -> None:
    bomb = with_parts(filled, {"xl/media/image1.png": bytes(60_000_000)})
    if name.endswith(".ods"):
        mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
        bomb = zipped({"mimetype": mimetype, "content.xml": b" " * 60_000_000})
    assert came(bomb, name).aside == {name: "return-too-large"}


def test_a_bomb_in_a_mail_in_a_zip_is_refused_and_named_by_its_way(filled: bytes, came: Came) -> None:
    bomb = with_parts(filled, {"xl/media/image1.png": bytes(60_000_000)})
    found = came(zipped({"mails/fw.eml": mail(xlsx=bomb), "good.xlsx": filled}), "returns.zip")
    assert found.aside == {"return.xlsx": "return-too-large"}
    assert found.taken == TAKEN


def test_zips_in_zips_are_opened_to_a_depth_and_no_further(filled: bytes, came: Came) -> None:
    deep = filled
    for number in range(4):
        deep = zipped({f"{number}.xlsx" if number == 0 else f"{number}.zip": deep})
    assert came(deep, "four.zip").taken == TAKEN
    found = came(zipped({"4.zip": zipped({"5.zip": deep})}), "six.zip")
    assert set(found.aside.values()) == {"return-too-large"}
    assert "more than 4 deep" in reasons(found)


def test_a_zip_of_zips_of_zips_is_read_for_so_long_and_no_longer(
    came: Came, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lscb_workbook.returns.files.reader.TOGETHER", 0.003)
    junk = [
        zipped([(f"{m} {n}.csv", b"a,b,c\n1,2,%d\n" % (200 * m + n)) for n in range(200)]) for m in range(9)
    ]
    start = time.monotonic()
    found = came(zipped({f"{n}.zip": one for n, one in enumerate(junk)}), "many.zip")
    assert time.monotonic() - start < 10
    assert "return-stopped" in found.aside.values()
    assert "the files it came with" in reasons(found)


@pytest.mark.parametrize("entries", [30, 70_000])
def test_a_zip_of_too_many_files_is_refused(entries: int, came: Came) -> None:
    found = came(
        kernel_bomb("", entries % 65_536 or 1, 0) if entries < 100 else _crowd(entries),
        "a.zip",
        Limits(entries=20),
    )
    assert found.aside == {"a.zip": "return-too-large"}


def _crowd(entries: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(entries):
            archive.writestr(str(number), b"")
    return file.getvalue()


def test_a_workbook_whose_part_is_larger_than_its_directory_says_is_refused(
    filled: bytes, came: Came
) -> None:
    bomb = bytearray(with_parts(filled, {"xl/media/image1.png": bytes(5_000_000)}))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = struct.pack("<I", 100)
    assert came(bytes(bomb)).aside == {"return.xlsx": "return-too-large"}


# --- names -----------------------------------------------------------------------------------


def _tree(folder: Path) -> dict[str, float]:
    return {str(path): path.lstat().st_mtime for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "name",
    [
        "../../x.xlsx",
        "C:\\x.xlsx",
        "/absolute/x.xlsx",
        "..\\..\\x.xlsx",
        "a\x01b\x1b[2J.xlsx",
        "x" * 400 + ".xlsx",
    ],
)
def test_a_name_in_a_zip_leads_nowhere_and_nothing_is_written(
    name: str, filled: bytes, came: Came, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    data = zipped({name: filled})
    came(data, "return.zip")
    before = _tree(tmp_path)
    found = came(data, "return.zip")
    before[str(tmp_path / "returns" / "return.zip")] = (tmp_path / "returns" / "return.zip").stat().st_mtime
    assert found.taken == TAKEN
    assert _tree(tmp_path) == before
    assert not Path("/absolute").exists()
    assert found.result
    assert all(back.file.isprintable() for back in found.result.harvest.returns)


@pytest.fixture
def nasty(tmp_path: Path, filled: bytes) -> Path:
    """A folder of files whose names are control characters, broken letters, and as long as can be."""
    folder = tmp_path / "nasty"
    folder.mkdir()
    try:
        for number, name in enumerate([b"a\nb\x1b[31m.xlsx", b"\xff\xfe.xlsx", b"[bold]x.xlsx"]):
            Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(filled + bytes(number))
    except OSError:
        pytest.skip("this system has no such names")
    (folder / ("x" * 250 + ".xlsx")).write_bytes(b"junk")
    return folder


@pytest.mark.parametrize("command", [["status", "--json"], ["status"], ["merge", "--dry-run"]])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_names_of_any_sort_are_shown_on_any_terminal(
    command: list[str], encoding: str, nasty: Path, issued: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, *options = command
    out = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(
        sys, "argv", ["lscb-workbook", name, str(issued / "master.xlsx"), str(nasty), *options]
    )
    with pytest.raises(SystemExit) as end:
        cli.main()
    out.flush()
    said = out.buffer.getvalue().decode(encoding)
    assert not end.value.code, said
    assert "\x1b[31m" not in said
    if "--json" in options:
        assert len(json.loads(said)["quarantined"]) == 1


def test_two_files_of_one_name_in_two_folders_are_told_apart(
    issued: Path, tmp_path: Path, filled: bytes
) -> None:
    other = fill_in(
        copy_of(issued / "copies", CHAIR), tmp_path / "b" / "x.xlsx", {("6.1", "RAG rating"): "Red"}
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.xlsx").write_bytes(filled)
    found = outcome(issued, tmp_path / "a", tmp_path / "b")
    assert found.taken == TAKEN | {"6.1 rating": "Red"}
    assert found.result
    assert {Path(back.file).parent.name for back in found.result.harvest.returns} == {"a", "b"}
    assert other.name == "x.xlsx"


# --- XML -------------------------------------------------------------------------------------


def _declaring(doctype: bytes) -> Callable[[bytes], bytes]:
    """A part that declares entities, and uses one in the first text there is."""

    def changed(xml: bytes) -> bytes:
        xml = re.sub(rb"^\s*<\?xml[^>]*\?>\s*", b"", xml)
        return doctype + re.sub(rb">([^<>]+)<", rb">&d;\1<", xml, count=1)

    return changed


XLSX_PARTS = [
    ACTIONS,
    "xl/styles.xml",
    "xl/workbook.xml",
    "docProps/core.xml",
    "docProps/custom.xml",
    "_rels/.rels",
]


@pytest.mark.parametrize("doctype", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("part", XLSX_PARTS)
def test_an_xlsx_that_declares_entities_is_refused(
    part: str, doctype: bytes, filled: bytes, came: Came
) -> None:
    found = came(with_parts(filled, {part: _declaring(doctype)}))
    assert found.aside == {"return.xlsx": "return-unreadable"}
    assert "declares a document type" in reasons(found)


@pytest.mark.parametrize("code", ["utf-16", "utf-16-be"])
def test_entities_are_seen_in_whatever_encoding(code: str, filled: bytes, came: Came) -> None:
    def wide(xml: bytes) -> bytes:
        return _declaring(EXTERNAL)(xml).decode().encode(code)

    assert came(with_parts(filled, {ACTIONS: wide})).aside == {"return.xlsx": "return-unreadable"}


def test_entities_in_shared_strings_or_in_a_part_of_an_odd_name_are_refused(
    filled: bytes, came: Came
) -> None:
    strings = EXTERNAL + b"<sst><si><t>&d;</t></si></sst>"
    for name in ("xl/sharedStrings.xml", "xl/odd.part"):
        assert came(with_parts(filled, {name: strings})).aside == {"return.xlsx": "return-unreadable"}


@pytest.mark.parametrize("doctype", [ENTITIES, EXTERNAL])
@pytest.mark.parametrize("part", ["content.xml", "styles.xml", "meta.xml"])
def test_an_ods_that_declares_entities_is_refused(
    part: str, doctype: bytes, converted: dict[str, bytes], came: Came
) -> None:
    found = came(with_parts(converted["ods"], {part: _declaring(doctype)}), "return.ods")
    assert found.aside == {"return.ods": "return-unreadable"}


DEEP = b"<a>" * 100_000 + b"</a>" * 100_000


@pytest.mark.parametrize(
    ("part", "before"),
    [
        (ACTIONS, b"</worksheet>"),
        (ACTIONS, b"</sheetData>"),
        ("xl/workbook.xml", b"</workbook>"),
        ("docProps/custom.xml", b"</Properties>"),
        ("xl/styles.xml", b"</styleSheet>"),
    ],
)
def test_xml_nested_a_hundred_thousand_deep_stops_nothing(
    part: str, before: bytes, filled: bytes, came: Came
) -> None:
    found = came(with_parts(filled, {part: lambda xml: xml.replace(before, DEEP + before)}))
    assert found.aside or found.taken == TAKEN


def test_an_ods_nested_a_hundred_thousand_deep_stops_nothing(converted: dict[str, bytes], came: Came) -> None:
    deep = DEEP.replace(b"a>", b"text:span>")
    changed = with_parts(
        converted["ods"], {"content.xml": lambda xml: xml.replace(b"</text:p>", deep + b"</text:p>", 1)}
    )
    found = came(changed, "return.ods")
    assert found.aside or set(found.taken) <= set(TAKEN)


# --- sheets ----------------------------------------------------------------------------------


def test_a_sheet_that_only_declares_to_be_full_is_read(filled: bytes, came: Came) -> None:
    def full(xml: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>', xml)

    assert came(with_parts(filled, {ACTIONS: full})).taken == TAKEN


def test_one_stray_in_the_last_cell_costs_nothing_that_stands_in_the_rows(filled: bytes, came: Came) -> None:
    found = came(with_cells(filled, row(1_048_576, cell("XFD1048576", "far"))), limits=Limits())
    assert found.taken == TAKEN
    assert found.refused == {"other": ["far"]}
    assert found.codes == {"entry-outside-table"}


def test_a_column_formatted_to_the_last_row_is_read(filled: bytes, came: Came) -> None:
    rows = b"".join(b'<row r="%d"><c r="Z%d" s="2"/></row>' % (n, n) for n in range(100, 1_048_577))
    assert came(with_cells(filled, rows), limits=Limits()).taken == TAKEN


def test_absurd_styles_are_read(filled: bytes, came: Came) -> None:
    def styles(xml: bytes) -> bytes:
        xf, font = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>', b'<font><sz val="11"/></font>'
        xml = xml.replace(b"</cellXfs>", xf * 200_000 + b"</cellXfs>")
        return xml.replace(b"</fonts>", font * 64_000 + b"</fonts>")

    assert came(with_parts(filled, {"xl/styles.xml": styles})).taken == TAKEN


@pytest.mark.parametrize("rows", [9_000, 100_000])
def test_one_shared_text_in_a_hundred_thousand_cells_is_refused(rows: int, filled: bytes, came: Came) -> None:
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>' % (n, n, n)
        for n in range(1, rows + 1)
    )
    limits = Limits(memory_bytes=500_000_000)
    found = came(with_sheet(filled, sheet(cells), texts=b"x" * 1_000_000), limits=limits)
    assert found.aside["return.xlsx"] in ("return-too-large", "return-stopped")


def test_a_sheet_of_spaces_is_refused_by_its_size(filled: bytes, came: Came) -> None:
    def blank(xml: bytes) -> bytes:
        return xml.replace(b"<sheetData>", b" " * 290_000_000 + b"<sheetData>")

    assert came(with_parts(filled, {ACTIONS: blank})).aside == {"return.xlsx": "return-too-large"}


@pytest.mark.parametrize("attribute", [b'<sheetData x="%s">', b'<sheetData><row r="%s"/>'])
def test_a_huge_attribute_stops_nothing(attribute: bytes, filled: bytes, came: Came) -> None:
    huge = attribute % (b"9" * 4_000_000)
    found = came(with_parts(filled, {ACTIONS: lambda xml: xml.replace(b"<sheetData>", huge)}))
    assert found.aside or found.taken == TAKEN


def test_a_workbook_of_thousands_of_tabs_is_refused(filled: bytes, came: Came) -> None:
    found = came(with_sheet(filled, sheet(row(1, cell("A1", "x"))), times=5_000))
    assert found.aside == {"return.xlsx": "return-too-large"}
    assert "5,004 sheets" in reasons(found)


def test_an_ods_that_repeats_one_text_over_the_whole_sheet_is_stopped(
    converted: dict[str, bytes], came: Came
) -> None:
    def repeated(xml: bytes) -> bytes:
        cells = (
            b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            b'office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
            b"</table:table-cell></table:table-row>"
        )
        return xml.replace(b"</table:table>", cells + b"</table:table>", 1)

    assert came(with_parts(converted["ods"], {}), "return.ods").taken == TAKEN
    found = came(with_parts(converted["ods"], {"content.xml": repeated}), "return.ods")
    assert set(found.aside) == {"return.ods"}
    assert not found.taken


def test_a_million_texts_outside_the_rows_are_listed_together_and_the_ratings_taken(
    filled: bytes, came: Came
) -> None:
    columns = [a + b for a in "ABCD" for b in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
    rows = b"".join(row(n, *(cell(f"{one}{n}", "s") for one in columns)) for n in range(1, 9_999))
    found = came(with_sheet(filled, sheet(rows)), limits=Limits())
    assert found.taken == TAKEN
    assert "entries-not-kept" in found.codes
    assert sum(map(len, found.refused["other"])) < 600_000


def test_texts_too_long_to_be_kept_are_counted_and_never_an_empty_refusal(filled: bytes, came: Came) -> None:
    rows = b"".join(row(n, cell(f"A{n}", "x" * 600_000)) for n in range(1, 30))
    found = came(with_sheet(filled, sheet(rows)))
    assert found.taken == TAKEN
    assert "entries-not-kept" in found.codes
    assert found.refused["other"] == ["(and 29 more)"]


@pytest.mark.parametrize("letters", [30_000, 1_000_000])
def test_a_ref_of_any_length_is_refused_and_the_other_rows_taken(
    letters: int, filled: bytes, came: Came
) -> None:
    found = came(with_cells(filled, row(99, cell("A99", "9" * letters), cell("C99", "x"))))
    assert found.taken == TAKEN
    assert "row-unknown" in found.codes
    assert found.result
    assert all(len(one.message) < 1_000 for one in found.result.findings)


@pytest.mark.parametrize("what", ["sheet", "heading", "identity"])
def test_a_name_of_a_megabyte_stops_nothing(what: str, filled: bytes, came: Came) -> None:
    long = b"x" * 1_000_000
    changes: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "sheet": ("xl/workbook.xml", lambda xml: xml.replace(b'name="Actions"', b'name="%s"' % long)),
        "heading": (ACTIONS, lambda xml: xml.replace(b"<t>Commentary</t>", b"<t>%s</t>" % long)),
        "identity": ("docProps/custom.xml", lambda xml: xml.replace(b"2016-17 Q2", long)),
    }
    part, change = changes[what]
    found = came(with_parts(filled, {part: change}))
    assert found.aside or "Amber" in (*found.taken.values(), *found.proposed.values())
    assert found.result
    assert all(len(one.message) < 1_000 for one in found.result.findings)


def test_thousands_of_rows_of_one_unknown_ref_take_no_time_to_speak_of(filled: bytes, came: Came) -> None:
    rows = (row(n, cell(f"A{n}", "9.9"), cell(f"C{n}", f"Amber {n}")) for n in range(100, 6_000))
    start = time.monotonic()
    found = came(with_cells(filled, b"".join(rows)))
    assert time.monotonic() - start < 20
    assert found.taken == TAKEN


def test_headings_made_to_be_compared_take_no_time_to_speak_of(filled: bytes, came: Came) -> None:
    columns = [a + b for a in "ABCDEFG" for b in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
    rows = b"".join(
        row(
            n,
            cell(f"A{n}", "Ref"),
            cell(f"B{n}", "RAG rating"),
            *(cell(f"{one}{n}", f"Evidenec of {n * 200 + i}mp") for i, one in enumerate(columns)),
        )
        for n in range(1, 199)
    )
    start = time.monotonic()
    found = came(with_sheet(filled, sheet(rows), times=6), limits=Limits())
    assert time.monotonic() - start < 30
    assert found.taken == TAKEN


# --- damage ----------------------------------------------------------------------------------

_ABLE = {"6.3 rating": {"Amber"}, "6.3 commentary": {"Going well"}, "6.3.1 status": {"Complete"}}


def _is_right(found: Outcome) -> bool:
    """Whether whatever is taken for certain is what the officer wrote."""
    return all(found.taken[name] in _ABLE.get(name, ()) for name in found.taken)


@pytest.fixture(scope="module")
def damageable(converted: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    attached = {"name": "return.xlsx", "base64": base64.b64encode(converted["xlsx"]).decode()}
    spec = {"subject": "x", "sender": {"name": "A", "email": "a@example.org"}, "attachments": [attached]}
    to = as_msg(spec, tmp_path_factory.mktemp("msg") / "return.msg")
    return converted | {"msg": to.read_bytes()}


FORMS = ["xlsx", "ods", "xls", "csv", "zip", "eml", "msg"]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_short_is_set_aside_or_says_nothing_wrong(
    form: str, damageable: dict[str, bytes], issued: Path, tmp_path: Path
) -> None:
    data = damageable[form]
    for twentieth in range(20):
        (tmp_path / f"{twentieth:02}.{form}").write_bytes(data[: len(data) * twentieth // 20])
    found = outcome(issued, tmp_path, limits=TIGHT)
    assert _is_right(found), found.taken
    if form in ("xlsx", "ods", "zip", "eml"):
        assert not found.taken


@pytest.mark.parametrize("form", ["xlsx", "ods", "zip"])
def test_a_flipped_bit_in_a_packed_part_is_caught(
    form: str, damageable: dict[str, bytes], issued: Path, tmp_path: Path
) -> None:
    chance = random.Random(1)
    with zipfile.ZipFile(io.BytesIO(damageable[form])) as archive:
        infos = [info for info in archive.infolist() if info.compress_size > 100]
    for number in range(40):
        info = chance.choice(infos)
        data = bytearray(damageable[form])
        start = info.header_offset + 30 + sum(struct.unpack_from("<HH", data, info.header_offset + 26))
        data[start + chance.randrange(info.compress_size - 4)] ^= 1 << chance.randrange(8)
        (tmp_path / f"{number}.{form}").write_bytes(data)
    found = outcome(issued, tmp_path, limits=TIGHT)
    assert not found.taken
    assert len(found.aside) == (40 if form != "zip" else 1)


@pytest.mark.parametrize("form", ["xlsx", "zip", "eml"])
def test_flipped_bits_anywhere_never_make_a_wrong_value(
    form: str, damageable: dict[str, bytes], issued: Path, tmp_path: Path
) -> None:
    chance = random.Random(2)
    for number in range(60):
        data = bytearray(damageable[form])
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / f"{number}.{form}").write_bytes(data)
    found = outcome(issued, tmp_path, limits=TIGHT)
    assert _is_right(found), found.taken


@pytest.mark.parametrize("ending", ["xls", "xlsb", "ods", "csv", "pdf", "docx", "zip", "msg", "eml", ""])
def test_a_wrong_ending_is_seen_through_and_said(ending: str, filled: bytes, came: Came) -> None:
    found = came(filled, f"return.{ending}" if ending else "return")
    assert found.taken == TAKEN
    assert found.codes <= {"return-kind"}


def test_an_empty_file_is_set_aside(came: Came) -> None:
    assert came(b"").aside == {"return.xlsx": "return-unreadable"}


# --- what is no file -------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, filled: bytes) -> Path:
    """A folder with one return in it."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "good.xlsx").write_bytes(filled)
    return tmp_path / "place"


def _link(path: Path, to: Path) -> None:
    try:
        path.symlink_to(to)
    except OSError:
        pytest.skip("this system makes no links")


def test_links_in_a_folder_are_listed_and_not_followed(issued: Path, place: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.xlsx").write_bytes(b"junk")
    _link(place / "file.xlsx", tmp_path / "elsewhere" / "secret.xlsx")
    _link(place / "folder", tmp_path / "elsewhere")
    _link(place / "loop", place)
    _link(place / "self", place / "self")
    found = outcome(issued, place)
    assert found.taken == TAKEN
    assert found.aside == dict.fromkeys(("file.xlsx", "folder", "loop", "self"), "return-link")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("named", [False, True])
def test_a_pipe_is_set_aside_and_not_waited_for(named: bool, issued: Path, place: Path) -> None:
    os.mkfifo(place / "pipe.xlsx")
    found = outcome(issued, *([place / "pipe.xlsx", place / "good.xlsx"] if named else [place]))
    assert found.taken == TAKEN
    assert found.aside == {"pipe.xlsx": "return-unreadable"}


@pytest.fixture
def deep(place: Path) -> Iterator[Path]:
    """The lowest of a thousand folders one in the other, taken away again: pytest cannot."""
    folder = place
    try:
        for _ in range(1_200):
            folder = folder / "d"
            folder.mkdir()
        yield folder
    except OSError:
        pytest.skip("this system has no such paths")
    finally:
        while folder != place:
            for file in folder.glob("*.*"):
                file.unlink()
            folder.rmdir()
            folder = folder.parent


def test_folders_nested_a_thousand_deep_are_searched(issued: Path, place: Path, deep: Path) -> None:
    (deep / "bad.xlsx").write_bytes(b"\0junk")
    found = outcome(issued, place)
    assert found.taken == TAKEN
    assert found.aside == {"bad.xlsx": "return-unreadable"}


def test_a_file_that_goes_on_changing_is_set_aside(
    issued: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = place / "bad.csv"
    bad.write_bytes(b"a,b,c\n")
    opened = Path.open

    def growing(path: Path, mode: str = "r", **options: Any) -> Any:
        if path == bad and mode == "rb":
            with opened(path, "ab") as file:
                file.write(b"d,e,f\n")
        return opened(path, mode, **options)

    monkeypatch.setattr(Path, "open", growing)
    found = outcome(issued, place)
    assert found.taken == TAKEN
    assert found.aside == {"bad.csv": "return-changing"}


def test_a_file_and_a_folder_that_may_not_be_read_are_set_aside(
    issued: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "mine.xlsx").write_bytes(b"junk")
    (place / "closed").mkdir()
    opened, listed = Path.open, os.scandir

    def open_(path: Path, *args: object, **options: object) -> object:
        if path.name == "mine.xlsx":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **options)  # type: ignore[call-overload]

    def scandir(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "open", open_)
    monkeypatch.setattr("lscb_workbook.returns.finding.os.scandir", scandir)
    found = outcome(issued, place)
    assert found.taken == TAKEN
    assert found.aside == {"mine.xlsx": "return-unreadable", "closed": "return-unreadable"}


def test_a_file_that_goes_while_the_folder_is_listed_stops_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = place / "gone.xlsx"
    gone.write_bytes(b"x")
    looked = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path.name == "gone.xlsx":
            raise FileNotFoundError(2, "No such file or directory")
        return looked(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    found = returned_files([place])
    assert [path.name for path in found.files] == ["good.xlsx"]
    assert [(path.name, error.code) for path, error in found.faults] == [("gone.xlsx", "return-unreadable")]


def test_a_place_that_is_not_there_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="There is no file or folder"):
        returned_files([tmp_path / ("x" * 5000)])


def test_ten_thousand_files_of_junk_are_got_through(issued: Path, place: Path) -> None:
    for number in range(10_000):
        (place / f"{number}.dat").write_bytes(b"\0junk %d" % number)
    start = time.monotonic()
    found = outcome(issued, place)
    assert time.monotonic() - start < 60
    assert found.taken == TAKEN
    assert len(found.aside) == 10_000


# --- passwords -------------------------------------------------------------------------------


def test_a_password_that_takes_for_ever_to_try_is_given_up(filled: bytes, came: Came) -> None:
    protected = io.BytesIO()
    OOXMLFile(io.BytesIO(filled)).encrypt("secret", protected)
    data = protected.getvalue()
    rounds = re.search(rb'spinCount="(\d+)"', data)
    assert rounds
    slow = data.replace(rounds[0], b'spinCount="%s"' % b"9".ljust(len(rounds[1]), b"9"))
    assert msoffcrypto.OfficeFile(io.BytesIO(slow)).is_encrypted()
    found = came(slow, limits=Limits(seconds=0.5))
    assert found.aside == {"return.xlsx": "return-stopped"}


# --- merging ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "first", "second"),
    [
        ("\n" * 16_000, "x" + "\n" * 15_999, "\n" * 15_999 + "y"),
        ("\n" * 16_000, "a\n" * 8_000, "\n" * 8_000 + "b\n" * 8_000),
        ("a\nb\n" * 8_000, "b\na\n" * 8_000, "b\n" * 16_000),
        ("a\n" * 16_000, "\n".join(map(str, range(6_000))), "\n".join(map(str, range(6_000, 1, -1)))),
    ],
)
def test_texts_of_thousands_of_lines_are_combined_without_a_stall(base: str, first: str, second: str) -> None:
    start = time.monotonic()
    text = combined(base, [Contribution("Ann", first), Contribution("Bo", second)])
    assert time.monotonic() - start < 2
    assert all(line in text for line in {*first.split("\n"), *second.split("\n")})


# --- all of them -----------------------------------------------------------------------------


def test_no_hostile_file_stops_the_others(
    issued: Path, tmp_path: Path, filled: bytes, damageable: dict[str, bytes]
) -> None:
    copies = sorted((issued / "copies").iterdir())
    assert len(copies) == 12
    place = tmp_path / "all"
    for number, copy in enumerate(copies):
        first = str(load_workbook(copy)["Actions"].cell(COPY_TABLES["MyActions"].row + 1, 1).value)
        fill_in(copy, place / f"{number:02} good.xlsx", {(first, "Commentary"): f"said {number}"})
    hostile = {
        "00 bomb.zip": kernel_bomb(".csv", 1000, 1_000_000),
        "01 bomb.xlsx": with_parts(filled, {"xl/media/image1.png": bytes(60_000_000)}),
        "02 entities.xlsx": with_parts(filled, {ACTIONS: _declaring(ENTITIES)}),
        "03 external.xlsx": with_parts(filled, {"docProps/core.xml": _declaring(EXTERNAL)}),
        "04 tabs.xlsx": with_sheet(filled, sheet(row(1, cell("A1", "x"))), times=5_000),
        "05 cut.xlsx": filled[:9_000],
        "06 cut.ods": damageable["ods"][:9_000],
        "07 empty.xlsx": b"",
        "08 junk.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000),
        "09 word.docx": zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
        "10 paper.pdf": b"%PDF-1.7",
        "11 text.xlsx": b"\0\1\2\3",
    }
    for name, data in hostile.items():
        (place / name).write_bytes(data)
    start = time.monotonic()
    found = outcome(issued, place, limits=TIGHT)
    assert time.monotonic() - start < 60
    assert found.result
    said = [[edit.returned for edit in back.sure] for back in found.result.harvest.returns]
    assert said == [[f"said {number}"] for number in range(12)]
    assert set(found.aside) == set(hostile)
    assert set(parts(filled)) >= set(XLSX_PARTS)
