"""The texts that the cells of a workbook share."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from lscb_workbook.ooxml.relationships import parsed

__all__ = ["strings"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def strings(data: bytes, part: str) -> tuple[str, ...]:
    """The texts of a shared strings part, in their order. Raises PackageError where it is no XML."""
    items = parsed(data, part).findall(f"{_MAIN}si")
    return tuple("".join(text.text or "" for text in _runs(item)) for item in items)


def _runs(item: Element) -> Iterable[Element]:
    """The elements that hold a shared text's words; how they are read aloud is not among them."""
    yield from item.findall(f"{_MAIN}t")
    yield from item.findall(f"{_MAIN}r/{_MAIN}t")
