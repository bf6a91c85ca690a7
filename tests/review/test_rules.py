"""Every rule of the review, each by the code of its finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from board_year import AS_AT, CYCLE, PLAN, SCHEME, cell, entries

from lscb_workbook.plan.catalogue import CATALOGUE, OF_REVIEW
from lscb_workbook.plan.records import Change, Cycle, Decision, Issued, RagScheme
from lscb_workbook.review import Review, review
from lscb_workbook.review.rules import ACTION_RULES, OFFICER_RULES
from lscb_workbook.review.rules.registry import action_rule

CYCLES = (Cycle(CYCLE, date(2016, 9, 1), date(2016, 9, 23)),)
DONE = {"1.1.1 status": "Complete", "1.1.1 completed_on": "2016-08-30"}


def reviewed(said: Mapping[str, str], *, as_at: date = AS_AT, **facts: object) -> Review:
    """A review of the small plan with these entries."""
    held = entries() | {cell(name): text for name, text in said.items()}
    return review(PLAN, held, as_at=as_at, **facts)  # type: ignore[arg-type]


def codes(said: Mapping[str, str], ref: str = "1.1", **facts: object) -> set[str]:
    """The codes of the findings about one action."""
    return {one.code for one in reviewed(said, **facts).findings if one.ref.startswith(ref)}  # type: ignore[arg-type]


# code, entries that break the rule, entries that keep it
CASES: tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...] = (
    ("rating-unknown", {"1.1 rating": "Pink"}, {"1.1 rating": "Red"}),
    ("rating-unknown", {"1.1 rating": ""}, {"1.1 rating": "White"}),
    ("rating-without-commentary", {"1.1 rating": "Red"}, {"1.1 rating": "Red", "1.1 commentary": "why"}),
    ("rating-without-commentary", {"1.1 rating": "Amber"}, {"1.1 rating": "Green"}),
    ("rating-contradicts-milestone", {"1.1 rating": "Green"}, {"1.1 rating": "Green"} | DONE),
    ("rating-contradicts-milestone", {"1.1 rating": "White"}, {"1.1 rating": "Amber"}),
    (
        "rating-contradicts-milestone",
        {"1.1 rating": "Green", "1.1.1 revised_date": "2016-12-01"},
        {"1.1 rating": "Green", "1.1.1 approved_date": "2016-12-01"},
    ),
    ("not-started-with-work-reported", {"1.1 evidence": "some"}, {"1.1 commentary": "not yet, because"}),
    ("not-started-with-work-reported", {"1.1.1 status": "In progress"}, {"1.1.1 status": "Not started"}),
    (
        "complete-without-evidence",
        {"1.1 rating": "Green"} | DONE,
        {"1.1 rating": "Green", "1.1 evidence": "e"} | DONE,
    ),
    (
        "withdrawn-without-reason",
        {"1.1 rating": "Purple"},
        {"1.1 rating": "Purple", "1.1 commentary": "the law changed"},
    ),
    ("milestone-missed", {}, DONE),
    ("milestone-missed", {"1.1.1 revised_date": "2016-12-01"}, {"1.1.1 approved_date": "2016-12-01"}),
    ("milestone-missed", {"1.1.1 status": "In progress"}, {"1.1.1 status": "No longer needed"}),
    (
        "revised-date-not-approved",
        {"1.1.1 revised_date": "2016-12-01"},
        {"1.1.1 revised_date": "2016-12-01", "1.1.1 approved_date": "2016-12-01"},
    ),
    (
        "approved-without-approver",
        {"1.1.1 approved_date": "2016-12-01", "1.1.1 approved_by": " "},
        {"1.1.1 approved_date": "2016-12-01", "1.1.1 approved_by": "the Board"},
    ),
    (
        "approved-before-due",
        {"1.1.1 approved_date": "2015-12-01"},
        {"1.1.1 approved_date": "2016-12-01"},
    ),
    ("completed-in-future", DONE | {"1.1.1 completed_on": "2016-11-30"}, DONE),
    ("completed-without-status", {"1.1.1 completed_on": "2016-08-30"}, DONE),
    ("complete-without-date", {"1.1.1 status": "Complete"}, DONE),
    ("master-cell-not-recognised", {"1.1.1 status": "nearly"}, {"1.1.1 status": "Complete"}),
    ("master-cell-not-recognised", {"1.1.1 approved_date": "soon"}, {"1.1.1 approved_date": "2016-12-01"}),
    ("personal-data", {"1.1 commentary": "NHS 943 476 5919"}, {"1.1 commentary": "943 476 5918 visits"}),
    ("personal-data", {"1.1 evidence": "pupil B801200005001"}, {"1.1 evidence": "form B80120000500"}),
    ("personal-data", {"1.1 commentary": "DOB 3.4.2009"}, {"1.1 commentary": "by 3.4.2009"}),
    ("personal-data", {"1.1 commentary": "lives at IG1 1DD"}, {"1.1 commentary": "see B12 3rd edition"}),
    ("personal-data", {"1.1 evidence": "moved to e17 4pp"}, {"1.1 evidence": "room e17 3rd floor, Q1 2016"}),
    ("personal-data", {"1.1 commentary": "ring 07700\n900123"}, {"1.1 commentary": "in 2016\n900 visits"}),
    ("personal-data", {"1.1 commentary": "jo @ lbr.gov.uk"}, {"1.1 commentary": "meet @ the hall"}),
    ("personal-data", {"1.1 commentary": "date of birth:\n3/4/2010"}, {"1.1 commentary": "3/4/2010"}),
    ("personal-data", {"1.1 commentary": "at IG1\n1DD"}, {"1.1 commentary": "Q1\n1st"}),
    ("personal-data", {"1.1.1 note": "write to jo.bloggs@example.org"}, {"1.1.1 note": "write to Jo"}),
)


@pytest.mark.parametrize(("code", "broken", "kept"), CASES)
def test_a_rule_finds_what_breaks_it_and_nothing_else(
    code: str, broken: Mapping[str, str], kept: Mapping[str, str]
) -> None:
    assert code in codes(broken)
    assert code not in codes(kept)


def change(name: str, decision: Decision = Decision.TAKEN, cycle: str = CYCLE) -> Change:
    return Change(cell(name), "", "", "x", "x", decision, "ann", "a.xlsx", "sha", cycle, date(2016, 9, 25))


@pytest.mark.parametrize(
    ("changes", "as_at", "silent"),
    [
        ((), AS_AT, True),
        ((), date(2016, 9, 23), False),
        ((change("1.1 commentary"),), AS_AT, False),
        ((change("1.1.1 status"),), AS_AT, False),
        ((change("1.2 commentary"),), AS_AT, True),
        ((change("1.1 commentary", Decision.REFUSED),), AS_AT, True),
    ],
)
def test_nothing_new(changes: tuple[Change, ...], as_at: date, silent: bool) -> None:
    assert ("nothing-new" in codes({}, history=changes, cycles=CYCLES, as_at=as_at)) is silent


def said(name: str, text: str, cycle: str, when: date) -> Change:
    return Change(cell(name), "", "", text, text, Decision.TAKEN, "ann", "a.xlsx", "sha", cycle, when)


@pytest.mark.parametrize(
    ("now", "others", "repeated"),
    [
        ("Work goes on.", ("1.1 rating",), True),
        ("work  goes on.", ("1.1 rating", "1.1 commentary"), True),
        ("Nine of ten are done.", ("1.1 rating", "1.1 commentary"), False),
        ("Work goes on.", (), False),
    ],
)
def test_commentary_repeated(now: str, others: tuple[str, ...], repeated: bool) -> None:
    before = said("1.1 commentary", "Work goes on.", "Q1", date(2016, 7, 1))
    texts = {"1.1 rating": "Amber", "1.1 commentary": now}
    later = [said(name, texts[name], CYCLE, date(2016, 9, 25)) for name in others]
    found = codes(texts, history=(before, *later), cycles=CYCLES)
    assert ("commentary-repeated" in found) is repeated
    assert ("nothing-new" in found) is not bool(others)


def issued(returned_on: date | None = None) -> Issued:
    return Issued(CYCLE, "ann", "a.xlsx", date(2016, 9, 1), date(2016, 9, 23), returned_on)


@pytest.mark.parametrize(
    ("copy", "as_at", "silent"),
    [
        (issued(), AS_AT, True),
        (issued(), date(2016, 9, 23), False),
        (issued(date(2016, 9, 20)), AS_AT, False),
    ],
)
def test_no_return(copy: Issued, as_at: date, silent: bool) -> None:
    found = reviewed({}, cycles=CYCLES, issued=(copy,), as_at=as_at)
    assert ("no-return" in {one.code for one in found.findings}) is silent
    assert found.ratings["1.1"] == "White"


def test_every_rule_has_its_case() -> None:
    tested = {code for code, _, _ in CASES} | {"nothing-new", "no-return", "commentary-repeated"}
    tested.add("complete-with-open-milestones")  # of boards that rate what is complete by a status of its own
    assert ACTION_RULES.keys() | OFFICER_RULES.keys() <= tested


def test_a_code_is_used_once_and_is_in_the_catalogue() -> None:
    for code in ("milestone-missed", "not-in-the-catalogue"):
        with pytest.raises(ValueError, match=code):
            action_rule(code)(lambda _view: iter(()))


def test_a_finding_never_repeats_the_personal_data_it_is_about() -> None:
    secret = "943 476 5919"
    found = [
        one for one in reviewed({"1.1 commentary": f"NHS {secret}"}).findings if one.code == "personal-data"
    ]
    assert found
    assert all(secret not in one.message + one.action for one in found)


def test_rules_go_by_what_a_status_means_not_by_its_name() -> None:
    names = {"Red": "4", "Amber": "3", "Green": "1", "White": "0", "Purple": "x"}
    scheme = RagScheme(tuple(replace(status, name=names[status.name]) for status in SCHEME.statuses))
    held = entries() | {cell("1.1 rating"): "4", cell("1.2 rating"): "1"}
    found = review(replace(PLAN, scheme=scheme), held, as_at=AS_AT)
    by_ref = {(one.code, one.ref) for one in found.findings}
    assert ("rating-without-commentary", "1.1") in by_ref
    assert ("rating-contradicts-milestone", "1.2") in by_ref


def test_every_message_and_action_of_the_catalogue_says_something() -> None:
    assert all(entry.message.endswith((".", "}")) and entry.action for entry in CATALOGUE.values())


def test_what_a_review_finds_has_a_title_and_a_question_to_the_lead_where_one_is_to_be_asked() -> None:
    for code, entry in OF_REVIEW.items():
        assert entry.title, code
        assert entry.question.endswith("?") or entry.question.endswith(".") or "Ask" not in entry.action, code
    (one,) = (one for one in reviewed({"1.1 rating": "Purple"}).findings if "withdrawn" in one.code)
    assert one.question.startswith("Action 1.1 is rated Purple.")
