"""The years before: which trackers this one follows, and what became of their actions and milestones.

The first stands on the very hidden sheet, the second on the tab 'Earlier years'. A name of an earlier year
has that year with it (``3.2 of 2016-17``), so that it is never taken for one of this year's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from lscb_workbook.ooxml import Value
from lscb_workbook.tracker.cells import count_of, held_day
from lscb_workbook.tracker.layout import TRACKER_SHEETS, TRACKER_TABLES
from lscb_workbook.tracker.sheets import Row, Sheets

__all__ = [
    "Archived",
    "Earlier",
    "archive_rows",
    "archived_from",
    "earlier_in",
    "earlier_settings",
    "of_the_managers_own",
]

_KEY = "earlier "


@dataclass(frozen=True, slots=True)
class Earlier:
    """A tracker of an earlier plan year: its id and plan year, the file it was read from with the SHA-256 of
    that, and the first day of the tracker that follows it."""

    tracker: str
    year: str
    file: str
    sha256: str
    followed_on: date


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of one action (``milestone`` is ``""``) or milestone of an earlier year.

    All as it stood when the next year's tracker was made: ``leads`` by title; ``stood`` the rating or the
    status; ``said`` the commentary or the note. ``finished_on`` is None for what goes on, and where nobody
    said when.
    """

    year: str
    ref: str
    milestone: str
    text: str
    leads: str
    outcome: str
    stood: str = ""
    finished_on: date | None = None
    said: str = ""
    evidence: str = ""


def earlier_settings(earlier: Sequence[Earlier]) -> dict[str, str]:
    """Rows of the very hidden sheet, by key, the oldest year first."""
    return {
        f"{_KEY}{number}": json.dumps(asdict(one) | {"followed_on": one.followed_on.isoformat()})
        for number, one in enumerate(earlier, start=1)
    }


def earlier_in(settings: Mapping[str, str]) -> tuple[Earlier, ...]:
    """The trackers that these rows of the very hidden sheet name; what is damaged is passed over."""
    keys = sorted(
        (key for key in settings if key.startswith(_KEY)), key=lambda key: count_of(key[len(_KEY) :])
    )
    found = []
    for key in keys:
        try:
            said = json.loads(settings[key])
            day = date.fromisoformat(said.pop("followed_on"))
            found.append(Earlier(**{name: str(text) for name, text in said.items()}, followed_on=day))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return tuple(found)


def archive_rows(archive: Sequence[Archived]) -> list[Mapping[str, Value]]:
    """Rows of the Archive table."""
    table = TRACKER_TABLES["Archive"]
    return [table.line({key: value or None for key, value in asdict(one).items()}) for one in archive]


def archived_from(rows: Sequence[Row]) -> tuple[Archived, ...]:
    """What the Archive table says."""
    header = TRACKER_TABLES["Archive"].header
    return tuple(
        Archived(
            year=row.text(header("year")),
            ref=row.text(header("ref")),
            milestone=row.text(header("milestone")),
            text=row.text(header("text")),
            leads=row.text(header("leads")),
            outcome=row.text(header("outcome")),
            stood=row.text(header("stood")),
            finished_on=held_day(row.raw(header("finished_on"))),
            said=row.words(header("said")),
            evidence=row.words(header("evidence")),
        )
        for row in rows
    )


def of_the_managers_own(sheets: Sheets) -> tuple[str, ...]:
    """What a tracker has that the tool did not put there and a next one will not have, in words: tabs, and
    columns of the Plan and Milestones tabs."""
    known = {sheet.name for sheet in TRACKER_SHEETS}
    known |= {info.sheet for name, info in sheets.book.tables.items() if name in TRACKER_TABLES}
    tabs = [f"the tab '{name}'" for name in sheets.book.sheet_names if name not in known]
    columns = [
        f"the column '{heading}' of the {table} tab"
        for table in ("Plan", "Milestones")
        for heading in sheets.other_columns(table, {one.header for one in TRACKER_TABLES[table].columns})
    ]
    return (*tabs, *columns)
