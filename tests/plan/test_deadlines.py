"""Deadlines out of free text: what boards write, and what is read in it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lscb_workbook.plan.deadlines import read_deadline, split_deadlines
from lscb_workbook.plan.records import (
    AfterEvent,
    AtBoard,
    Due,
    EndOfPlanYear,
    NotStated,
    OnDate,
    Ongoing,
    PlanYear,
    Repeating,
    SeeAction,
)

YEAR = PlanYear(date(2016, 4, 1), date(2017, 3, 31))

# text | day | the words that state it ("" for the whole text)
DAYS = """
31.8.16                                             | 2016-08-31 |
30 09 2016                                          | 2016-09-30 |
30 09 16                                            | 2016-09-30 |
31.12.2016                                          | 2016-12-31 |
by 31.03.2017                                       | 2017-03-31 |
Complete by 30 09 2016                              | 2016-09-30 | by 30 09 2016
30/09/16                                            | 2016-09-30 |
30-09-2016                                          | 2016-09-30 |
2016-09-30                                          | 2016-09-30 |
03.04.16                                            | 2016-04-03 |
6.2.16                                              | 2016-02-06 |
31st Dec 2016                                       | 2016-12-31 |
30 September 2016                                   | 2016-09-30 |
30-Sep-16                                           | 2016-09-30 |
the 1st of July 2016                                | 2016-07-01 | 1st of July 2016
Monday 3rd October 2016                             | 2016-10-03 |
September 30, 2016                                  | 2016-09-30 |
12 October                                          | 2016-10-12 |
12 January                                          | 2017-01-12 |
Recruit by 30.6.17.                                 | 2017-06-30 | by 30.6.17
LSCB on 18 July 2016                                | 2016-07-18 | on 18 July 2016
31.12.16 at the latest                              | 2016-12-31 | 31.12.16
before 1.9.16                                       | 2016-08-31 |
Sept 16                                             | 2016-09-30 |
Dec-16                                              | 2016-12-31 |
September 2016                                      | 2016-09-30 |
by February 2016                                    | 2016-02-29 |
by end March 2017                                   | 2017-03-31 |
by the end of March 2017                            | 2017-03-31 |
By end of Feb 2015                                  | 2015-02-28 |
end of September                                    | 2016-09-30 |
by January                                          | 2017-01-31 |
before September 2016                               | 2016-08-31 |
June/July 2012                                      | 2012-07-31 |
July – September 2016                               | 2016-09-30 |
between April and June 2016                         | 2016-06-30 | between April and June 2016
October – December                                  | 2016-12-31 |
end of Q2                                           | 2016-09-30 |
Q4                                                  | 2017-03-31 |
Q3 2016/17                                          | 2016-12-31 |
Q3 16/17                                            | 2016-12-31 |
Q1 - Q2                                             | 2016-09-30 |
third quarter                                       | 2016-12-31 |
in Quarter 1 of 2022/23                             | 2022-06-30 |
w/c 3 October 2016                                  | 2016-10-09 |
week commencing 3.10.16                             | 2016-10-09 |
week ending 7 October 2016                          | 2016-10-07 |
1-5 October 2016                                    | 2016-10-05 |
By 2018                                             | 2018-12-31 |
by the end of 2016                                  | 2016-12-31 |
by 2017/18                                          | 2018-03-31 |
within 3 months of 1.4.16                           | 2016-07-01 |
Revised plan (approved July 2015) published by 30.6.16 | 2016-06-30 | by 30.6.16
Quarterly report to the Executive by 30.6.16        | 2016-06-30 | by 30.6.16
Ongoing, review by March 2017                       | 2017-03-31 | by March 2017
Complete 2016/17 Section 11 audit programme by 31.3.17 | 2017-03-31 | by 31.3.17
Audit programme agreed for year by 30.4.16          | 2016-04-30 | by 30.4.16
Training programme to run across financial year 2012/13 | 2013-03-31 | across financial year 2012/13
Evaluation of Hub to be received in June/July 2012  | 2012-07-31 | in June/July 2012
March 2015 as per training strategy                 | 2015-03-31 | March 2015
By end of March annually                            | 2017-03-31 |
31 August (annually)                                | 2016-08-31 |
end of March each year                              | 2017-03-31 |
Report to cabinet every March                       | 2017-03-31 | every March
April 2023 – June 2023                              | 2023-06-30 |
W/C 19, 26 May and 2 June                           | 2016-06-08 |
W/C 19, 26 May and 2 June 2014                      | 2014-06-08 |
w/c 3rd & 10th October 2016                         | 2016-10-16 |
w/c 3 October 2016, 10 October 2016 and 17 October  | 2016-10-23 |
"""

# words that say when, without a day of their own
OTHERS: list[tuple[str, Due]] = [
    ("LSCB January 2017", AtBoard("LSCB January 2017", 2017, 1)),
    ("LSCB April 2016", AtBoard("LSCB April 2016", 2016, 4)),
    ("July 2016 Board", AtBoard("July 2016 Board", 2016, 7)),
    ("for July 2016 Board.", AtBoard("July 2016 Board", 2016, 7)),
    ("agreed by LSCB July 2016", AtBoard("LSCB July 2016", 2016, 7)),
    ("Report to the Board meeting in July 2016", AtBoard("Board meeting in July 2016", 2016, 7)),
    ("LSCB January", AtBoard("LSCB January", 2017, 1)),
    ("with follow up report January 2017", AtBoard("follow up report January 2017", 2017, 1)),
    ("achieved in 2016/17", EndOfPlanYear("in 2016/17", YEAR.last)),
    ("achieved in 2016/17 compared to 2015/16 baseline", EndOfPlanYear("in 2016/17", YEAR.last)),
    ("by year end", EndOfPlanYear("by year end", YEAR.last)),
    ("by the end of the financial year", EndOfPlanYear("by the end of the financial year", YEAR.last)),
    ("April 2016 – March 2017", EndOfPlanYear("April 2016 – March 2017", YEAR.last)),
    ("1 April 2016 to 31 March 2017", EndOfPlanYear("1 April 2016 to 31 March 2017", YEAR.last)),
    (
        "implemented within 3 months of publication by the DfE.",
        AfterEvent("within 3 months of publication by the DfE", "publication by the DfE", 3, "months"),
    ),
    ("two weeks after the launch", AfterEvent("two weeks after the launch", "launch", 2, "weeks")),
    ("quarterly subsequently", Repeating("quarterly subsequently", "quarter")),
    ("Quarterly", Repeating("Quarterly", "quarter")),
    ("monthly", Repeating("monthly", "month")),
    ("annually", Repeating("annually", "year")),
    ("every week", Repeating("every week", "week")),
    ("across financial year 2016/17", EndOfPlanYear("across financial year 2016/17", YEAR.last)),
    ("during business year 2016-17", EndOfPlanYear("during business year 2016-17", YEAR.last)),
    ("Ongoing", Ongoing("Ongoing")),
    ("on-going.", Ongoing("on-going")),
    ("see 6.2", SeeAction("see 6.2", "6.2")),
    (
        "Timescales to be determined in 2016/17 audit programme – see 6.2",
        SeeAction("see 6.2", "6.2"),
    ),
]

NOT_UNDERSTOOD = """
TBC
31.2.16
30.13.16
9/30/16
2016-13-01
31 June 2016
March 31
Q2 2016
early 2017
mid September 2016
Spring 2017
summer term
from 1 April 2016
September 2016 onwards
by 31/8
within 10 working days of referral
within 3 months
half-yearly
every 6 months
next year
as soon as possible
by 11/12
by end of the academic year
by 2016/19
"""

NO_DEADLINE = """
Section 11
CSE National Awareness Day 2017
Reduction from 15/16 baseline in number of missing episodes
compared to 2015/16 baseline
from 2015/16 baseline
minimum of four
Redbridge Action Days (RADs)
Operation MakeSafe 2
Update 2015 risk and problem profile
the Board may agree
phase 2 may start
ongoing support programme
quarterly data set developed
reduced by 10%
reduced by 2.5%
100% of places booked and 95% attendance
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "day", "words"), rows(DAYS))
def test_a_period_is_due_on_its_last_day(text: str, day: str, words: str) -> None:
    assert read_deadline(text, YEAR) == OnDate(words or text, date.fromisoformat(day))


@pytest.mark.parametrize(("text", "due"), OTHERS)
def test_a_deadline_without_a_day_says_what_it_waits_for(text: str, due: Due) -> None:
    assert read_deadline(text, YEAR) == due


@pytest.mark.parametrize("text", [row[0] for row in rows(NOT_UNDERSTOOD)])
def test_what_is_not_understood_is_kept_in_its_words_and_no_date_is_guessed(text: str) -> None:
    due = read_deadline(text, YEAR)
    assert isinstance(due, NotStated)
    assert due.words
    assert due.words in text


@pytest.mark.parametrize("text", ["", *(row[0] for row in rows(NO_DEADLINE))])
def test_figures_and_years_that_are_no_deadline_are_left_alone(text: str) -> None:
    assert read_deadline(text, YEAR) == NotStated("")


def test_quarters_and_bare_months_follow_the_plan_year() -> None:
    calendar = PlanYear(date(2020, 1, 1), date(2020, 12, 31))
    assert read_deadline("end of Q2", calendar) == OnDate("end of Q2", date(2020, 6, 30))
    assert read_deadline("Q3 2020", calendar) == OnDate("Q3 2020", date(2020, 9, 30))
    assert read_deadline("by January", calendar) == OnDate("by January", date(2020, 1, 31))
    assert read_deadline("by end of 2020", calendar) == EndOfPlanYear("by end of 2020", calendar.last)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "Report to LSCB July 2016, with follow up report January 2017",
            ("Report to LSCB July 2016", "with follow up report January 2017"),
        ),
        (
            "Full reporting to LSCB July 2016, and quarterly subsequently",
            ("Full reporting to LSCB July 2016", "and quarterly subsequently"),
        ),
        (
            "First report to LSCB April 2016 Second report to LSCB October 2016",
            ("First report to LSCB April 2016", "Second report to LSCB October 2016"),
        ),
        (
            "Complete profile by 31.8.16. Report to LSCB January 2017 on success.",
            ("Complete profile by 31.8.16.", "Report to LSCB January 2017 on success."),
        ),
        ("Draft by 30.6.16 and final by 30.9.16", ("Draft by 30.6.16", "and final by 30.9.16")),
        ("Draft by 31.2.16, final by 30.9.16", ("Draft by 31.2.16", "final by 30.9.16")),
        ("31.7.16\n30.9.16", ("31.7.16", "30.9.16")),
        ("1 April 2016 to 31 March 2017", ("1 April 2016 to 31 March 2017",)),
        ("Ongoing, review by March 2017", ("Ongoing, review by March 2017",)),
        ("Pathway agreed", ("Pathway agreed",)),
    ],
)
def test_a_sentence_that_states_two_deadlines_is_parted(text: str, pieces: tuple[str, ...]) -> None:
    assert split_deadlines(text, YEAR) == pieces


def test_a_day_is_never_moved_off_a_weekend_or_a_bank_holiday() -> None:
    sunday, christmas = date(2016, 7, 31), date(2016, 12, 25)
    assert (sunday.weekday(), christmas.weekday()) == (6, 6)
    assert read_deadline("by 31.7.16", YEAR) == OnDate("by 31.7.16", sunday)
    assert read_deadline("July 2016", YEAR) == OnDate("July 2016", sunday)
    assert read_deadline("25 December 2016", YEAR) == OnDate("25 December 2016", christmas)


def test_a_day_that_is_no_whole_week_later_does_not_lengthen_a_list_of_weeks() -> None:
    due = read_deadline("w/c 3 October 2016, 12 October 2016", YEAR)
    assert due == OnDate("w/c 3 October 2016", date(2016, 10, 9))


def test_two_days_that_cannot_be_parted_leave_the_deadline_not_stated() -> None:
    due = read_deadline("visits 1.5.16 or 1.6.16", YEAR)
    assert due == NotStated("1.5.16 or 1.6.16")


# --- laws ------------------------------------------------------------------------------------

WORDS = [
    *(row[0] for row in rows(DAYS) + rows(NOT_UNDERSTOOD) + rows(NO_DEADLINE)),
    *(text for text, _ in OTHERS),
    *("by", "before", "end", "of", "in", "from", "the", "and", "with", "then", "report", "LSCB", "Board"),
    *(",", ".", ";", "–", "-", "/", "(", ")", "July", "Sept", "2016", "16", "31", "Q2"),
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=30)


@given(TEXTS)
def test_the_words_of_a_deadline_stand_in_the_text_and_read_the_same_again(text: str) -> None:
    due = read_deadline(text, YEAR)
    assert due.words in text
    assert read_deadline(due.words, YEAR) == due


@given(TEXTS)
def test_parting_loses_no_word(text: str) -> None:
    assert " ".join(split_deadlines(text, YEAR)).replace(",", " ").split() == text.replace(",", " ").split()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_day_first_however_it_is_written(day: date) -> None:
    written = (
        f"{day:%d.%m.%y}",
        f"{day.day}/{day.month}/{day:%Y}",
        f"{day.day} {day:%B %Y}",
        f"{day:%d-%b-%y}",
    )
    for words in (*written, day.isoformat()):
        assert read_deadline(f"Complete by {words}", YEAR) == OnDate(f"by {words}", day)
