"""Letters made from templates: what they ask, that all can read them, and that a template can do no harm."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from board_year import AS_AT, PLAN, cell, entries
from jinja2 import Environment, meta
from post.smtp import CYCLE, MANAGER, TRACKER

from lscb_workbook.plan.documents import default_plan
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Cell, Change, Cycle, Decision, Field, Officer, Plan
from lscb_workbook.post import (
    Attachment,
    Kind,
    Letter,
    Occasion,
    Sender,
    Templates,
    bounds,
    issue_letters,
    letter,
)
from lscb_workbook.post.gaps import AskedOf
from lscb_workbook.post.handover import HandedMilestone, HandedOver, LastSaid
from lscb_workbook.post.letters import TEMPLATES
from lscb_workbook.post.receipts import Acknowledged, ReceiptAction
from lscb_workbook.post.receipts import Fate as Became
from lscb_workbook.review import review

USUAL = Templates()
OFFICER = Officer("ann", "Head of Research & Data", "LBR", "ann@council.example")


def occasion(plan: Plan = PLAN) -> Occasion:
    cycle = Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 23))
    return Occasion(TRACKER, plan.board, plan.title, cycle, plan.scheme, MANAGER, date(2016, 9, 1))


def issued(plan: Plan, said: dict[Cell, str], as_at: date, officer: Officer, **how: object) -> Letter:
    """The letter that goes with an officer's copy."""
    found = review(plan, said, as_at=as_at)
    copy = Attachment("copy & co.xlsx", b"copy")
    (made,) = issue_letters(
        plan, [(officer, copy)], occasion(plan), ratings=found.ratings, states=found.milestones,
        templates=USUAL, **how,  # type: ignore[arg-type]
    )  # fmt: skip
    return made


RATING, STATUS = Cell("1.1", "", Field.RATING), Cell("1.1", "1.1.1", Field.STATUS)
SAID = (LastSaid("Commentary", "Begun <soon>", "Bob", date(2016, 6, 30)), LastSaid("RAG rating", "Amber"))
REFUSED = Acknowledged(
    STATUS, "f", "1.1.1", "Status", Became.NOT_ACCEPTED, "Done-ish", "", "None.", "Choose <one>."
)
FACTS: dict[Kind, dict[str, object]] = {
    Kind.RECEIPT: {
        "received": date(2016, 9, 20),
        "files": ("my return <final>.xlsx",),
        "needs": (REFUSED,),
        "asked": (),
        "actions": (
            ReceiptAction("1.1", "Ask & listen", (
                Acknowledged(RATING, "f", "", "RAG rating", Became.RECOGNISED, "ambr ", "Amber", "Why <so>."),
                REFUSED,
            )),
            ReceiptAction("1.2", "Learn", ()),
        ),
        "notes": ("A picture on sheet 2 was not read.",),
    },
    Kind.REMINDER: {
        "reasons": ("We have not yet had your <workbook>.",),
        "came_back": False,
        "actions": (),
        "refs": ("1.1", "2.3"),
        "gaps": (),
        "days": -4,
        "handed_over": (
            HandedOver("2.3", "Train", "Bob", SAID, (
                HandedMilestone("2.3.1", "Book", "by May", date(2016, 5, 31), SAID[:1]),
            )),
        ),
        "reminded": (),
    },
    Kind.ESCALATION: {
        "reasons": ("The copy has not come back.",),
        "came_back": False,
        "actions": (),
        "refs": ("1.1",),
        "gaps": (),
        "days": -8,
        "handed_over": (),
        "reminded": (date(2016, 9, 20), date(2016, 9, 27)),
    },
}  # fmt: skip


EMPTY: dict[str, object] = {"actions": (), "overdue": (), "file": "x", "protected": False, "leaver": ""}
"""Of a letter with a copy that asks about nothing."""


def made(kind: Kind, **changed: object) -> Letter:
    if kind is Kind.ISSUE:
        return issued(PLAN, entries(), AS_AT, replace(OFFICER, key="ann"))
    return letter(kind, OFFICER, occasion(), FACTS[kind] | changed, templates=USUAL)


def words(html: str) -> list[str]:
    """The words of a page that is well formed, as they are seen."""
    _, _, page = html.partition("\n")
    page = re.sub(r"(?s)<head>.*</head>|<br>", " ", page)
    page = re.sub(r"<(?=td|th|p|li|h\d|caption)", " <", page)
    return "".join(ElementTree.fromstring(page).itertext()).split()


# --- what is asked ---------------------------------------------------------------------------


def test_the_letter_with_a_copy_asks_by_when_by_ref_and_says_what_is_overdue() -> None:
    plan = default_plan()
    officer = next(one for one in plan.officers if one.title == "Head of Research and Data, LBR")
    refs = [action.ref for action in plan.actions if officer.key in action.leads]
    rated = {Cell(refs[0], "", Field.RATING): "Amber"}
    made = issued(plan, rated, date(2017, 3, 1), officer)
    assert made.subject == f"{plan.board}: your actions for {CYCLE}, please return by 23 September 2016"
    assert "send the attached workbook back by 23 September 2016" in " ".join(made.text.split())
    assert re.findall(r"^(\d+\.\d+) \(", made.text, re.M) == refs
    assert f"{refs[0]} (rated Amber now): " in made.text
    assert f"{refs[1]} (not yet rated this year): " in made.text
    states = review(plan, rated, as_at=date(2017, 3, 1)).milestones
    late = [s for s in states if officer.key in s.milestone.leads and s.state.value == "missed"]
    assert late
    overdue, _, rest = made.text.partition("WHAT WE ASK")
    assert re.findall(r"^([\d.]+), due .*?, (\d+) days? ago", overdue, re.M) == [
        (s.milestone.id, str(s.days_late)) for s in late
    ]
    assert not [s.milestone.id for s in late if s.milestone.id in rest]
    for status in plan.scheme.statuses:
        assert plain(f"{status.name} ({status.letter}): {status.definition}") in plain(made.text)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_where_nothing_is_overdue_nothing_is_said_of_it() -> None:
    closed = entries() | {cell("1.1.1 status"): "Complete", cell("1.2.1 status"): "Complete"}
    assert "overdue" in issued(PLAN, entries(), AS_AT, OFFICER).text.casefold()
    none = issued(PLAN, closed, AS_AT, OFFICER)
    assert "overdue" not in (none.text + none.html).casefold()


def test_an_action_that_was_carried_forward_is_asked_about_with_the_ref_it_had() -> None:
    carried = tuple(replace(one, carried="3.2 of 2015-16\n1.1 of 2014-15") for one in PLAN.actions[:1])
    plan = replace(PLAN, actions=(*carried, *PLAN.actions[1:]))
    made = issued(plan, {}, date(2016, 6, 1), plan.officers[0])
    for said in (made.text, made.html):
        assert "1.1 (carried forward from 3.2 of 2015-16; not yet rated this year)" in plain(said)
    assert "1.2 (not yet rated this year)" in plain(made.text)


def test_the_plans_rating_counts_as_none_until_somebody_gave_it() -> None:
    given = Change(
        RATING, "White", "White", "White", "White", Decision.ALREADY, "ann", "f", "0", CYCLE, AS_AT
    )
    assert "1.1 (not yet rated this year): " in issued(PLAN, entries(), AS_AT, OFFICER).text
    rated = issued(PLAN, entries(), AS_AT, OFFICER, history=(given,)).text
    assert "1.1 (rated White now): " in rated
    assert "1.2 (not yet rated this year): " in rated
    agreed = replace(given, decision=Decision.AGREED_IN_PLAN)
    assert (
        "1.1 (not yet rated this year): " in issued(PLAN, entries(), AS_AT, OFFICER, history=(agreed,)).text
    )


def test_what_came_back_and_waits_is_told_so_and_is_neither_unrated_nor_overdue() -> None:
    def waits(name: str, text: str, officer: str = "ann") -> Change:
        return Change(cell(name), "", "", text, "", Decision.PROPOSED, officer, "f", "0", CYCLE, AS_AT)

    history = (
        waits("1.1 rating", "Green"),
        waits("1.1.1 status", "Complete"),
        waits("1.2 rating", "Red", "bob"),
    )
    sent = issued(PLAN, entries(), AS_AT, OFFICER, history=history)
    for text in (plain(sent.text), " ".join(words(sent.html))):
        assert "1.1 (your rating came back and waits to be decided by the business manager): " in text
        assert "1.2 (not yet rated this year): " in text
        overdue, _, rest = text.casefold().partition("what we ask")
        assert ("1.1.1, due" in overdue, "1.2.1, due" in overdue) == (False, True)
        assert (
            "milestone 1.1.1, due 31 august 2016 (what came back of it waits to be decided by the business "
            "manager)" in rest
        )


def test_the_letter_with_a_copy_says_what_the_page_for_officers_says() -> None:
    said = plain(made(Kind.ISSUE).text)
    for part in (
        "propose a revised date", "do not name children", "leave a row as it is if nothing has changed",
        "Red and Amber need an explanation",
    ):  # fmt: skip
        assert part in said
    assert "leave a row as it is if nothing has changed" in plain(made(Kind.REMINDER, handed_over=()).text)


def test_a_leavers_letter_goes_to_the_successor_and_says_so() -> None:
    heir = Officer("bob", "Bob", "", "bob@council.example")
    made = issued(PLAN, entries(), AS_AT, OFFICER, heirs={"ann": heir})
    assert (made.officer, made.uid.officer, made.name, made.to) == (
        "ann",
        "ann",
        "Bob",
        "bob@council.example",
    )
    assert "actions of Head of Research & Data, LBR, from whom you have taken over" in plain(made.text)
    assert "from whom you have taken over" in " ".join(words(made.html))
    assert "taken over" not in issued(PLAN, entries(), AS_AT, OFFICER).text


def test_what_is_done_is_not_asked_for_again() -> None:
    done = entries() | {cell("1.1.1 status"): "Complete"}
    assert "1.1.1" in issued(PLAN, entries(), AS_AT, OFFICER).text
    assert "1.1.1" not in issued(PLAN, done, AS_AT, OFFICER).text


def test_a_letter_says_that_a_copy_is_protected() -> None:
    assert "password" not in made(Kind.ISSUE).text
    protected = issued(PLAN, entries(), AS_AT, OFFICER, protected=True)
    assert "password, which you get separately" in plain(protected.text)
    assert "password, which you get separately" in protected.html


def test_a_letter_knows_which_it_is_and_to_whom_it_goes() -> None:
    first = made(Kind.ISSUE)
    assert first.uid == (TRACKER, CYCLE, "ann", "issue", 1)
    assert (first.name, first.to) == ("Head of Research & Data, LBR", "ann@council.example")
    boss = letter(
        Kind.ESCALATION,
        OFFICER,
        occasion(),
        FACTS[Kind.ESCALATION],
        templates=USUAL,
        number=4,
        addressee=MANAGER,
    )
    assert boss.uid == (TRACKER, CYCLE, "ann", "escalation", 4)
    assert (boss.name, boss.to) == (MANAGER.name, MANAGER.email)
    assert "Head of Research & Data, LBR" in boss.text


@pytest.mark.parametrize(("days", "said"), [
    (3, "Please send it by 23 September 2016, 3 working days from now."),
    (0, "Please send it today, 23 September 2016."),
    (-1, "It was due on 23 September 2016, 1 working day ago: please send it as soon as you can."),
])  # fmt: skip
def test_a_reminder_counts_working_days(days: int, said: str) -> None:
    reminder = made(Kind.REMINDER, days=days)
    assert said in plain(reminder.text)
    assert said in " ".join(words(reminder.html))
    assert "missing" not in reminder.text


@pytest.mark.parametrize("kind", Kind)
def test_a_letter_is_a_letter_signed_once_and_folded(kind: Kind) -> None:
    manager = replace(occasion(), board="A board", sender=Sender("The business manager, A board", ""))
    letter_ = letter(kind, OFFICER, manager, FACTS.get(kind) or EMPTY, templates=USUAL)
    whom = "manager of " * (kind is Kind.ESCALATION) + "Head of Research & Data, LBR"
    assert letter_.text.startswith(f"Dear {whom},\n")
    assert letter_.text.endswith("\nThank you,\n\nThe business manager, A board\n")
    assert max(map(len, letter_.text.split("\n"))) <= 76
    assert made(kind).text.endswith(f"\nThank you,\n\n{MANAGER.name}\nA board\n")


def test_a_managers_letter_is_short_and_asks_the_officer_nothing() -> None:
    text = made(Kind.ESCALATION).text
    assert len(text.split("\n\n")) == 5
    assert text.count("?") == 0
    assert "yours to answer" not in text


def test_a_managers_letter_calls_no_return_overdue_that_came() -> None:
    silent = made(Kind.ESCALATION)
    came = made(Kind.ESCALATION, came_back=True, reasons=("The rating of 1.1 (Red) lacks its reason.",))
    assert silent.subject == f"A board: the return of {OFFICER.title} for {CYCLE} is overdue"
    assert came.subject == f"A board: something is still needed in the return of {OFFICER.title} for {CYCLE}"
    for one, overdue in ((silent, True), (came, False)):
        for text in (plain(one.text), " ".join(words(one.html))):
            assert ("was due on 23 September 2016, 8 working days ago" in text) is overdue
            assert ("has come, and something is still needed in it. The rating of 1.1" in text) is not overdue
            assert len(one.text.split("\n\n")) == 5


def test_who_returned_is_asked_each_action_once_and_told_to_send_again() -> None:
    asked = (AskedOf("1.1", "Ask & listen", ("Is it done?", "Is the <rating> right?")),)
    one = made(Kind.REMINDER, came_back=True, actions=asked, handed_over=())
    assert "WHAT WE NEED\n\n1.1: Ask & listen\n  - Is it done?\n  - Is the <rating> right?\n" in one.text
    assert "send it again" in plain(one.text)
    assert "from now" not in one.text


def test_a_successor_is_told_of_no_workbook_that_they_were_sent() -> None:
    text = plain(made(Kind.REMINDER).text)
    assert "ask for it" in text
    assert "that we sent" not in text
    copy = Attachment("Q2 - Bob.xlsx", b"copy")
    with_it = letter(
        Kind.REMINDER, OFFICER, occasion(), FACTS[Kind.REMINDER], templates=USUAL, attachments=(copy,)
    )
    assert "The workbook is attached: Q2 - Bob.xlsx." in plain(with_it.text)


def test_of_several_addresses_the_first_is_written_to() -> None:
    both = replace(OFFICER, email="Ann Day <ann@council.example>; pa@council.example")
    sent = letter(Kind.REMINDER, both, occasion(), FACTS[Kind.REMINDER], templates=USUAL)
    assert sent.to == "ann@council.example"
    odd = replace(OFFICER, email="ask Ann")
    assert letter(Kind.REMINDER, odd, occasion(), FACTS[Kind.REMINDER], templates=USUAL).to == "ask Ann"


def test_a_reminder_hands_over_what_was_a_leavers() -> None:
    text = made(Kind.REMINDER).text
    assert "2.3, from Bob: Train\n    Commentary: Begun <soon> (Bob, 30 June 2016)\n" in text
    assert "    RAG rating: Amber\n    Milestone 2.3.1: Book\n        Due 31 May 2016\n" in text
    assert "yours now" not in made(Kind.REMINDER, handed_over=()).text.casefold()


def test_a_receipt_says_that_nothing_more_is_needed_only_where_nothing_is() -> None:
    nothing = {"needs": (), "actions": ()}
    asked = "Your workbook came back with nothing filled in."
    done, more = made(Kind.RECEIPT, **nothing), made(Kind.RECEIPT, **nothing, asked=(asked,))
    assert more.subject.endswith("(something is still needed)")
    for text in (plain(more.text), " ".join(words(more.html))):
        assert f"{asked} To add what is missing, fill in the workbook and send it again." in text
        assert "Nothing more is needed" not in text
    assert "Nothing more is needed from you." in plain(done.text)
    assert "still needed" not in done.subject


def test_what_stands_first_in_a_receipt_is_not_called_the_rest() -> None:
    (first, _) = FACTS[Kind.RECEIPT]["actions"]  # type: ignore[misc]
    alone = made(Kind.RECEIPT, needs=(), actions=(replace(first, cells=first.cells[:1]),))
    for text in (alone.text.casefold(), " ".join(words(alone.html)).casefold()):
        assert "what became of what you sent" in text
        assert "the rest" not in text


def test_a_receipt_says_of_each_cell_what_became_of_it() -> None:
    text = made(Kind.RECEIPT).text
    first, _, rest = text.partition("WHAT BECAME OF THE REST")
    assert "1 entry needs you" in first
    assert "1.1.1, Status: not accepted\n  You wrote: Done-ish\n  The tracker has: nothing\n" in first
    assert "  None. Choose <one>.\n" in first
    assert "1.1, RAG rating: changed to a recognised value\n    You wrote: ambr\n" in rest
    assert "    The tracker has: Amber\n    Why: Why <so>.\n" in rest
    assert "Done-ish" not in rest
    assert "If anything here is wrong, please reply." in rest
    assert "A picture on sheet 2 was not read.\n" in text
    assert "thank you" in made(Kind.RECEIPT).subject.casefold()


# --- for everybody to read -------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_page_is_accessible(kind: Kind) -> None:
    html = made(kind).html
    assert html.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert html.count("<h1>") == 1
    levels = [int(level) for level in re.findall(r"<h(\d)>", html)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert re.search("<title>.+</title>", html)
    assert html.count("<table>") == html.count("<caption>")
    assert all('scope="' in head for head in re.findall(r"<th[ >][^>]*", html))
    assert not re.search(r"<(script|img|font|a )|src=|http", html)
    assert "color:" not in re.sub(r"color: #1a1a1a|background: #\w{6}", "", html)


@pytest.mark.parametrize("kind", Kind)
def test_the_plain_text_says_the_same(kind: Kind) -> None:
    """Every action, milestone, day and number of the page is in the text, or in the subject above it."""
    letter = made(kind)
    said = {word.strip(":;,.()") for word in words(letter.html) if re.search(r"\d", word)}
    plain = {word.strip(":;,.()") for word in f"{letter.subject} {letter.text}".split()}
    assert said <= plain
    for fact in ("Red", "Green") if kind is Kind.ISSUE else ():
        assert fact in letter.text


@pytest.mark.parametrize("kind", Kind)
def test_what_people_wrote_stays_text(kind: Kind) -> None:
    board = "<b>A</b> & \x07board\ud800"
    facts = FACTS.get(kind) or EMPTY
    one = letter(kind, OFFICER, replace(occasion(), board=board), facts, templates=USUAL)
    assert "&lt;b&gt;A&lt;/b&gt; &amp; \ufffdboard\ufffd" in one.html
    assert "<b>A</b> & \ufffdboard\ufffd" in one.text
    words(one.html)


# --- a board's own templates -----------------------------------------------------------------


def own(folder: Path, text: str, name: str = "reminder.txt.j2") -> Templates:
    (folder / name).write_bytes(text.encode())
    return Templates(folder)


def reminded(templates: Templates) -> Letter:
    return letter(Kind.REMINDER, OFFICER, occasion(), FACTS[Kind.REMINDER], templates=templates)


def test_a_boards_own_template_takes_the_place_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "_greeting.txt.j2").write_text("Dear {{ officer.title }}")
    made = reminded(
        own(tmp_path, '\ufeffSubject: Hello\r\n  {{ board }}\r\n\r\n{% include "_greeting.txt.j2" %}')
    )
    assert made.subject == "Hello"
    assert made.text.replace("\r", "") == "A board\n\nDear Head of Research & Data, LBR\n"
    assert made.html == reminded(USUAL).html


def test_a_subject_is_one_line(tmp_path: Path) -> None:
    odd = replace(occasion(), board="A\r\nBcc: everybody@example.org")
    made = letter(Kind.REMINDER, OFFICER, odd, FACTS[Kind.REMINDER], templates=own(
        tmp_path, "Subject: {{ board | replace('\\n', ' ') }}\n\nx"))  # fmt: skip
    assert made.subject == "A Bcc: everybody@example.org"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Subject: x\n\n{{ offcer.title }}", 3),
        ("Subject: x\n{{ officer.titel }}", 2),
        ("Subject: x\n\n\n{% if %}", 4),
        ("Subject: x\n{% for one in days %}{% endfor %}", 2),
        ("Subject: x\n{{ 1 / 0 }}", 2),
        ("Subject: x\n{{ gaps[7].ref }}", 2),
        ("Subject: x\n{{ days | nonsense }}", 2),
        ("Subject: x\n{{ today | day(1, 2) }}", 2),
        ("Subject: x\n{{ ''.__class__.__mro__ }}", 2),
        ("Subject: x\n{{ board.format.__globals__ }}", 2),
        ("Subject: x\n{{ range(10 ** 9) | list }}", 2),
    ],
)
def test_a_mistake_in_a_template_is_told_with_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(WorkbookError) as told:
        reminded(own(tmp_path, text))
    assert f"line {line} of the template {tmp_path / 'reminder.txt.j2'}: " in str(told.value)
    assert str(told.value).endswith("Nothing was sent.")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('Subject: x\n\n{% include "issue.txt.j2" %}', 3, "goes on into itself without end"),
        (
            "Subject: x\n{% macro m() %}\n{{ m() }}{% endmacro %}\n{{ m() }}",
            3,
            "goes on into itself without end",
        ),
        (
            "Subject: x\n\n{% for a in range(9999) %}{% for b in range(99999) %}{{ 1 }}{% endfor %}"
            "{% endfor %}",
            3,
            "takes more than 0.7 seconds",
        ),
        ("Subject: x\n\n\n{{ 'x' * 9000000000 }}", 4, "takes more memory than there is"),
        (
            "Subject: x\n\n{% set n = namespace(x='aaaa') %}{% for b in range(99) %}\n"
            "{% set n.x = n.x ~ n.x %}{% endfor %}",
            4,
            "more (than 600 MB of memory|memory than there is)",
        ),
        ("Subject: x\n\n{{ 'x' | center(6000000) }}", None, "a letter of more than 5,000,000 characters"),
    ],
    ids=["includes itself", "calls itself", "loops", "large at once", "grows", "long"],
)
def test_a_template_without_end_is_told_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int | None, said: str
) -> None:
    if "0.7" in said:
        monkeypatch.setattr(bounds, "SECONDS", 0.7)
    (tmp_path / "issue.txt.j2").write_text(text)
    place = f"line {line} of the template" if line else "the template"
    with pytest.raises(WorkbookError, match=rf"{place} {tmp_path}/issue.txt.j2: .*{said}.* Nothing was sent"):
        letter(Kind.ISSUE, OFFICER, occasion(), FACTS.get(Kind.ISSUE) or EMPTY, templates=Templates(tmp_path))


@pytest.mark.parametrize("text", ["Dear you", "Subject:\n\nDear you", ""])
def test_a_template_begins_with_a_subject(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkbookError, match="must begin with a line like"):
        reminded(own(tmp_path, text))


def test_a_template_includes_nothing_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "own"
    folder.mkdir()
    with pytest.raises(WorkbookError, match="secret") as told:
        reminded(own(folder, 'Subject: x\n{% include "../secret" %}'))
    assert "line 2" in str(told.value)


def test_a_template_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "reminder.txt.j2").write_bytes("Subject: Wŷn".encode("utf-16"))
    with pytest.raises(WorkbookError, match="is not in UTF-8"):
        reminded(Templates(tmp_path))


def test_a_template_that_no_letter_uses_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"isue.txt.j2 is no letter's template"):
        own(tmp_path, "Subject: x", "isue.txt.j2")
    with pytest.raises(WorkbookError, match="cannot be read"):
        Templates(tmp_path / "nowhere")


def test_the_page_for_managers_names_all_that_the_usual_templates_use() -> None:
    page = (Path(__file__).parents[2] / "docs" / "post.md").read_text(encoding="utf-8")
    told = {name.partition(".")[0] for name in re.findall(r"`([\w.]+)`", page)}
    parser = Environment(autoescape=True)
    parser.filters |= dict.fromkeys(("day", "counted", "listed", "lines", "wrap"), str)
    for path in TEMPLATES.iterdir():
        used = meta.find_undeclared_variables(parser.parse(path.read_text(encoding="utf-8")))
        assert used <= told, path


def test_every_kind_has_its_templates() -> None:
    assert {path.name for path in TEMPLATES.iterdir() if not path.name.startswith("_")} == {
        f"{kind}.{form}.j2" for kind in Kind for form in ("txt", "html")
    }
