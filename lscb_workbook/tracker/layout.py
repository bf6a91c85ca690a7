"""The layout of the tracker: every sheet, table, column and named cell, once.

The template is drawn from it, and every reader and writer finds its way by it: tables by their
names, columns by their headings, single values by defined names. Positions serve only the drawing;
nobody reads by them, so a manager may move what she likes. What an officer's copy has of it is in
``copies/layout.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from lscb_workbook.plan.records import Field
from lscb_workbook.tracker.columns import Choice, Column, Kind, Sheet, Table, Writer

__all__ = [
    "COMMENTARY",
    "COMPLETED",
    "EVIDENCE",
    "FIELD_HEADERS",
    "NOTE",
    "PLAN_TEXT",
    "RATING",
    "RATINGS",
    "REVISED",
    "SCHEMA",
    "STATUS",
    "TRACKER_SHEETS",
    "TRACKER_TABLES",
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
    11,
    Kind.DATE,
    Writer.OFFICER,
    prompt="The day it was done, e.g. 31/08/2016.",
)
REVISED = Column(
    Field.REVISED_DATE,
    "Revised date",
    11,
    Kind.DATE,
    Writer.OFFICER,
    prompt="A new date you propose. The agreed date counts until the board approves another.",
)
NOTE = Column(Field.NOTE, "Note", 24, Kind.LONG, Writer.OFFICER)
RATING = Column(Field.RATING, "RAG rating", 9, Kind.RATING, Writer.OFFICER, Choice.RATING, RATING_PROMPT)
COMMENTARY = Column(Field.COMMENTARY, "Commentary", 30, Kind.LONG, Writer.OFFICER)
EVIDENCE = Column(Field.EVIDENCE, "Evidence of impact", 26, Kind.LONG, Writer.OFFICER)

PLAN_TEXT = (
    Column("text", "Action", 27, Kind.LONG, Writer.PLAN),
    Column("leads", "Lead officer", 16, Kind.LONG, Writer.PLAN),
    Column("milestones", "Timescale and milestones", 27, Kind.LONG, Writer.PLAN),
    Column("measures", "How we will measure success and impact", 27, Kind.LONG, Writer.PLAN),
)

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
        Column("uncertain", "Note on the source", 16, Kind.LONG, Writer.PLAN),
    ),
)

_COUNTS = _this("Milestones", "Date that counts")
_KIND = _this("Milestones", "Kind of deadline")
_DONE = _this("Milestones", "Completed on")
_STATE = (
    f'IF({_this("Milestones", "Milestone")}="","",'
    f'IF({_this("Milestones", "Status")}="Complete",'
    f'IF(AND({_DONE}<>"",{_COUNTS}<>""),IF({_DONE}>{_COUNTS},"Complete late","Complete"),"Complete"),'
    f'IF({_this("Milestones", "Status")}="No longer needed","Not needed",'
    f'IF({_COUNTS}<>"",IF({_COUNTS}<AsAt,"Missed",IF({_COUNTS}<=AsAt+DueSoonDays,"Due soon","Not yet due")),'
    f'IF({_KIND}="After an event","Waiting",'
    f'IF(OR({_KIND}="Repeating",{_KIND}="Ongoing"),"Ongoing","Undated"))))))'
)
_MILESTONES = Table(
    "Milestones",
    "Milestones",
    (
        Column("id", "Milestone", 9, Kind.TEXT, Writer.PLAN),
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
            formula=(
                f'IF({_this("Milestones", "Approved date")}<>"",{_this("Milestones", "Approved date")},'
                f'IF({_this("Milestones", "Due")}<>"",{_this("Milestones", "Due")},""))'
            ),
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
    ),
)


def status_columns(names: tuple[str, ...]) -> tuple[Column, ...]:
    """A count column for each rating, in the scheme's order, and one for actions without a rating."""
    counts = tuple(Column(f"count {name}", name, 8, Kind.COUNT) for name in names)
    return (*counts, Column("count none", "Not rated", 8, Kind.COUNT))


def _share_columns(names: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(f"share {name}", f"{name} %", 8, Kind.PERCENT) for name in names)


RATINGS = ("Red", "Amber", "Green", "Purple", "White")
"""The ratings that the template has count columns for: those of the shipped plan, in its order."""

_TABLES = (
    Table(
        "Figures",
        "Cover",
        (Column("what", "Headline figures", 44), Column("figure", "Number", 12, Kind.COUNT)),
        row=14,
    ),
    Table(
        "Tabs",
        "Cover",
        (Column("tab", "Tab", 20), Column("about", "What it is for", 60, Kind.LONG)),
        row=14,
        left=4,
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
            *status_columns(RATINGS),
            *_share_columns(RATINGS),
            Column("milestones", "Milestones", 11, Kind.COUNT),
            Column("met", "Met", 8, Kind.COUNT),
            Column("missed", "Missed", 8, Kind.COUNT),
            Column("open", "Still to come", 8, Kind.COUNT),
        ),
        row=21,
    ),
    Table(
        "Exceptions",
        "Exceptions",
        (
            Column("ref", "Ref", 6),
            Column("action", "Action", 34, Kind.LONG),
            Column("leads", "Lead officer", 20, Kind.LONG),
            Column("rating", "RAG rating", 10, Kind.RATING),
            Column("commentary", "Commentary", 46, Kind.LONG),
            Column("next", "Next milestone", 32, Kind.LONG),
            Column("due", "Due", 11, Kind.DATE),
        ),
    ),
    Table(
        "Missed",
        "Missed milestones",
        (
            Column("id", "Milestone", 10),
            Column("text", "Milestone as written", 42, Kind.LONG),
            Column("leads", "Lead officer", 22, Kind.LONG),
            Column("due", "Due", 11, Kind.DATE),
            Column("days_late", "Days late", 7, Kind.COUNT),
            Column("status", "Status", 12),
            Column("revised", "Revised date proposed", 12, Kind.DATE),
            Column("rating", "RAG rating of the action", 10, Kind.RATING),
            Column("note", "Note", 30, Kind.LONG),
        ),
    ),
    Table(
        "DueSoon",
        "Due soon",
        (
            Column("id", "Milestone", 10),
            Column("text", "Milestone as written", 52, Kind.LONG),
            Column("leads", "Lead officer", 28, Kind.LONG),
            Column("due", "Due", 12, Kind.DATE),
            Column("status", "Status", 13),
            Column("note", "Note", 42, Kind.LONG),
        ),
    ),
    Table(
        "ByOfficer",
        "By officer",
        (
            Column("officer", "Lead officer", 46, Kind.LONG),
            Column("actions", "Actions", 8, Kind.COUNT),
            *status_columns(RATINGS),
            Column("missed", "Milestones missed", 11, Kind.COUNT),
            Column("due_soon", "Milestones due soon", 11, Kind.COUNT),
            Column("returned", "Return", 18),
            Column("returned_on", "Returned on", 12, Kind.DATE),
        ),
    ),
    Table(
        "Movement",
        "Movement",
        (
            Column("ref", "Ref", 6),
            Column("action", "Action", 40, Kind.LONG),
            Column("leads", "Lead officer", 22, Kind.LONG),
            Column("before", "Rating before", 10, Kind.RATING),
            Column("now", "Rating now", 10, Kind.RATING),
            Column("movement", "Movement", 14),
            Column("commentary", "Commentary", 42, Kind.LONG),
            Column("source", "From", 24, Kind.LONG),
        ),
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
            Column("field", "What", 11),
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
            Column("file", "File", 20, Kind.LONG),
            Column("cycle", "Cycle", 11),
            Column("when", "Merged as at", 11, Kind.DATE),
            Column("saved_at", "File saved", 12),
            Column("sha256", "SHA-256", 12),
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
            Column("file", "File", 22, Kind.LONG),
            Column("code", "Code", 18),
        ),
    ),
    Table(
        "History",
        "History",
        (
            Column("when", "As at", 11, Kind.DATE),
            Column("cycle", "Cycle", 11),
            Column("ref", "Ref", 5),
            Column("milestone", "Milestone", 9),
            Column("field", "What", 11),
            Column("officer", "Who", 20, Kind.LONG),
            Column("base", "As issued", 16, Kind.LONG),
            Column("master", "From", 18, Kind.LONG),
            Column("returned", "Returned", 18, Kind.LONG),
            Column("result", "To", 18, Kind.LONG),
            Column("decision", "Decision", 13),
            Column("reason", "Why", 20, Kind.LONG),
            Column("file", "File", 20, Kind.LONG),
            Column("saved_at", "File saved", 12),
            Column("sha256", "SHA-256", 12),
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
        ),
    ),
    Table("Lscb", "_lscb", (Column("key", "Key", 20), Column("value", "Value", 80)), row=1),
)
TRACKER_TABLES: dict[str, Table] = {table.name: table for table in _TABLES}

TRACKER_SHEETS = (
    Sheet("Cover", "", "Where the year stands, in one page"),
    Sheet(
        "Plan",
        "The plan, with ratings, commentary and evidence",
        "One row for each action: rate and comment here",
    ),
    Sheet("Milestones", "Milestones", "One row for each milestone: what is due, done, missed or moved"),
    Sheet("Summary", "Summary by priority", "Ratings and milestones by priority, with charts", board=True),
    Sheet(
        "Exceptions",
        "Exceptions: actions that are off track or at risk",
        "Each with its commentary",
        board=True,
    ),
    Sheet("Missed milestones", "Missed milestones", "Due and not complete, the latest first", board=True),
    Sheet("Due soon", "Milestones due soon", "Due within the days stated on the Cover", board=True),
    Sheet("By officer", "By lead officer", "What each officer leads, and who has not returned", board=True),
    Sheet(
        "Movement", "Movement since the last cycle", "Which ratings changed, and on whose word", board=True
    ),
    Sheet("Returns", "Returns", "Who was sent what and when, and what came back"),
    Sheet("Conflicts", "Conflicts to settle", "What people disagree on: choose, then merge again"),
    Sheet("Checks", "Checks", "What needs a person, and what to do about it"),
    Sheet("History", "History of every change", "Every change ever merged, from which file", protected=True),
    Sheet("Officers", "Officers", "Names, emails and other spellings of each lead officer"),
    Sheet("Calendar", "Calendar", "Cycles, board meetings, and dates of events"),
    Sheet("Priorities", "Priorities", "The plan's priorities in full"),
    Sheet(
        "RAG key", "RAG status key and definitions", "What each rating means, word for word", protected=True
    ),
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
