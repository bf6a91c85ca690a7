"""The layout of an officer's copy: the tracker's own columns, those that an officer needs."""

from __future__ import annotations

from lscb_workbook.tracker.columns import Column, Kind, Sheet, Table, Writer
from lscb_workbook.tracker.layout import (
    COMMENTARY,
    COMPLETED,
    EVIDENCE,
    NOTE,
    PLAN_TEXT,
    RATING,
    REVISED,
    STATUS,
)

__all__ = ["COPY_SCHEMA", "COPY_SHEETS", "COPY_TABLES"]

COPY_SCHEMA = 2
"""The version of what a copy carries and where; a copy of another one is not read."""

_TABLES = (
    Table(
        "MyActions",
        "Actions",
        (
            Column("ref", "Ref", 6, Kind.TEXT, Writer.PLAN),
            *PLAN_TEXT,
            RATING,
            COMMENTARY,
            EVIDENCE,
        ),
        row=5,
    ),
    Table(
        "GuideKey",
        "Guide and RAG key",
        (Column("name", "Status", 14, Kind.RATING), Column("definition", "Definition", 110, Kind.LONG)),
        row=14,
    ),
    Table(
        "MyMilestones",
        "Milestones",
        (
            Column("id", "Milestone", 10, Kind.TEXT, Writer.PLAN),
            Column("text", "Milestone as written", 48, Kind.LONG, Writer.PLAN),
            Column("words", "Deadline as written", 20, Kind.LONG, Writer.PLAN),
            Column("due", "Date that counts", 12, Kind.DATE, Writer.TOOL),
            STATUS,
            COMPLETED,
            REVISED,
            NOTE,
        ),
        row=5,
    ),
    Table("Identity", "_lscb", (Column("key", "Key", 20), Column("value", "Value", 80)), row=1),
)
COPY_TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
COPY_SHEETS = (
    Sheet("Actions", "Your actions", "", protected=True),
    Sheet("Guide and RAG key", "How to fill this in", "", protected=True),
    Sheet("Milestones", "Your milestones", "", protected=True),
    Sheet("_lscb", "", "", protected=True, hidden=True),
)
