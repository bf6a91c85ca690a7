"""The rows of a source gathered into actions, priorities and a RAG key; what belongs to none is kept aside.

Nothing is thrown away: a row is part of an action, the heading of a priority, part of the key, a repeated
heading, a page number, a second rendering of what was read before, or it is left over, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lscb_workbook.plan.deadlines import read_deadline
from lscb_workbook.plan.officers import officer_key
from lscb_workbook.plan.reading.banners import BANNER, Vocabulary, banner_number
from lscb_workbook.plan.reading.columns import asked_columns, columns_of, is_rating, is_ref
from lscb_workbook.plan.reading.found import FoundAction, FoundPriority, Gathered, Part
from lscb_workbook.plan.reading.headings import Role, heading_roles
from lscb_workbook.plan.reading.keys import is_key_heading, is_key_row
from lscb_workbook.plan.reading.offices import looks_like_office
from lscb_workbook.plan.reading.side_by_side import side_by_side
from lscb_workbook.plan.reading.sources import Source, SourceRow, SourceTable
from lscb_workbook.plan.reading.titles import holds_actions, lone_titles, priority_titles
from lscb_workbook.plan.reading.upright import upright
from lscb_workbook.plan.reading.wording import one_line, words
from lscb_workbook.plan.records import PlanYear

__all__ = ["gather"]

_PAGE = re.compile(r"(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_REF_AHEAD = re.compile(r"^(?P<ref>\d{1,2}\.\d{1,2}[a-z]?)[.)]?\s+(?=[A-Z])")
_ENDS = re.compile(r"[.;:!?)\]]\s*$")
_BEGINS = re.compile(r"([1-9]\d?)\.\d")
_REPEATED = 0.75
_LEFT_OUT = (
    "a table without a heading over its actions is left out, since others have one: if it is part of the "
    "plan, say which column holds what with --columns"
)
_LONG = 40


def gather(source: Source, year: PlanYear, asked: Mapping[Role, str]) -> Gathered:
    """The rows of the tables of a source, in their order. ``asked`` is what a person said of the columns."""
    gathering = _Gathering(source, year, asked)
    titles = priority_titles(source.tables)
    for at, table in enumerate(source.tables):
        if at in titles:
            gathering.stands_under(titles[at])
        for part in side_by_side(upright(table)):
            gathering.read(part)
    _number_by_refs(gathering.found)
    return gathering.found


def _number_by_refs(found: Gathered) -> None:
    """Give priorities that state no number that of their actions' refs, where every one of them has one."""
    numbers: dict[int, int] = {one.number: one.number for one in found.priorities}
    for one in found.priorities:
        refs = [action.ref for action in found.actions if action.priority == one.number]
        begun = {int(begins[1]) for ref in refs if (begins := _BEGINS.match(ref))}
        if not one.numbered and len(begun) == 1 and all(map(_BEGINS.match, refs)):
            numbers[one.number] = begun.pop()
    if len(set(numbers.values())) < len(numbers):
        return
    found.priorities[:] = [replace(one, number=numbers[one.number]) for one in found.priorities]
    for action in found.actions:
        if action.priority:
            action.priority = numbers[action.priority]


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
        self._has_actions = any(map(holds_actions, source.tables))

    def read(self, table: SourceTable) -> None:
        rows = [row for row in table.rows if row.filled]
        if self._is_key(rows):
            self.found.key += rows
            return
        self._headed_by(table.heading)
        self._width = max((len(row.cells) for row in rows), default=0)
        titles = lone_titles(rows, apart=table.apart)
        ready = self._fits(table)
        first, in_key, seen, goes_on = True, False, False, False
        for at, row in enumerate(rows):
            in_key = is_key_heading(row.cells) or (in_key and self._goes_on_with_key(row))
            if in_key:
                self.found.key.append(row)
            elif (headed := self._heads(row)) is not None:
                self.found.headings.append(row)
                self._head(row, headed, goes_on=goes_on)
                goes_on, first = True, True
                if at + 1 == len(rows) or self._heads(rows[at + 1]) is None:
                    ready, goes_on = self._choose(rows[at + 1 :], again=False), False
                    seen = not ready
            elif at in titles or self._heads_below(row, rows[at + 1 : at + 2]):
                self.stands_under(one_line(row.filled[0]), row)
                first = False
            elif ready or (not seen and self._choose(rows[at:], again=True, apart=table.apart)):
                self._row(row, first)
                ready, first = True, False
            else:
                self.found.left_over.append(row)
                seen = row.filled != row.filled[:1]  # lone cells may be a title above the table

    def _heads(self, row: SourceRow) -> dict[int, Role] | None:
        """The roles that a row of headings gives to columns, None where it is none. Once headings are known,
        others must be sure or the same. A row that has every heading a person named is one, whatever else it
        says."""
        same = [one_line(cell) for cell in row.filled] == [one_line(cell) for cell in self._headings if cell]
        headed = heading_roles(row.cells, surely=bool(self._headings) and not same)
        if headed is not None:
            return headed
        named = {column.casefold() for column in self._asked.values() if not column.isdigit()}
        return {} if named and named <= {one_line(cell).casefold() for cell in row.cells} else None

    def _head(self, row: SourceRow, headed: dict[int, Role], *, goes_on: bool) -> None:
        """Learn a row of headings; where it ``goes_on`` with the row above it, that one's stand where it has
        none of its own."""
        if not goes_on:
            self._headed, self._headings = headed, row.cells
            return
        wide = range(max(len(row.cells), len(self._headings)))
        below, above = ([*cells, *[""] * len(wide)] for cells in (row.cells, self._headings))
        known, kept = set(headed.values()), {}
        edges = [at for at, cell in enumerate(above) if cell.strip()] + [len(wide)]
        for at, role in self._headed.items():
            group = range(at, next(edge for edge in edges if edge > at))  # 'Action' above 'No.' and 'Title'
            free = next((one for one in group if one not in headed), None)
            if role not in known and free is not None:
                kept[free] = role
        self._headed = headed | kept
        self._headings = tuple(below[at] if below[at].strip() else above[at] for at in wide)

    def _heads_below(self, row: SourceRow, below: Sequence[SourceRow]) -> bool:
        """Whether a row names the priority of the table whose headings follow it."""
        named = len(row.filled) == 1 and BANNER.match(one_line(row.filled[0])) is not None
        return named and any(self._heads(one) is not None for one in below)

    def _goes_on_with_key(self, row: SourceRow) -> bool:
        return is_key_row(row.cells, headed=True) or not row.cells[0].strip()

    def _fits(self, table: SourceTable) -> bool:
        """Whether a table without headings is taken to go on with the one before: it is as wide."""
        return bool(self._roles) and self._width == self._wide and not table.apart

    def _is_key(self, rows: Sequence[SourceRow]) -> bool:
        if not rows:
            return False
        if is_key_heading(rows[0].cells):
            return all(self._goes_on_with_key(row) for row in rows[1:])
        keyed = [row for row in rows if is_key_row(row.cells)]
        return len(keyed) >= 3 and len(keyed) == len(rows)

    def _choose(self, rows: Sequence[SourceRow], *, again: bool, apart: bool = False) -> bool:
        """Learn what the columns hold, up to the next row of headings; False where no action can be seen.

        Where other tables have a heading over their actions, one that has none is another table, such as a
        list of versions or of risks, if it has headings of its own, stands ``apart``, or before them all.
        """
        body: list[SourceRow] = []
        for row in rows:
            if self._heads(row) is not None:
                break
            if not self._is_banner(row) or (len(row.filled) > 1 and Role.PRIORITY in self._headed.values()):
                body.append(row)
        headed = {} if again else self._headed
        asked = asked_columns(self._asked, self._headings)
        where = rows[0].place if rows else ""
        other = self._has_actions and not asked
        if other and not again and body and not {Role.TEXT, Role.MILESTONES} & set(headed.values()):
            self.found.unheaded.append(f"{_LEFT_OUT} ({where})")
            return False
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
        if other and again and (apart or not self._roles):
            self.found.unheaded.append(f"{_LEFT_OUT} ({where})")
            return False
        self._roles, self._wide = roles, self._width
        leads = [one_line(self._headings[at]) for at, role in headed.items() if role is Role.LEAD]
        if len(leads) > 1 and not asked:
            said = f"{' and '.join(leads)} are all taken for leads: take out who does not lead"
            self.found.unheaded += [said] if said not in self.found.unheaded else []
        names = ", ".join(f"{at + 1} {role}" for at, role in roles.items())
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
                above.parts.append(self._part(row, cells, True))
                return
            self.found.actions.append(FoundAction(ref, self._priority(cells), [self._part(row, cells)]))
            return
        self._without_ref(row, cells, first, above)

    def _without_ref(
        self, row: SourceRow, cells: Mapping[Role, str], first: bool, above: FoundAction | None
    ) -> None:
        top = first or row.new_page
        text = one_line(cells.get(Role.TEXT, ""))
        if above and text and top and self._goes_on(above, cells, text):
            above.parts.append(self._part(row, cells, True))
        elif text and (above is None or self._begins(cells, text)):
            self.found.actions.append(FoundAction("", self._priority(cells), [self._part(row, cells)]))
        elif above is None:
            self.found.left_over.append(row)
        else:
            above.parts.append(self._part(row, cells, top))

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

    def _goes_on(self, above: FoundAction, cells: Mapping[Role, str], text: str) -> bool:
        """Whether the action's own text at the top of a page goes on with that of the page before. Where no
        refs tell, one that has a lead or a deadline beside it does not, unless it begins in lower case."""
        if text[:1].islower():
            return True
        own = any(cells.get(role, "").strip() for role in (Role.LEAD, Role.MILESTONES, Role.WHEN))
        told = Role.REF in self._roles.values()
        return (told or not own) and not _ENDS.search(one_line(above.text(Role.TEXT)))

    def _cells(self, row: SourceRow) -> dict[Role, str]:
        """The cells of a row by role; of a role that has several columns, one under the other."""
        cells: dict[Role, str] = {}
        for at, role in self._roles.items():
            if at < len(row.cells) and row.cells[at].strip():
                cells[role] = f"{cells[role]}\n{row.cells[at]}" if role in cells else row.cells[at]
        return cells

    def _part(self, row: SourceRow, cells: Mapping[Role, str], goes_on: bool = False) -> Part:
        """A row as part of an action. Where a rating's cell says nothing its colour is taken, unless another
        cell of the row has it too."""
        if cells.get(Role.RATING, "").strip():
            return Part(row, cells, goes_on)
        for at, role in self._roles.items():
            fill = row.fills[at] if role is Role.RATING and at < len(row.fills) else ""
            if fill and row.fills.count(fill) == 1:
                return Part(row, {**cells, Role.RATING: fill}, goes_on, True)
        return Part(row, cells, goes_on)

    # --- priorities ---

    def _priority(self, cells: Mapping[Role, str]) -> int | None:
        """The priority that a row names in a column of its own, else the last heading's."""
        named = one_line(cells.get(Role.PRIORITY, ""))
        if not named:
            return self.found.priorities[-1].number if self.found.priorities else None
        for known in self.found.priorities:
            if officer_key(known.title) == officer_key(named) or named in (str(known.number), known.title):
                return self._again(known)
        banner = BANNER.match(named)
        stated = banner or re.match(r"(?P<number>\d{1,2})\b[\s.:–-]*(?P<title>.*)$", named)
        numbers = [known.number for known in self.found.priorities]
        number = banner_number(banner) if banner else int(stated["number"]) if stated else _next(numbers)
        if stated and number in numbers:
            return self._again(self.found.priorities[numbers.index(number)])
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
        if not alone and self._is_whole(row):
            return False
        if stated is None:
            enough = len(words(joined)) >= 2 or (row.spans and len(joined) > 3)
            heads = alone and enough and not joined[:1].islower()
            if not heads or not (row.spans or (self._in_ref_column(row) and not row.new_page)):
                return False
        numbers = [known.number for known in self.found.priorities]
        number = banner_number(stated) if stated else _next(numbers)
        title = stated["title"].strip() if stated else joined
        known = next((one for one in self.found.priorities if one.number == number), None)
        same = next(
            (one for one in self.found.priorities if officer_key(one.title) == officer_key(title)), None
        )
        if same and stated is None:
            known = same
        if known and (stated is None or same or not title):
            self.found.headings.append(row)
            self._again(known)
            return True
        if known:
            return False
        self.found.priorities.append(
            FoundPriority(number, title or joined, (row,), not alone, stated is not None)
        )
        return True

    def _is_whole(self, row: SourceRow) -> bool:
        """Whether a row of several cells is an action's, though it may begin as a banner does: its priority
        stands in a column of its own, or two of its lead, deadline and rating are where they belong."""
        cells = self._cells(row)
        if Role.PRIORITY in cells:
            return True
        when = (cells.get(role, "") for role in (Role.WHEN, Role.MILESTONES))
        signs = (
            is_rating(cells.get(Role.RATING, "")),
            looks_like_office(cells.get(Role.LEAD, "")),
            any(read_deadline(one_line(cell), self._year).words for cell in when),
        )
        return sum(signs) >= 2

    def _headed_by(self, heading: str) -> None:
        """Note the priority that the text above a table names, unless that has been named before."""
        if len(heading) <= 300 and BANNER.match(one_line(heading)):
            self.stands_under(one_line(heading))

    def stands_under(self, heading: str, row: SourceRow | None = None) -> None:
        """Note the priority that a title or a row names; the actions that follow are its own, though it may
        be an earlier one again."""
        stated = BANNER.match(heading)
        title = stated["title"].strip() if stated else heading
        numbers = [one.number for one in self.found.priorities]
        number = banner_number(stated) if stated else _next(numbers)
        for known in self.found.priorities:
            if known.number == number if stated else officer_key(known.title) == officer_key(title):
                self._again(known)
                self.found.headings += [row] if row else []
                return
        rows = (row,) if row else ()
        self.found.priorities.append(FoundPriority(number, title or heading, rows, False, stated is not None))

    def _again(self, known: FoundPriority) -> int:
        """Make a priority the one that the rows below are of, and give its number."""
        self.found.priorities.remove(known)
        self.found.priorities.append(known)
        return known.number

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


def _next(numbers: Sequence[int]) -> int:
    return max(numbers, default=0) + 1


def _share(some: Sequence[str], among: set[str]) -> float:
    return sum(1 for word in some if word in among) / len(some) if some else 0.0


def is_ref_alone(text: str) -> bool:
    """Whether a lone cell is a ref rather than the number of a page."""
    return "." in text and is_ref(text)
