"""What a returned .xlsx carries beside its values: notes, formulas, errors, fills, merged areas, shapes.

Read from the parts themselves, in one pass over each: a library that loads the whole workbook makes a
cell of every cell of a merged area, and gives up where one colour or style is odd. What lies beside a
sheet (styles, notes, drawings) and cannot be understood makes the sheet ``unread``; it fails nothing.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lscb_workbook.ooxml import PackageError
from lscb_workbook.ooxml.addresses import address, parse_area
from lscb_workbook.ooxml.package import Package
from lscb_workbook.ooxml.relationships import Relationship, parsed, relationships
from lscb_workbook.ooxml.values import read_text
from lscb_workbook.returns.files.opened import Marks, Merged, Spot, UnreadableError
from lscb_workbook.returns.files.tints import WHITE, tinted
from lscb_workbook.tracker.cells import text_of

__all__ = ["fills_of_package", "marks_of_package", "own_words"]

_ODD = (ElementTree.ParseError, LookupError, ValueError)
_FALLBACK = re.compile(r"\[Threaded comment\].*?Comment:\s*", re.S)
_MAX_FORMULA = 1_000
"""A longer formula that cells share is given to each as it stands: moving references takes its time."""


def marks_of_package(data: bytes, known_fills: frozenset[str]) -> dict[str, Marks]:
    """The marks of an .xlsx or .xlsm by sheet, those that have any. Raises UnreadableError.

    ``known_fills`` are the colours (RRGGBB) that cells have as issued.
    """
    try:
        return _marks(Package.open(data), known_fills)
    except PackageError as error:
        raise UnreadableError("return-unreadable", str(error).rstrip(".")) from error
    except Exception as error:  # whatever a damaged file makes a reader do, it is one file's fault
        raise UnreadableError("return-unreadable", f"it is damaged ({error})") from error


def fills_of_package(data: bytes) -> frozenset[str]:
    """The colours of the solid fills that a workbook's cells have.

    Raises PackageError.
    """
    package = Package.open(data)
    _, links = _workbook(package)
    try:
        fills = _fills(package.read(links["styles"]), _theme(package, links))
    except _ODD as error:
        raise PackageError("It is damaged: its styles cannot be read.") from error
    return frozenset(rgb for rgb in fills if rgb)


def own_words(note: str) -> str:
    """A note without what Excel writes before a threaded comment for programs that know only notes."""
    match = _FALLBACK.match(note)
    return note[match.end() :].strip() if match else note


# --- the workbook ----------------------------------------------------------------------------


def _marks(package: Package, known_fills: frozenset[str]) -> dict[str, Marks]:
    sheets, links = _workbook(package)
    fills: list[str | None] = []
    odd = False
    try:
        if "styles" in links:
            fills = _fills(package.read(links["styles"]), _theme(package, links))
    except _ODD:
        odd = True
    own = known_fills | {WHITE}
    painted = {str(number): rgb for number, rgb in enumerate(fills) if rgb and rgb not in own}
    found: dict[str, Marks] = {}
    seen: set[str] = set()
    for name, part in sheets:
        beside = [one for one in relationships(package, part) if one.target in package]
        fresh = {one.target: one for one in beside if one.target not in seen}
        seen |= {part, *fresh}
        marks = _beside(package, tuple(fresh.values()), _cells(package.read(part), painted))
        found[name] = replace(marks, unread=marks.unread or odd)
    return {name: marks for name, marks in found.items() if marks != Marks()}


def _workbook(package: Package) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The worksheets' names and parts, each part once, and the workbook's other parts by kind."""
    root = next((one.target for one in relationships(package, "") if one.kind == "officeDocument"), "")
    links = {one.id: one for one in relationships(package, root) if one.target in package}
    sheets: dict[str, str] = {}
    for element in parsed(package.read(root), root).iter():
        if _local(element) == "sheet":
            id_ = next((value for key, value in element.items() if key.endswith("}id")), "")
            if id_ in links and links[id_].kind == "worksheet":
                sheets.setdefault(links[id_].target, element.get("name", ""))
    return [(name, part) for part, name in sheets.items()], {one.kind: one.target for one in links.values()}


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: Element | None, name: str) -> Element | None:
    """The first child of this name, whatever its namespace."""
    return next((child for child in _within(element) if _local(child) == name), None)


def _within(element: Element | None, *path: str) -> list[Element]:
    """What is in an element, or in the one that this path of names leads to."""
    for name in path:
        element = _child(element, name)
    return [] if element is None else [*element]


# --- fills -----------------------------------------------------------------------------------


def _fills(styles: bytes, theme: Sequence[str]) -> list[str | None]:
    """The solid fill of each cell format, None where it has none."""
    tree = ElementTree.fromstring(styles)
    palette = [one.get("rgb", "") for one in _within(tree, "colors", "indexedColors")]

    def colour(element: Element | None) -> str | None:
        if element is None or element.get("auto"):
            return None
        if "theme" in element.attrib:
            rgb = tinted(theme[int(element.get("theme", ""))], float(element.get("tint", "0")))
        elif "indexed" in element.attrib:
            number = int(element.get("indexed", ""))
            if number >= 64:  # the system's own
                return None
            rgb = (palette or _indexed_colours())[number][-6:]
        else:
            rgb = element.get("rgb", "")[-6:]
        if len(bytes.fromhex(rgb)) not in (0, 3):
            raise ValueError(rgb)
        return rgb.upper() or None

    patterns = [_child(fill, "patternFill") for fill in _within(tree, "fills")]
    solid = [one if one is not None and one.get("patternType") == "solid" else None for one in patterns]
    fills = [colour(_child(one, "fgColor")) for one in solid]
    return [fills[int(xf.get("fillId", "0"))] for xf in _within(tree, "cellXfs")]


def _indexed_colours() -> Sequence[str]:
    """The colours that a workbook has which names none of its own."""
    from openpyxl.styles.colors import COLOR_INDEX  # slow to load, and seldom needed

    return COLOR_INDEX[:64]


def _theme(package: Package, links: Mapping[str, str]) -> list[str]:
    """The theme's colours in the order that cells count them: light before dark."""
    if "theme" not in links:
        return []
    tree = ElementTree.fromstring(package.read(links["theme"]))
    named = [one for scheme in tree.iter() if _local(scheme) == "clrScheme" for one in scheme]
    colours = [one[0].get("lastClr", one[0].get("val", "")) for one in named if len(one)]
    return [colours[n] for n in (1, 0, 3, 2)] + colours[4:] if len(colours) > 3 else colours


# --- a sheet ---------------------------------------------------------------------------------


def _cells(data: bytes, painted: Mapping[str, str]) -> Marks:
    """The marks of a worksheet's own part. ``painted`` are the colours of cell formats, by number."""
    formulas: dict[Spot, str] = {}
    errors: dict[Spot, str] = {}
    fills: dict[Spot, str] = {}
    merged: list[Merged] = []
    shared: dict[str, tuple[str, str]] = {}
    row = column = 0
    for event, element in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):
        name = _local(element)
        if event == "start":
            if name == "row":
                row, column = int(element.get("r", row + 1)), 0
        elif name == "c":
            spot = _spot(element.get("r", "")) or Spot(row, column + 1)
            column = spot.column
            if element.get("s") in painted:
                fills[spot] = painted[element.get("s", "")]
            if (formula := _child(element, "f")) is not None:
                formulas[spot] = "=" + _formula(formula, spot, shared)
            value = _child(element, "v") if element.get("t") == "e" else None
            if value is not None and value.text:
                errors[spot] = value.text
        elif name == "row":
            element.clear()
        elif name == "mergeCell" and (area := parse_area(element.get("ref", ""))):
            merged.append(Merged(*area))
    return Marks(formulas=formulas, errors=errors, fills=fills, merged=tuple(merged))


def _spot(ref: str) -> Spot | None:
    area = parse_area(ref)
    return Spot(area.first_row, area.first_column) if area else None


def _formula(element: Element, spot: Spot, shared: dict[str, tuple[str, str]]) -> str:
    """A formula without its ``=``; where it shares another cell's, that one's with its references moved."""
    text = element.text or ""
    if element.get("t") != "shared":
        return text
    group, here = element.get("si", ""), address(*spot)
    if text:
        shared[group] = (text, here)
    first, origin = shared.get(group, (text, here))
    if text or not first or len(first) > _MAX_FORMULA:
        return first
    from openpyxl.formula.tokenizer import TokenizerError  # slow to load, and seldom needed
    from openpyxl.formula.translate import Translator, TranslatorError

    try:
        return str(Translator(f"={first}", origin).translate_formula(here))[1:]
    except (TokenizerError, TranslatorError, *_ODD):
        return first


def _beside(package: Package, links: Sequence[Relationship], marks: Marks) -> Marks:
    """The marks with what the parts beside the sheet add. Raises PackageError where one is damaged."""
    parts = [(one.kind, package.read(one.target)) for one in links]
    try:
        shapes, pictures = _drawn([part for kind, part in parts if kind == "drawing"])
        threads = _threads([part for kind, part in parts if kind == "threadedComment"])
        notes = _notes([part for kind, part in parts if kind == "comments"], threads)
    except _ODD:
        return replace(marks, unread=True)
    return replace(marks, notes=notes, shapes=shapes, pictures=pictures)


def _threads(parts: Sequence[bytes]) -> dict[Spot, str]:
    """The threaded comments, each with its replies."""
    said: defaultdict[Spot, list[str]] = defaultdict(list)
    for part in parts:
        for element in ElementTree.fromstring(part):
            text = _child(element, "text")
            spot = _spot(element.get("ref", ""))
            if spot and text is not None and text.text:
                said[spot].append(text_of(read_text(text.text)))
    return {spot: "\n".join(texts) for spot, texts in said.items()}


def _notes(parts: Sequence[bytes], threads: Mapping[Spot, str]) -> dict[Spot, str]:
    """The threads, and the notes that are not just what stands in for a thread."""
    notes = dict(threads)
    for part in parts:
        tree = ElementTree.fromstring(part)
        authors = [author.text or "" for author in _within(tree, "authors")]
        for comment in _within(tree, "commentList"):
            spot = _spot(comment.get("ref", ""))
            runs = [one if _local(one) == "t" else _child(one, "t") for one in _within(comment, "text")]
            text = text_of(read_text("".join(run.text or "" for run in runs if run is not None)))
            of_thread = authors[int(comment.get("authorId", "0"))].startswith("tc=") if authors else False
            if not spot or not text or (spot in threads and (of_thread or _FALLBACK.match(text))):
                continue
            notes[spot] = f"{notes[spot]}\n{own_words(text)}" if spot in threads else own_words(text)
    return notes


def _drawn(parts: Sequence[bytes]) -> tuple[tuple[str, ...], int]:
    """The texts of shapes, and how many pictures there are. Form controls and fallbacks do not count."""
    shapes: list[str] = []
    pictures = fallbacks = 0
    for part in parts:
        text: list[str] = []
        control = False
        for event, element in ElementTree.iterparse(io.BytesIO(part), ("start", "end")):
            name = _local(element)
            if name == "Fallback":
                fallbacks += 1 if event == "start" else -1
            elif fallbacks:
                continue
            elif event == "start":
                if name == "sp":
                    text, control = [], False
            elif name == "t":
                text.append(element.text or "")
            elif name in ("p", "br"):
                text.append("\n")
            elif name == "compatExt":
                control = True
            elif name == "pic":
                pictures += 1
            elif name == "sp" and not control and (said := text_of("".join(text))):
                shapes.append(said)
    return tuple(shapes), pictures
