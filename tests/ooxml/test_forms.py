"""A form is filled as the workbook itself would be: the same cells, heights, ranges, names and properties."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from lscb_workbook.copies import COPY_TEMPLATE
from lscb_workbook.ooxml import Form, PackageError, Value, Workbook, gap

TEXTS = st.one_of(
    st.none(),
    st.just("=1+1 & <b> 'x' \"y\""),
    st.just("  kept  \n\t"),
    st.just("_x0041_ \x07"),
    st.text(max_size=60),
    st.text("ab c\n", max_size=400),
)
VALUES = st.one_of(TEXTS, st.integers(-5, 10**6), st.dates(date(1999, 1, 1), date(2030, 1, 1)))


def drawn(below: str = "", *, blank: bool = True) -> Workbook:
    """A sheet with a table of three columns, one wrapped, that ends a drop-down, a rule and a name."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("It's one")
        sheet.set_column("B:B", 30)
        wrapped = book.add_format({"text_wrap": True, "bold": True})
        sheet.write_string("A1", "head")
        headings = [{"header": name} for name in ("Key", "Words", "Day")]
        sheet.add_table("A3:C4", {"name": "Rows", "columns": headings})
        sheet.write_blank("A4", None, wrapped)
        if blank:
            sheet.write_blank("B4", None, wrapped)
        else:
            sheet.write_string("B4", "there already", wrapped)
        sheet.write_blank("C4", None, book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.data_validation("C4", {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format("A4:C4", {"type": "no_blanks", "format": wrapped})
        book.define_name("Whole", "='It''s one'!$A$4:$C$4")
        book.define_name("Head", "='It''s one'!$A$1")
        if below:
            sheet.write_string(below, "a note")
        book.set_properties({"created": datetime(2016, 9, 1)})
    return Workbook.open(raw.getvalue())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def comparable(data: bytes) -> dict[str, bytes]:
    """The parts, without what makes no difference: how far a row's cells reach, ``C4:C4`` for ``C4``, blanks
    that are to be kept where there are none."""
    made = {}
    for name, part in parts(data).items():
        part = re.sub(rb'\s(?:spans|x14ac:dyDescent)="[^"]*"', b"", part)
        part = re.sub(rb'sqref="(\w+):\1"', rb'sqref="\1"', part)
        made[name] = re.sub(rb'<t xml:space="preserve">(?=[^\s<](?:[^<]*[^\s<])?<)', b"<t>", part)
    return made


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, VALUES), max_size=6), TEXTS, st.booleans())
def test_a_form_makes_what_appending_makes(
    said: list[tuple[Value, Value, Value]], head: str | None, blank: bool
) -> None:
    rows = [dict(zip(("Key", "Words", "Day"), line, strict=True)) for line in said]
    plain = drawn(blank=blank)
    plain.set_name("Head", head or "x")
    plain.set_properties({"ours": head or "x"})
    if rows or not blank:
        plain.append("Rows", rows)
    else:
        plain.fill("Rows", rows)
    book = drawn(blank=blank)
    book.set_name("Head", gap("head"))
    book.set_properties({"ours": gap("head")})
    form = Form(book, ["Rows"])
    lines = {"Rows": [form.line("Rows", row) for row in rows]}
    made = form.filled(lines, {"head": head or "x"})
    assert comparable(made) == comparable(plain.to_bytes())
    assert form.filled(lines, {"head": head or "x"}) == made


def test_a_form_is_refused_where_something_stands_below_its_table() -> None:
    with pytest.raises(PackageError, match=r"Below the table 'Rows' on the sheet 'It's one'.* is E9\. Move"):
        Form(drawn("E9"), ["Rows"])


def test_what_is_left_out_is_not_left_open() -> None:
    book = drawn()
    book.set_name("Head", gap("head"))
    form = Form(book, ["Rows"])
    with pytest.raises(KeyError):
        form.filled({"Rows": []}, {})
    with pytest.raises(KeyError):
        form.filled({}, {"head": "x"})


def test_a_text_that_no_cell_holds_is_refused() -> None:
    form = Form(drawn(), ["Rows"])
    with pytest.raises(PackageError, match="The text for 'Key' in the table 'Rows' is longer"):
        form.line("Rows", {"Key": "x" * 32_768})


def test_a_form_leaves_every_other_member_compressed_as_it_was() -> None:
    book = Workbook.open(COPY_TEMPLATE)
    form = Form(book, ["MyActions"])
    made = form.filled({"MyActions": [form.line("MyActions", {"Ref": "1.1"})]}, {})
    before, after = parts(COPY_TEMPLATE.read_bytes()), parts(made)
    assert before.keys() == after.keys()
    same = {name for name in before if before[name] == after[name]}
    assert {"xl/styles.xml", "xl/theme/theme1.xml", "docProps/app.xml"} <= same
