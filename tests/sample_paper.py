"""A board paper like a real one, for tests of what writes papers: 27 actions, 600 words of commentary."""

from __future__ import annotations

from dataclasses import replace

from lscb_workbook.board.content import (
    Bars,
    Chart,
    Column,
    FrontMatter,
    Grid,
    Lines,
    Mark,
    Paper,
    Paragraph,
    Section,
    Timeline,
    Word,
)

__all__ = [
    "AWKWARD",
    "BY_PRIORITY",
    "LONG",
    "PAPER",
    "RATINGS",
    "TREND",
    "grid_of",
    "paper_of",
    "timeline_of",
]

RATINGS = (
    Word("Red", "F4A9A8", "6B0D0D"),
    Word("Amber", "FFD37A", "5A3A00"),
    Word("Green", "A9DDB1", "0E4620"),
    Word("Purple", "CDB8EC", "3F1673"),
    Word("White", "FFFFFF", "262626"),
)
STATES = (
    Word("Missed", "F4B6B0", "5F0F08"),
    Word("Met", "A9DDB1", "0E4620"),
    Word("To come", "FFFFFF", "262626"),
)
PRIORITIES = (
    "1 Neglect and early help",
    "2 Child sexual exploitation, going missing and trafficking",
    "3 Mental health of children and adolescents",
    "4 Domestic violence, substance misuse and adult mental ill health within families with children",
    "5 Learning and improvement",
    "6 Governance",
)
COUNTS = ((1, 0, 2, 0, 0, 0), (2, 1, 1, 0, 2, 0), (1, 4, 1, 3, 1, 0), (0, 0, 0, 1, 1, 0), (1, 1, 1, 1, 1, 1))
LONG = " ".join(["The audit of 24 cases found that neglect was named early in 19 of them."] * 43)
"""600 words of commentary."""

AWKWARD = (
    "{{ 7*7 }} {% raw %} {_{ title }_} {# x #}",
    "<b>bold</b> & &amp; \"quoted\" 'so' ]]> <!-- <w:t>",
    "=HYPERLINK(1) $x^2$ _x000D_ a\\b",
    "first line\nsecond line\n\nfourth\tafter a tab",
    "old line\rbreaks\x0bof\x0cevery\u2028kind\x85here\r\nend",
    "\x00null\x07bell\x1bescape\ud800half\ufffeset aside",
    "\N{PARTY POPPER} \N{FAMILY} \N{CJK UNIFIED IDEOGRAPH-5B69}",
    "\u0627\u0644\u0637\u0641\u0644 1.4 \u202eturned\u202c",
    "x" * 300,
)

BY_PRIORITY = Chart(
    "RAG rating of the actions",
    "Stacked bars, one for each priority: 27 actions.",
    Bars(PRIORITIES, RATINGS, COUNTS, "Number of actions", rows="Priority"),
)
TREND = Chart(
    "RAG rating by cycle",
    "Columns, one for each of 12 cycles.",
    Bars(
        tuple(f"2016-17 Q{number}" for number in range(1, 13)),
        RATINGS,
        tuple(tuple((number * step) % 9 for number in range(12)) for step in (1, 2, 4, 5, 7)),
        "Number of actions",
        upright=True,
        rows="Cycle",
    ),
)


def timeline_of(rows: int) -> Chart:
    """A year's timeline of so many milestones; every fourth was moved, the first lies before the year."""
    marks = tuple(
        Mark(
            f"{number + 1}.1.1 {'Report to the board on the audit and what it changed' * (number % 2)}",
            day := number * 37 % 365 - (number == 0),
            day - 20 if number % 4 == 0 else day,
            STATES[number % 3],
            when=f"day {day}",
        )
        for number in range(rows)
    )
    starts = (0, 30, 61, 91, 122, 153, 183, 214, 244, 275, 306, 334)
    names = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
    months = tuple(zip(starts, names, strict=True))
    return Chart("Milestones", "Timeline.", Timeline(marks, months, 365, 183, "As at 1 October 2016", STATES))


def grid_of(
    rows: int, *, caption: str = "Exceptions", commentary: str = "Behind plan.\nTwo of five held."
) -> Grid:
    """A table of so many actions; the third has the commentary given, the others a short one."""
    columns = (
        Column("Ref", 0.6),
        Column("Rating", 0.8),
        Column("Lead", 1.5),
        Column("Commentary", 4),
        Column("Days", 0.6, number=True),
    )
    lines = tuple(
        (
            f"R{n + 1}",
            RATINGS[n % 5],
            "Head of Early Help",
            commentary if n == 2 else "Behind plan.",
            str(30 + n),
        )
        for n in range(rows)
    )
    return Grid(caption, columns, lines)


def paper_of(*sections: Section) -> Paper:
    return replace(PAPER, sections=sections)


PAPER = Paper(
    board="Anytown Local Safeguarding Children Board",
    title="Business plan 2016-17: progress as at 1 October 2016",
    front=FrontMatter(
        meeting="Full board",
        date="12 October 2016",
        agenda_item="5",
        author="Business Manager",
        purpose="To tell the board how far the actions have come.",
        recommendation="That the board:\n1. note the progress;\n2. challenge the missed milestones.",
    ),
    sections=(
        Section(
            "Summary",
            (
                Paragraph("27 actions: 3 red, 6 amber, 10 green; 4 milestones missed.", strong=True),
                Paragraph("The figures come from the tracker."),
                Lines(("One action has moved.", "Two revised dates wait for approval.")),
                Grid(
                    "Ratings by priority",
                    (Column("Priority", 3), *(Column(word.text, number=True) for word in RATINGS)),
                    (
                        *(
                            (label, *(str(series[at]) for series in COUNTS))
                            for at, label in enumerate(PRIORITIES)
                        ),
                        ("All", *(str(sum(series)) for series in COUNTS)),
                    ),
                    total=True,
                ),
                BY_PRIORITY,
            ),
        ),
        Section("Trend", (TREND,)),
        Section("Exceptions", (grid_of(9, commentary=LONG),), wide=True),
        Section("Slippage", (grid_of(60, caption="All of them"), timeline_of(6)), wide=True),
        Section("Milestones", (timeline_of(20), Grid("Missed", (Column("Ref"),), ()))),
        Section(
            "What the ratings mean",
            (
                Grid(
                    "Key",
                    (Column("Rating"), Column("Meaning", 4)),
                    tuple((word, "Meaning") for word in RATINGS),
                ),
            ),
        ),
    ),
    as_at="2016-10-01",
    as_at_words="1 October 2016",
    notice="Public version.",
)
