"""The layout of the tracker: every sheet, table, column and named cell, once.

The template is drawn from it, and every reader and writer finds its way by it: tables by their
names, columns by their headings, single values by defined names. Positions serve only the drawing;
nobody reads by them, so a manager may move what she likes. What an officer's copy has of it is in
``copies/layout.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from lscb_workbook.plan.records import Field
from lscb_workbook.plan.schemes import NOT_RATED, heading_of
from lscb_workbook.tracker.columns import Choice, Column, Kind, Sheet, Table, Writer

__all__ = [
    "COMMENTARY",
    "COMPLETED",
    "EVIDENCE",
    "FIELD_HEADERS",
    "NOTE",
    "NO_ORGANISATION",
    "PLAN_TEXT",
    "RATING",
    "REVISED",
    "SCHEMA",
    "SERIES",
    "STATUS",
    "TIMELINE",
    "TRACKER_SHEETS",
    "TRACKER_TABLES",
    "tables_for",
]

SCHEMA = 1
"""Raised when a tracker of this version can no longer be read by the version before."""


def _this(table: str, header: str) -> str:
    return f"{table}[[#This Row],[{header}]]"


RATING_PROMPT = "Choose one status. The RAG key says what each means, word for word."
STATUS = Column(
    Field.STATUS,
    "Status",
    11,
    Kind.CHOICE,
    Writer.OFFICER,
    Choice.STATUS,
    "Choose where the milestone stands.",
)
COMPLETED = Column(
    Field.COMPLETED_ON,
    "Completed on",
    13,
    Kind.DATE,
    Writer.OFFICER,
    prompt="The day it was done, e.g. 31/08/2016.",
)
REVISED = Column(
    Field.REVISED_DATE,
    "Revised date",
    12,
    Kind.DATE,
    Writer.OFFICER,
    prompt="A new date you propose. The agreed date counts until the board approves another.",
)
NOTE = Column(Field.NOTE, "Note", 24, Kind.LONG, Writer.OFFICER)
RATING = Column(Field.RATING, "RAG rating", 10.5, Kind.RATING, Writer.OFFICER, Choice.RATING, RATING_PROMPT)
COMMENTARY = Column(Field.COMMENTARY, "Commentary", 30, Kind.LONG, Writer.OFFICER)
EVIDENCE = Column(Field.EVIDENCE, "Evidence of impact", 26, Kind.LONG, Writer.OFFICER)

PLAN_TEXT = (
    Column("text", "Action", 27, Kind.LONG, Writer.PLAN),
    Column("leads", "Lead officer", 16, Kind.LONG, Writer.PLAN),
    Column("milestones", "Timescale and milestones", 27, Kind.LONG, Writer.PLAN),
    Column("measures", "How we will measure success and impact", 27, Kind.LONG, Writer.PLAN),
)

_CARRIED = Column("carried", "Carried forward from", 12, Kind.LONG, Writer.PLAN, later=True)
_ORGANISATIONS = Column("organisations", "Organisations", 18, Kind.LONG, hidden=True, later=True)
"""Those of the lead officers, once each, one a line: what is counted by organisation."""
NO_ORGANISATION = "(none)"
"""What stands for that of an officer of whom none is known."""

_PLAN = Table(
    "Plan",
    "Plan",
    (
        Column("ref", "Ref", 5, Kind.TEXT, Writer.PLAN),
        Column("priority", "Priority", 8, Kind.COUNT, Writer.PLAN),
        *PLAN_TEXT,
        RATING,
        COMMENTARY,
        EVIDENCE,
        Column(
            Field.ASK,
            "Asked of the board",
            24,
            Kind.LONG,
            Writer.MANAGER,
            prompt="What the board is asked to do about this action. It stands on the Exceptions tab.",
            later=True,
        ),
        Column("uncertain", "Note on the source", 16, Kind.LONG, Writer.PLAN),
        _CARRIED,
        _ORGANISATIONS,
    ),
)


def _day(cell: str, otherwise: str) -> str:
    """The day that a cell holds, without a time; what is no day counts as blank, as a review counts it."""
    return f"IFERROR(INT({cell})/AND(ISNUMBER({cell}),{cell}>=1),{otherwise})"


_COUNTS = _this("Milestones", "Date that counts")
_KIND = _this("Milestones", "Kind of deadline")
_DONE = _day(_this("Milestones", "Completed on"), "0")
_STATE = (
    f'IF({_this("Milestones", "Milestone")}="","",'
    f'IF({_this("Milestones", "Status")}="Complete",'
    f'IF({_DONE}>{_COUNTS},"Complete late","Complete"),'  # a number is never more than the text ""
    f'IF({_this("Milestones", "Status")}="No longer needed","Not needed",'
    f'IF({_COUNTS}<>"",IF({_COUNTS}<AsAt,"Missed",IF({_COUNTS}<=AsAt+DueSoonDays,"Due soon","Not yet due")),'
    f'IF({_KIND}="After an event","Waiting",'
    f'IF(OR({_KIND}="Repeating",{_KIND}="Ongoing"),"Ongoing","Undated"))))))'
)
_MILESTONES = Table(
    "Milestones",
    "Milestones",
    (
        Column("id", "Milestone", 10, Kind.TEXT, Writer.PLAN),
        Column("ref", "Ref", 5, Kind.TEXT, Writer.PLAN),
        Column("priority", "Priority", 8, Kind.COUNT, Writer.PLAN),
        Column("text", "Milestone as written", 34, Kind.LONG, Writer.PLAN),
        Column("leads", "Lead officer", 18, Kind.LONG, Writer.PLAN),
        Column("words", "Deadline as written", 14, Kind.LONG, Writer.PLAN),
        Column("kind", "Kind of deadline", 11, Kind.LONG, Writer.PLAN),
        Column("due", "Due", 11, Kind.DATE, Writer.TOOL),
        STATUS,
        COMPLETED,
        REVISED,
        NOTE,
        Column(
            Field.APPROVED_DATE,
            "Approved date",
            11,
            Kind.DATE,
            Writer.MANAGER,
            prompt="The date the board approved in place of the plan's. Leave blank if none.",
        ),
        Column(Field.APPROVED_BY, "Approved by", 12, Kind.LONG, Writer.MANAGER),
        Column(
            "counts",
            "Date that counts",
            11,
            Kind.DATE,
            Writer.TOOL,
            formula=_day(_this("Milestones", "Approved date"), _day(_this("Milestones", "Due"), '""')),
        ),
        Column("state", "State", 11, Kind.STATE, Writer.TOOL, formula=_STATE),
        Column(
            "days_late",
            "Days late",
            7,
            Kind.COUNT,
            Writer.TOOL,
            formula=f'IF({_this("Milestones", "State")}="Missed",AsAt-{_COUNTS},'
            f'IF({_this("Milestones", "State")}="Complete late",{_DONE}-{_COUNTS},0))',
        ),
        Column("uncertain", "Note on the source", 16, Kind.LONG, Writer.PLAN),
        _CARRIED,
        _ORGANISATIONS,
    ),
)


_COUNTS_BY_RATING = (
    Column("count {}", "{}", 8, Kind.COUNT, by_rating=True),
    Column("not_rated", NOT_RATED, 9.5, Kind.COUNT),
)
"""A count for each rating, in the scheme's order, and one of the actions without a rating."""

_REF = Column("ref", "Ref", 6)
_ACTION = Column("action", "Action", 28, Kind.LONG)
_LEADS = Column("leads", "Lead officer", 18, Kind.LONG)
_MILESTONE = Column("id", "Milestone", 10)
_LIVE_STATE = Column("state", "State", 11, Kind.STATE)


def _rated(header: str = "RAG rating", key: str = "rating") -> Column:
    return Column(key, header, 10.5, Kind.RATING)


TIMELINE = "Timeline of the milestones"
"""The name of the Timeline's chart, by which the tool finds it."""
SERIES = ("C Complete", "M Missed", "D Due soon", "N Not yet due")
"""The marks of the Timeline's chart, a letter and what it stands for: one for each group of states."""

_BELOW_TABS = 44
"""Below the list of tabs, however long: a table that lies below another cannot be moved down."""

_TABLES = (
    Table(
        "Figures",
        "Cover",
        (Column("what", "Headline figures", 48), Column("figure", "Number", 12, Kind.COUNT)),
        row=15,
        view=True,
    ),
    Table(
        "Tabs",
        "Cover",
        (Column("tab", "Tab", 24), Column("about", "What it is for", 60, Kind.LONG)),
        row=15,
        left=4,
        view=True,
    ),
    Table(
        "CoverKey",
        "Cover",
        (
            Column("name", "Rating", 24, Kind.RATING),
            Column("definition", "What each rating means, word for word", 60, Kind.LONG),
        ),
        row=_BELOW_TABS,
        left=4,
        view=True,
    ),
    _PLAN,
    _MILESTONES,
    Table(
        "ByPriority",
        "Summary",
        (
            Column("priority", "Priority", 9, Kind.COUNT),
            Column("title", "Title", 40, Kind.LONG),
            Column("actions", "Actions", 8, Kind.COUNT),
            *_COUNTS_BY_RATING,
            Column("share {}", "{} %", 8, Kind.PERCENT, by_rating=True),
            Column("milestones", "Milestones", 11, Kind.COUNT),
            Column("met", "Met", 8, Kind.COUNT),
            Column("missed", "Missed", 8, Kind.COUNT),
            Column("open", "Still to come", 8, Kind.COUNT),
            Column("ongoing", "Ongoing", 9, Kind.COUNT),
        ),
        row=21,
        view=True,
    ),
    Table(
        "Exceptions",
        "Exceptions",
        (
            _REF,
            _ACTION,
            _LEADS,
            _rated(),
            Column("commentary", "Commentary", 40, Kind.LONG),
            Column("since", "Rated so since", 11, Kind.DATE),
            Column("days", "Days so", 7, Kind.COUNT),
            Column("next", "Next milestone", 26, Kind.LONG),
            Column("due", "Due", 11, Kind.DATE),
            Column("ask", "Asked of the board", 24, Kind.LONG),
        ),
        view=True,
    ),
    Table(
        "Missed",
        "Missed milestones",
        (
            _MILESTONE,
            Column("text", "Milestone as written", 38, Kind.LONG),
            Column("leads", "Lead officer", 22, Kind.LONG),
            Column("due", "Due", 11, Kind.DATE),
            Column("days_late", "Days late", 7, Kind.COUNT),
            Column("status", "Status", 12),
            Column("revised", "Revised date proposed", 12, Kind.DATE),
            _rated("RAG rating of the action"),
            Column("note", "Note", 30, Kind.LONG),
            _LIVE_STATE,
        ),
        view=True,
    ),
    Table(
        "DueSoon",
        "Due soon",
        (
            _MILESTONE,
            Column("text", "Milestone as written", 46, Kind.LONG),
            Column("leads", "Lead officer", 26, Kind.LONG),
            Column("due", "Due", 12, Kind.DATE),
            Column("status", "Status", 13),
            Column("note", "Note", 38, Kind.LONG),
            _LIVE_STATE,
        ),
        view=True,
    ),
    Table(
        "Withdrawn",
        "No longer appropriate",
        (
            _REF,
            Column("action", "Action", 46, Kind.LONG),
            Column("leads", "Lead officer", 24, Kind.LONG),
            _rated(),
            Column("reason", "Reason", 54, Kind.LONG),
            Column("since", "Since", 12, Kind.DATE),
        ),
        view=True,
    ),
    Table(
        "ByOfficer",
        "By officer",
        (
            Column("officer", "Lead officer", 46, Kind.LONG),
            Column("actions", "Actions", 8, Kind.COUNT),
            *_COUNTS_BY_RATING,
            Column("missed", "Milestones missed", 11, Kind.COUNT),
            Column("due_soon", "Milestones due soon", 11, Kind.COUNT),
            Column("returned", "Return", 18),
            Column("returned_on", "Returned on", 12, Kind.DATE),
        ),
        view=True,
    ),
    Table(
        "ByOrganisation",
        "By organisation",
        (
            Column("organisation", "Organisation", 46, Kind.LONG),
            Column("actions", "Actions", 10, Kind.COUNT),
            *_COUNTS_BY_RATING,
            Column("missed", "Milestones missed", 12, Kind.COUNT),
            Column("due_soon", "Milestones due soon", 12, Kind.COUNT),
        ),
        view=True,
    ),
    Table(
        "Movement",
        "Movement",
        (
            _REF,
            _ACTION,
            _LEADS,
            _rated("Rating at the year's start", "began"),
            _rated("Rating before", "before"),
            _rated("Rating now", "now"),
            Column("movement", "Movement", 13),
            Column("over_year", "Movement over the year", 13),
            Column("commentary", "Commentary", 38, Kind.LONG),
            Column("source", "From", 24, Kind.LONG),
            Column("began_course", "Course at the start", 8, Kind.COUNT, hidden=True),
            Column("before_course", "Course before", 8, Kind.COUNT, hidden=True),
            Column("now_course", "Course now", 8, Kind.COUNT, hidden=True),
        ),
        view=True,
    ),
    Table(
        "Moved",
        "What has moved",
        (
            _REF,
            _MILESTONE,
            Column("field", "What", 14),
            Column("before", "From", 18, Kind.LONG),
            Column("now", "To", 18, Kind.LONG),
            Column("why", "Why", 46, Kind.LONG),
            Column("officer", "Who", 24, Kind.LONG),
            Column("when", "Recorded on", 12, Kind.DATE),
            Column("file", "File", 26, Kind.LONG),
        ),
        view=True,
    ),
    Table(
        "MovedDates",
        "Moved dates",
        (
            _MILESTONE,
            Column("text", "Milestone as written", 30, Kind.LONG),
            _LEADS,
            Column("planned", "Original date", 12.5, Kind.DATE),
            Column("moves", "Each revision", 34, Kind.LONG),
            Column("times", "Times moved", 8, Kind.COUNT),
            Column("revised", "Proposed and not approved", 12, Kind.DATE),
            Column("approved", "Approved date", 11, Kind.DATE),
            Column("approved_by", "Approved by", 12, Kind.LONG),
            Column("counts", "Date that counts", 11, Kind.DATE),
            Column("slipped", "Days slipped", 8, Kind.COUNT),
            _LIVE_STATE,
        ),
        view=True,
    ),
    Table(
        "Evidence",
        "Evidence of impact",
        (
            _REF,
            Column("action", "Action", 36, Kind.LONG),
            Column("leads", "Lead officer", 20, Kind.LONG),
            _rated(),
            Column("evidence", "Evidence of impact", 52, Kind.LONG),
            Column("when", "Recorded on", 12, Kind.DATE),
            Column("source", "From", 24, Kind.LONG),
        ),
        view=True,
    ),
    Table(
        "Trend",
        "Trend",
        (
            Column("name", "Cycle", 18),
            Column("as_at", "As at", 13, Kind.DATE),
            Column("actions", "Actions", 10, Kind.COUNT),
            *_COUNTS_BY_RATING,
            Column("missed", "Milestones missed", 12, Kind.COUNT),
        ),
        row=26,
        view=True,
    ),
    Table(
        "Timeline",
        "Timeline",
        (
            _MILESTONE,
            Column("what", "What", 58),
            Column("planned", "Original date", 12, Kind.DATE),
            Column("counts", "Date that counts", 12, Kind.DATE),
            Column("state", "State", 14, Kind.STATE),
            Column("label", "Label", 30, hidden=True),
            Column("start", "Start", 8, Kind.COUNT, hidden=True),
            Column("moved", "Moved from the original date", 8, Kind.COUNT, hidden=True),
            *(Column(f"mark {name}", name, 8, Kind.COUNT, hidden=True) for name in SERIES),
        ),
        row=7,
        view=True,
    ),
    Table(
        "Quality",
        "Data quality",
        (
            Column("what", "What", 54, Kind.LONG),
            Column("count", "Number", 10, Kind.COUNT),
            Column("where", "Where", 80, Kind.LONG),
            Column("code", "Code", 18, hidden=True),
        ),
        view=True,
    ),
    Table(
        "Returns",
        "Returns",
        (
            Column("cycle", "Cycle", 11),
            Column("officer", "Lead officer", 32, Kind.LONG),
            Column("issued_on", "Issued on", 11, Kind.DATE),
            Column("return_by", "Return by", 11, Kind.DATE),
            Column("file", "Copy issued", 34, Kind.LONG),
            Column("returned_on", "Returned on", 11, Kind.DATE),
            Column("returned_file", "File returned", 34, Kind.LONG),
            Column("recognised_by", "Recognised by", 14),
            Column("signature", "Signature", 11),
            Column("edits", "Edits", 8, Kind.COUNT),
        ),
    ),
    Table(
        "Conflicts",
        "Conflicts",
        (
            Column("ref", "Ref", 6),
            Column("milestone", "Milestone", 10),
            Column("field", "What", 12),
            Column("base", "As issued", 16, Kind.LONG),
            Column("master", "In the tracker", 20, Kind.LONG),
            Column("officer", "Returned by", 20, Kind.LONG),
            Column("returned", "Returned", 22, Kind.LONG),
            Column("proposal", "Proposal", 16, Kind.LONG),
            Column(
                "settlement",
                "Settle",
                18,
                Kind.CHOICE,
                Writer.MANAGER,
                Choice.SETTLEMENT,
                "Choose what shall stand, then merge again.",
            ),
            Column("reason", "Why it waits", 22, Kind.LONG),
            Column("file", "File", 30, Kind.LONG),
            Column("cycle", "Cycle", 11),
            Column("when", "Merged as at", 12.5, Kind.DATE),
            Column(
                "sha256", "SHA-256", 12, Kind.MARK
            ),  # not the last, or the page is made as wide as all of it
            Column("saved_at", "File saved", 12),
        ),
    ),
    Table(
        "Checks",
        "Checks",
        (
            Column("severity", "Severity", 9),
            Column("where", "Where", 13),
            Column("ref", "Ref", 8),
            Column("message", "What is wrong", 56, Kind.LONG),
            Column("action", "What to do", 48, Kind.LONG),
            Column("file", "File", 30, Kind.LONG),
            Column("code", "Code", 18),
            Column("question", "Question to the lead officer", 48, Kind.LONG, later=True),
        ),
    ),
    Table(
        "History",
        "History",
        (
            Column("when", "As at", 11, Kind.DATE),
            Column("cycle", "Cycle", 11),
            Column("ref", "Ref", 5),
            Column("milestone", "Milestone", 10),
            Column("field", "What", 12),
            Column("officer", "Who", 20, Kind.LONG),
            Column("base", "As issued", 16, Kind.LONG),
            Column("master", "From", 18, Kind.LONG),
            Column("returned", "Returned", 18, Kind.LONG),
            Column("result", "To", 18, Kind.LONG),
            Column("decision", "Decision", 14),
            Column("reason", "Why", 20, Kind.LONG),
            Column("file", "File", 30, Kind.LONG),
            Column(
                "sha256", "SHA-256", 12, Kind.MARK
            ),  # not the last, or the page is made as wide as all of it
            Column("saved_at", "File saved", 12),
        ),
    ),
    Table(
        "Archive",
        "Earlier years",
        (
            Column("year", "Plan year", 9),
            Column("ref", "Ref", 5),
            Column("milestone", "Milestone", 10),
            Column("text", "Action or milestone", 40, Kind.LONG),
            Column("leads", "Lead officer", 20, Kind.LONG),
            Column("outcome", "What became of it", 24, Kind.LONG),
            Column("stood", "Last rating or status", 12, Kind.LONG),
            Column("finished_on", "Finished on", 11, Kind.DATE),
            Column("said", "Last commentary or note", 40, Kind.LONG),
            Column("evidence", "Evidence of impact", 30, Kind.LONG),
        ),
    ),
    Table(
        "Officers",
        "Officers",
        (
            Column("role", "Role", 46, Kind.LONG, Writer.MANAGER),
            Column("organisation", "Organisation", 18, Kind.TEXT, Writer.MANAGER),
            Column("email", "Email", 34, Kind.TEXT, Writer.MANAGER),
            Column("aliases", "Also written as", 50, Kind.LONG, Writer.MANAGER),
            Column("key", "Key", 30, Kind.LONG),
            Column(
                "public",
                "In public papers",
                14,
                Kind.CHOICE,
                Writer.MANAGER,
                Choice.PUBLIC,
                "Whether public papers name this officer. Blank: heads of service and above are named.",
                later=True,
            ),
            Column(
                "manager_email",
                "Manager's email",
                34,
                Kind.TEXT,
                Writer.MANAGER,
                prompt="Whom to write to when the officer's reminders have run out.",
                later=True,
            ),
            Column(
                "successor",
                "Successor",
                34,
                Kind.LONG,
                Writer.MANAGER,
                prompt="If the officer has left: the role, as on this tab, of whoever answers now.",
                later=True,
            ),
        ),
    ),
    Table(
        "Cycles",
        "Calendar",
        (
            Column("name", "Cycle", 14),
            Column("issued_on", "Issued on", 12, Kind.DATE),
            Column("return_by", "Return by", 12, Kind.DATE),
            Column("as_at", "Merged as at", 12, Kind.DATE),
        ),
    ),
    Table(
        "Meetings",
        "Calendar",
        (
            Column("month", "Board meeting", 16),
            Column("on", "Day", 12, Kind.DATE, Writer.MANAGER, prompt="The day the board meets."),
        ),
        left=6,
    ),
    Table(
        "Events",
        "Calendar",
        (
            Column("name", "Event that a deadline hangs on", 44, Kind.LONG),
            Column("on", "Happened on", 12, Kind.DATE, Writer.MANAGER, prompt="The day it happened."),
        ),
        left=9,
    ),
    Table(
        "Priorities",
        "Priorities",
        (
            Column("number", "Priority", 9, Kind.COUNT, Writer.PLAN),
            Column("title", "Title", 90, Kind.LONG, Writer.PLAN),
            Column("uncertain", "Note on the source", 50, Kind.LONG, Writer.PLAN),
        ),
    ),
    Table(
        "RagKey",
        "RAG key",
        (
            Column("name", "Status", 12, Kind.RATING),
            Column("letter", "Letter", 8),
            Column("definition", "Definition", 100, Kind.LONG),
            Column("meaning", "Meaning", 24, hidden=True),
            Column("fill", "Fill", 10, hidden=True),
            Column("ink", "Ink", 10, hidden=True),
            Column("needs_commentary", "Needs commentary", 18, hidden=True),
            Column("course", "Course", 10, Kind.COUNT, hidden=True, later=True),
        ),
    ),
    Table("Lscb", "_lscb", (Column("key", "Key", 20), Column("value", "Value", 80)), row=1),
)


@lru_cache
def tables_for(names: tuple[str, ...]) -> dict[str, Table]:
    """The tables by name, with the columns for each of these ratings."""
    return {table.name: replace(table, columns=tuple(_for_ratings(table, names))) for table in _TABLES}


def _for_ratings(table: Table, names: tuple[str, ...]) -> Iterator[Column]:
    taken = {column.header.casefold() for column in table.columns}
    for column in table.columns:
        if not column.by_rating:
            yield column
            continue
        for name in names:
            header = column.header.format(heading_of(name))
            while header.casefold() in taken:  # a rating may be called 'Met', as a column is
                header = f"Rated {header}"
            taken.add(header.casefold())
            yield replace(column, key=column.key.format(name), header=header)


TRACKER_TABLES: dict[str, Table] = tables_for(())
"""The tables by name, with the columns that every plan has."""

TRACKER_SHEETS = (
    Sheet("Cover", "", "Where the year stands, in one page", board=True, portrait=True),
    Sheet(
        "Plan",
        "The plan, with ratings, commentary and evidence",
        "One row for each action: rate and comment here",
    ),
    Sheet("Milestones", "Milestones", "One row for each milestone: what is due, done, missed or moved"),
    Sheet(
        "Summary",
        "Summary by priority",
        "Ratings and milestones by priority, with charts",
        "Ratings by priority, and milestones met, missed, still to come and ongoing. Figures are live.",
        board=True,
    ),
    Sheet(
        "Exceptions",
        "Exceptions: actions that are off track or at risk",
        "Each with its commentary, and what is asked of the board",
        board=True,
    ),
    Sheet("Missed milestones", "Missed milestones", "Due and not complete, the latest first", board=True),
    Sheet(
        "Due soon",
        "Milestones due next",
        "What falls due by the day the board looks ahead to, soonest first",
        board=True,
    ),
    Sheet(
        "No longer appropriate",
        "Actions that are no longer appropriate",
        "Each with the reason",
        board=True,
    ),
    Sheet(
        "By officer",
        "By lead officer",
        "What each officer leads, and who has not returned",
        "What two officers lead together counts for each. Figures are live.",
        board=True,
    ),
    Sheet(
        "By organisation",
        "By organisation",
        "What the officers of each organisation lead",
        "What two organisations lead together counts for each, once. Figures are live.",
        board=True,
    ),
    Sheet("Movement", "Movement of the ratings", "Which ratings changed, and on whose word", board=True),
    Sheet(
        "What has moved",
        "What has moved since the last board, and why",
        "Each change since the last board, with the return it came from",
        board=True,
    ),
    Sheet("Moved dates", "Milestones whose date was moved", "Every proposal and approval", board=True),
    Sheet(
        "Evidence of impact",
        "Evidence of impact recorded",
        "What difference the actions have made",
        board=True,
    ),
    Sheet(
        "Trend",
        "Trend of the ratings over the year",
        "How many actions had each rating, cycle by cycle, with a chart",
        "Past cycles are as the History tells them and do not change; the last row is live.",
        board=True,
    ),
    Sheet(
        "Timeline",
        "Timeline of the milestones",
        "When each milestone is due, on one page, with a chart",
        board=True,
        portrait=True,
    ),
    Sheet("Data quality", "Data quality", "How far the figures can be trusted, and why", board=True),
    Sheet(
        "RAG key",
        "RAG status key and definitions",
        "What each rating means, word for word",
        protected=True,
        board=True,
    ),
    Sheet("Returns", "Returns", "Who was sent what and when, and what came back"),
    Sheet("Conflicts", "Conflicts to settle", "What people disagree on: choose, then merge again"),
    Sheet("Checks", "Checks", "What needs a person, and what to do about it"),
    Sheet("History", "History of every change", "Every change ever merged, from which file", protected=True),
    Sheet(
        "Earlier years",
        "What became of the actions of earlier years",
        "What became of last year's actions and milestones",
        protected=True,
    ),
    Sheet("Officers", "Officers", "Names, emails and other spellings of each lead officer"),
    Sheet("Calendar", "Calendar", "Cycles, board meetings, and dates of events"),
    Sheet("Priorities", "Priorities", "The plan's priorities in full"),
    Sheet("_lscb", "", "", hidden=True),
)


def _fields() -> Iterator[tuple[Field, str]]:
    for table_ in (_PLAN, _MILESTONES):
        for column in table_.columns:
            if column.key in tuple(Field):
                yield Field(column.key), column.header
    yield Field.OTHER, "Other text"


FIELD_HEADERS: dict[Field, str] = dict(_fields())
"""What each field is called in the sheets."""
