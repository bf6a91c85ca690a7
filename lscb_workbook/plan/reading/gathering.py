"""The rows of a source gathered into actions, priorities and a RAG key; what belongs to none is kept aside.

Nothing is thrown away: a row is part of an action, the heading of a priority, part of the key, a repeated
heading, a page number, a second rendering of what was read before, or it is left over, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lscb_workbook.plan.officers import officer_key
from lscb_workbook.plan.reading.banners import BANNER, Vocabulary
from lscb_workbook.plan.reading.columns import asked_columns, columns_of, is_rating, is_ref
from lscb_workbook.plan.reading.found import FoundAction, FoundPriority, Gathered, Part
from lscb_workbook.plan.reading.headings import Role, heading_roles
from lscb_workbook.plan.reading.keys import is_key_heading, is_key_row
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable
from lscb_workbook.plan.reading.wording import one_line, words
from lscb_workbook.plan.records import PlanYear

__all__ = ["gather"]

_PAGE = re.compile(r"(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_REF_AHEAD = re.compile(r"^(?P<ref>\d{1,2}\.\d{1,2}[a-z]?)[.)]?\s+(?=[A-Z])")
_ENDS = re.compile(r"[.;:!?)\]]\s*$")
_REPEATED = 0.75
_LONG = 40


def gather(source: Source, year: PlanYear, asked: Mapping[Role, str]) -> Gathered:
    """The rows of the tables of a source, in their order. ``asked`` is what a person said of the columns."""
    gathering = _Gathering(source, year, asked)
    for table in source.tables:
        gathering.read(table)
    return gathering.found


class _Gathering:
    """The reading of one source from its first row to its last: what stands above explains what follows."""

    def __init__(self, source: Source, year: PlanYear, asked: Mapping[Role, str]) -> None:
        self.found = Gathered()
        self._year, self._asked = year, asked
        self._roles: dict[int, Role] = {}
        self._headed: dict[int, Role] = {}
        self._headings: tuple[str, ...] = ()
        self._width = self._wide = 0  # of this table, and of the one whose columns are known
        self._vocabulary = Vocabulary(source)

    def read(self, table: SourceTable) -> None:
        rows = [row for row in table.rows if row.filled]
        if self._is_key(rows):
            self.found.key += rows
            return
        self._headed_by(table.heading)
        self._width = max((len(row.cells) for row in rows), default=0)
        ready = self._fits()
        first, in_key, seen = True, False, False
        for at, row in enumerate(rows):
            in_key = is_key_heading(row.cells) or (in_key and self._goes_on_with_key(row))
            if in_key:
                self.found.key.append(row)
            elif (headed := self._heads(row)) is not None:
                self.found.headings.append(row)
                self._headed, self._headings = headed, row.cells
                ready, first = self._choose(rows[at + 1 :], again=False), True
            elif ready or (not seen and self._choose(rows[at:], again=True)):
                self._row(row, first)
                ready, first = True, False
            else:
                self.found.left_over.append(row)
                seen = row.filled != row.filled[:1]  # lone cells may be a title above the table

    def _heads(self, row: SourceRow) -> dict[int, Role] | None:
        """The roles that a row of headings gives to columns, None where it is none. A row that has every
        heading a person named is one, whatever else it says."""
        headed = heading_roles(row.cells)
        if headed is not None:
            return headed
        named = {column.casefold() for column in self._asked.values() if not column.isdigit()}
        return {} if named and named <= {one_line(cell).casefold() for cell in row.cells} else None

    def _goes_on_with_key(self, row: SourceRow) -> bool:
        return is_key_row(row.cells) or not row.cells[0].strip()

    def _fits(self) -> bool:
        """Whether a table without headings is taken to go on with the one before: it is as wide."""
        return bool(self._roles) and self._width == self._wide

    def _is_key(self, rows: Sequence[SourceRow]) -> bool:
        if not rows:
            return False
        if is_key_heading(rows[0].cells):
            return all(is_key_row(row.cells) or not row.cells[0].strip() for row in rows[1:])
        keyed = [row for row in rows if is_key_row(row.cells)]
        return len(keyed) >= 3 and len(keyed) == len(rows)

    def _choose(self, rows: Sequence[SourceRow], *, again: bool) -> bool:
        """Learn what the columns hold, up to the next row of headings; False where no action can be seen."""
        body: list[SourceRow] = []
        for row in rows:
            if self._heads(row) is not None:
                break
            if not self._is_banner(row):
                body.append(row)
        headed = {} if again else self._headed
        asked = asked_columns(self._asked, self._headings)
        roles = columns_of(headed, [row.cells for row in body], self._year, asked)
        kinds = set(roles.values())
        if (
            again
            and not asked
            and not (Role.TEXT in kinds and kinds & {Role.LEAD, Role.WHEN, Role.RATING, Role.REF})
        ):
            return False
        if again and not asked and len(kinds) < 3:
            return False
        self._roles, self._wide = roles, self._width
        names = ", ".join(f"{at + 1} {role}" for at, role in roles.items())
        where = rows[0].place if rows else ""
        self.found.columns.append(f"{where}: {names}")
        if again and not asked:
            self.found.unheaded.append(
                f"the columns have no known headings, and are taken to be {names} ({where})"
            )
        return True

    def _row(self, row: SourceRow, first: bool) -> None:
        filled = row.filled
        if not any(words(cell) for cell in filled):
            self.found.pages.append(row)  # nothing but signs
            return
        cells = self._cells(row)
        ref = cells.get(Role.REF, "").strip()
        if is_rating(ref) and not is_ref(ref):
            ref = ""
        if not (is_ref(ref) and len(filled) > 1):
            if len(filled) == 1 and _PAGE.fullmatch(filled[0].strip()) and not is_ref_alone(filled[0]):
                self.found.pages.append(row)
                return
            if self._is_repeat(row):
                self.found.repeats.append((row, len(self.found.actions) - 1))
                return
            if self._banner(row):
                return
        text = cells.get(Role.TEXT, "")
        if not ref and Role.REF not in self._roles.values() and (ahead := _REF_AHEAD.match(text.strip())):
            ref = ahead["ref"]
            cells = {**cells, Role.TEXT: text.strip()[ahead.end() :]}
        elif ref and not is_ref(ref) and (ahead := _REF_AHEAD.match(ref)) and not text.strip():
            cells = {**cells, Role.REF: ahead["ref"], Role.TEXT: ref[ahead.end() :]}
            ref = ahead["ref"]
        above = self.found.actions[-1] if self.found.actions else None
        if ref and is_ref(ref):
            ref = ref.rstrip(".):")
            if above and above.ref == ref and (row.new_page or first):
                above.parts.append(Part(row, cells, True))
                return
            self.found.actions.append(FoundAction(ref, self._priority(cells), [Part(row, cells)]))
            return
        self._without_ref(row, cells, first, above)

    def _without_ref(
        self, row: SourceRow, cells: Mapping[Role, str], first: bool, above: FoundAction | None
    ) -> None:
        top = first or row.new_page
        text = one_line(cells.get(Role.TEXT, ""))
        if above and text and top and self._goes_on(above, text) and Role.REF in self._roles.values():
            above.parts.append(Part(row, cells, True))
        elif text and (above is None or self._begins(cells, text)):
            self.found.actions.append(FoundAction("", self._priority(cells), [Part(row, cells)]))
        elif above is None:
            self.found.left_over.append(row)
        else:
            above.parts.append(Part(row, cells, top))

    def _begins(self, cells: Mapping[Role, str], text: str) -> bool:
        """Whether a row without a ref is an action of its own rather than more of the one above."""
        if Role.REF not in self._roles.values():
            return True
        others = [
            role
            for role in (Role.LEAD, Role.MILESTONES, Role.WHEN, Role.MEASURES)
            if cells.get(role, "").strip()
        ]
        return len(others) >= 2 or (bool(others) and not text[:1].islower())

    def _goes_on(self, above: FoundAction, text: str) -> bool:
        """Whether the action's own text at the top of a page goes on with that of the page before."""
        return text[:1].islower() or not _ENDS.search(one_line(above.text(Role.TEXT)))

    def _cells(self, row: SourceRow) -> dict[Role, str]:
        """The cells of a row by role; of a role that has several columns, one under the other."""
        cells: dict[Role, str] = {}
        for at, role in self._roles.items():
            if at < len(row.cells) and row.cells[at].strip():
                cells[role] = f"{cells[role]}\n{row.cells[at]}" if role in cells else row.cells[at]
        return cells

    # --- priorities ---

    def _priority(self, cells: Mapping[Role, str]) -> int | None:
        """The priority that a row names in a column of its own, else the last heading's."""
        named = one_line(cells.get(Role.PRIORITY, ""))
        if not named:
            return self.found.priorities[-1].number if self.found.priorities else None
        for known in self.found.priorities:
            if officer_key(known.title) == officer_key(named) or named in (str(known.number), known.title):
                return known.number
        stated = BANNER.match(named) or re.match(r"(?P<number>\d{1,2})\b[\s.:–-]*(?P<title>.*)$", named)
        numbers = [known.number for known in self.found.priorities]
        number = int(stated["number"]) if stated else max(numbers, default=0) + 1
        if stated and number in numbers:
            return number
        title = (stated["title"].strip() if stated else named) or named
        self.found.priorities.append(FoundPriority(number, title, (), False, bool(stated)))
        return number

    def _is_banner(self, row: SourceRow) -> bool:
        return BANNER.match(" ".join(one_line(cell) for cell in row.filled)) is not None

    def _banner(self, row: SourceRow) -> bool:
        """Whether a row is the heading of a priority; it is noted, a title printed twice only once."""
        filled = [one_line(cell) for cell in row.filled]
        pieces = [piece for piece in filled if words(piece)]
        joined = self._vocabulary.mended(pieces)
        stated = BANNER.match(joined)
        alone = len(pieces) == 1
        if stated is None:
            heads = alone and len(words(joined)) >= 2 and not joined[:1].islower()
            if not heads or not (row.spans or (self._in_ref_column(row) and not row.new_page)):
                return False
        numbers = [known.number for known in self.found.priorities]
        number = int(stated["number"]) if stated else max(numbers, default=0) + 1
        title = stated["title"].strip() if stated else joined
        known = next((one for one in self.found.priorities if one.number == number), None)
        same = next(
            (one for one in self.found.priorities if officer_key(one.title) == officer_key(title)), None
        )
        if known and (stated is None or same or not title):
            self.found.headings.append(row)
            return True
        if known:
            return False
        self.found.priorities.append(
            FoundPriority(number, title or joined, (row,), not alone, stated is not None)
        )
        return True

    def _headed_by(self, heading: str) -> None:
        """Note the priority that the text above a table names, unless that has been named before."""
        stated = BANNER.match(one_line(heading))
        if stated is None or len(heading) > 300:
            return
        number, title = int(stated["number"]), stated["title"].strip()
        known = [one.number for one in self.found.priorities]
        if number not in known:
            self.found.priorities.append(FoundPriority(number, title or one_line(heading), ()))
        elif known[-1] != number:  # the actions below are of an earlier priority again
            self.found.priorities.append(self.found.priorities.pop(known.index(number)))

    def _in_ref_column(self, row: SourceRow) -> bool:
        place = next(at for at, cell in enumerate(row.cells) if cell.strip())
        return self._roles.get(place) is Role.REF

    # --- what was read before ---

    def _is_repeat(self, row: SourceRow) -> bool:
        """Whether a row says once more, and worse, what stands in the action above and its priority: the
        action's own text, which a row that merely goes on with it does not have, and little besides."""
        said = words(" ".join(row.cells))
        if len(said) < _LONG or not self.found.actions:
            return False
        above = self.found.actions[-1]
        known = {word for part in above.parts for cell in part.row.cells for word in words(cell)}
        if self.found.priorities:
            known |= set(words(self.found.priorities[-1].title)) | {"priority", "riority"}
        text = words(above.text(Role.TEXT))
        return _share(said, known) >= _REPEATED and _share(text, set(said)) >= _REPEATED


def _share(some: Sequence[str], among: set[str]) -> float:
    return sum(1 for word in some if word in among) / len(some) if some else 0.0


def is_ref_alone(text: str) -> bool:
    """Whether a lone cell is a ref rather than the number of a page."""
    return "." in text and is_ref(text)
