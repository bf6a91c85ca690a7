"""A source as it was found: its tables row by row, each with its place, and the text outside them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Source", "SourceRow", "SourceTable"]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a table. ``place`` is what a person looks for: ``line 42``, ``page 3, row 7``, ``row 12``.

    ``cells`` are as written, lines parted by ``\\n`` where the source has lines of its own. ``new_page`` is
    whether the row is the first of a page, and so may go on with the last row of the page before.
    ``spans`` is whether one cell goes across the whole row, as the headings of priorities do. ``fills`` are
    the colours of the cells by name, ``""`` where a cell has none that a rating could be; none where they
    are not known.
    """

    place: str
    cells: tuple[str, ...]
    new_page: bool = False
    spans: bool = False
    fills: tuple[str, ...] = ()

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold anything."""
        return tuple(cell for cell in self.cells if cell.strip())


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table, or a block of rows set apart. ``place`` is ``""`` or the name of its sheet or page;
    ``heading`` is the text above it that may name the priority of its actions. ``titles`` are the titles that
    it stands under, the widest first, as the document sets them off from its text. ``apart`` is whether it
    never goes on with the table before it, as a sheet does not."""

    rows: tuple[SourceRow, ...]
    place: str = ""
    heading: str = ""
    titles: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """All that a file holds. ``notes`` tell what else is in it, ``doubts`` what a person should compare."""

    name: str
    tables: tuple[SourceTable, ...]
    paragraphs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
