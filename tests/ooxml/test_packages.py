"""Packages: what two have in common is read once, and nothing that differs is taken for the same."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from lscb_workbook.ooxml import PackageError, Workbook
from lscb_workbook.ooxml.package import Package

LONG = "word " * 5_000


def workbook() -> bytes:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        sheet = book.add_worksheet("One")
        sheet.add_table("A1:B3", {"name": "Things", "columns": [{"header": "Name"}, {"header": "Number"}]})
        two = book.add_worksheet("Two")
        for row in range(4):
            two.write_comment(row, 0, LONG)
    return raw.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(data: bytes) -> bytes:
    book = Workbook.open(data)
    book.set_cell("Things", 2, "Name", "new")
    return book.to_bytes()


def test_a_package_opened_like_another_reads_as_it_does_alone() -> None:
    before, after = workbook(), changed(workbook())
    package = Package.open(after, like=Package.open(before))
    assert {name: package.read(name) for name in package.names} == contents(after)
    assert package.to_bytes() == Package.open(after).to_bytes()


def test_only_parts_of_the_same_bytes_are_the_same() -> None:
    before, after = workbook(), changed(workbook())
    old, new = Package.open(before), Package.open(after)
    old_parts, new_parts = contents(before), contents(after)
    same = {name for name in new.names if new.same(name, old)}
    assert same == {name for name in new_parts if new_parts[name] == old_parts[name]}
    assert "xl/worksheets/sheet1.xml" not in same


@pytest.mark.parametrize("written", ["old", "new"])
def test_a_part_that_was_written_since_is_not_the_same(written: str) -> None:
    packages = {"old": Package.open(workbook()), "new": Package.open(workbook())}
    part = "xl/styles.xml"
    assert packages["new"].same(part, packages["old"])
    packages[written].replace(part, packages[written].read(part))
    assert not packages["new"].same(part, packages["old"])


def test_what_was_written_in_the_other_package_since_is_not_read_here() -> None:
    other = Package.open(workbook())
    other.replace("xl/styles.xml", b"<styleSheet/>")
    package = Package.open(workbook(), like=other)
    assert package.read("xl/styles.xml") == contents(workbook())["xl/styles.xml"]


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/comments1.xml"])
def test_a_damaged_part_is_refused_though_the_other_package_has_it_whole(part: str) -> None:
    whole = workbook()
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        info = package.getinfo(part)
    at = info.header_offset + 30 + len(part) + info.compress_size // 2
    damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
    with pytest.raises(PackageError, match=f"its part {part} cannot be read"):
        Package.open(damaged, like=Package.open(whole)).read(part)


def test_a_part_is_made_into_something_once_in_all_copies_and_likes() -> None:
    asked: list[str] = []

    def length(data: bytes, part: str) -> int:
        asked.append(part)
        return len(data)

    before, after = workbook(), changed(workbook())
    old = Package.open(before)
    new = Package.open(after, like=old)
    for part in ("xl/styles.xml", "xl/worksheets/sheet1.xml"):
        assert old.once(length, part) == old.copy().once(length, part) == len(contents(before)[part])
        assert new.once(length, part) == len(contents(after)[part])
    assert asked == ["xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"]
