"""The charts of a paper: nothing cut off, nothing by colour alone, the same bytes."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from sample_paper import AWKWARD, BY_PRIORITY, RATINGS, TREND, timeline_of

from lscb_workbook.board.charts import PAGE_HEIGHT, draw
from lscb_workbook.board.content import Bars, Chart, Mark, Timeline, Word
from lscb_workbook.board.drawing import SIZE, Canvas, text_width, wrapped
from lscb_workbook.board.lettering import colours
from lscb_workbook.board.paging import MOST_ROWS, pages
from lscb_workbook.plan.colours import contrast

ODD = Chart(
    "Odd",
    "Odd.",
    Bars(AWKWARD, (Word("_a", "zz", ""), Word("$b$", "777777", "888888")), ((1,) * 9, (200,) * 9), "$axis$"),
)
EMPTY = Chart("None", "None.", Bars((), RATINGS, ((),) * 5, "Actions"))
NOUGHT = Chart("Nought", "Nought.", Bars(("One",), RATINGS, ((0,),) * 5, "Actions"))
TINY = Chart(
    "Tiny", "Tiny.", Bars(("One", "Two"), RATINGS, ((1, 0), (1, 1), (1, 0), (1, 0), (400, 1)), "Actions")
)
CHARTS = {
    "bars": BY_PRIORITY,
    "trend": TREND,
    "timeline": timeline_of(20),
    "no bars": EMPTY,
    "no columns": replace(EMPTY, drawing=replace(EMPTY.drawing, upright=True)),
    "no milestones": timeline_of(0),
    "nought": NOUGHT,
    "tiny pieces": TINY,
    "tiny pieces upright": replace(TINY, drawing=replace(TINY.drawing, upright=True)),
    "odd text": ODD,
    "odd text upright": replace(ODD, drawing=replace(ODD.drawing, upright=True)),
}


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Canvas]:
    """Every canvas that would be saved; it is not made into a picture, which takes longest."""
    saved: list[Canvas] = []

    def kept(canvas: Canvas, _: str) -> bytes:
        saved.append(canvas)
        return b""

    monkeypatch.setattr(Canvas, "save", kept)
    return saved


def said(canvas: Canvas) -> list[str]:
    return [text.get_text() for text in canvas._axes.texts]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=list(CHARTS))
@pytest.mark.parametrize("width", [120.0, 257.0])
def test_no_text_is_cut_off_or_below_nine_points(sheets: list[Canvas], chart: Chart, width: float) -> None:
    draw(chart, width=width)
    for canvas in sheets:
        target = FigureCanvasAgg(canvas._figure)
        target.draw()
        for text in canvas._axes.texts:
            box = text.get_window_extent(target.get_renderer())
            assert box.x0 >= 0, text
            assert box.y0 >= 0, text
            assert box.x1 <= canvas._figure.bbox.width, text
            assert box.y1 <= canvas._figure.bbox.height, text
            assert text.get_fontsize() == SIZE >= 9


DIGESTS = """
from hashlib import sha256
from lscb_workbook.board.charts import draw
from sample_paper import BY_PRIORITY, TREND, timeline_of

charts = {"bars": BY_PRIORITY, "trend": TREND, "timeline": timeline_of(9)}
for name, chart in charts.items():
    for kind in ("png", "svg"):
        print(name, kind, sha256(draw(chart, kind)[0].data).hexdigest())
"""


def test_the_same_charts_give_the_same_bytes_in_another_process(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exec(DIGESTS, {})
    code = f"import sys; sys.path[:0] = {sys.path!r}\n{DIGESTS}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(set(ran.stdout.split())) == 3 + 2 + 6
    assert ran.stdout == capsys.readouterr().out


def test_a_file_holds_no_date_and_no_program() -> None:
    svg = draw(TREND, "svg")[0].data
    assert re.search(rb"<dc:|<metadata|matplotlib|Created with", svg) is None
    png = draw(TREND)[0].data
    kinds, at = [], 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        kinds.append(kind)
        at += length + 12
    assert set(kinds) == {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


def test_each_piece_of_a_bar_says_its_number_and_each_series_has_a_hatch_of_its_own(
    sheets: list[Canvas],
) -> None:
    draw(BY_PRIORITY)
    texts = said(sheets[0])
    counts = [int(found[1]) for text in texts if (found := re.fullmatch(r"(?:[A-Z][a-z]+ )?(\d)", text))]
    assert sum(counts) == 27 + sum(range(7))  # the pieces, and the numbers along the axis
    hatches = [patch.get_hatch() for patch in sheets[0]._axes.patches if patch.get_hatch()]
    assert len(set(hatches)) == len(RATINGS) - 1  # Red has none


def test_a_piece_too_narrow_for_its_number_is_told_at_the_end_of_its_bar(sheets: list[Canvas]) -> None:
    draw(TINY)
    assert "Red 1, Amber 1, Green 1, Purple 1" in said(sheets[0])


def test_a_series_that_is_nought_this_cycle_leaves_the_others_as_they_look(sheets: list[Canvas]) -> None:
    def looks(values: tuple[tuple[int, ...], ...]) -> list[tuple[object, str]]:
        draw(Chart("", "", Bars(("One",), RATINGS, values, "Actions")))
        legend = [patch for patch in sheets.pop()._axes.patches if patch.get_width() == 5.4]
        return [(patch.get_facecolor(), patch.get_hatch()) for patch in legend]

    assert looks(((3,), (1,), (4,), (1,), (5,))) == looks(((0,), (9,), (0,), (0,), (0,)))


def test_a_mark_says_its_state_in_words_and_has_the_states_own_shape(sheets: list[Canvas]) -> None:
    chart = timeline_of(3)
    draw(chart)
    draw(replace(chart, drawing=replace(chart.drawing, marks=chart.drawing.marks[2:])))  # type: ignore[union-attr]

    def shape(canvas: Canvas, colour: str) -> set[str]:
        lines = canvas._axes.lines
        return {str(line.get_marker()) for line in lines if line.get_markerfacecolor() == f"#{colour}"} - {
            "|"
        }

    assert said(sheets[0]).count("Met") == 2  # in the legend, and beside its mark
    assert "\N{LEFTWARDS ARROW} Missed" in said(sheets[0])  # the day lies before the year
    assert shape(sheets[0], "FFFFFF") == shape(sheets[1], "FFFFFF") != shape(sheets[0], "A9DDB1")


def test_the_day_of_the_paper_is_a_line_with_its_label(sheets: list[Canvas]) -> None:
    draw(timeline_of(3))
    assert "As at 1 October 2016" in said(sheets[0])
    assert [line.get_linestyle() for line in sheets[0]._axes.lines].count("--") == 1


@pytest.mark.parametrize("rows", [1, 39, 40, 41, 85])
@pytest.mark.parametrize("height", [PAGE_HEIGHT, 146.0])
def test_a_long_chart_goes_on_in_another_picture_with_every_row_once(
    sheets: list[Canvas], rows: int, height: float
) -> None:
    pictures = draw(timeline_of(rows), height=height)
    assert all(picture.height <= height for picture in pictures)
    texts = [text for sheet in sheets for text in said(sheet)]
    for row in range(1, rows + 1):
        assert sum(text.split(" ")[0] == f"{row}.1.1" for text in texts) == 1
    assert len(pictures) >= rows / MOST_ROWS
    if len(pictures) > 1:
        assert pictures[1].title == f"Milestones (part 2 of {len(pictures)})"
        assert f"Part 2 of {len(pictures)}, from " in pictures[1].alt


def test_a_row_taller_than_a_page_is_a_picture_of_its_own() -> None:
    long = Mark("word " * 2000, 1, 1, RATINGS[0])
    chart = Chart("", "", Timeline((long, long), ((0, "Apr"),), 30, 3, "now"))
    assert len(draw(chart)) == 2


@pytest.mark.parametrize("text", AWKWARD)
def test_text_is_broken_into_lines_that_fit_and_nothing_of_it_is_lost(text: str) -> None:
    lines = wrapped(text, 40)
    assert all(text_width(line) <= 40 for line in lines)
    kept = "".join("".join(lines).split())
    assert len(kept) == len("".join(text.replace("\x00", "0").split()))


@pytest.mark.parametrize(
    "word", [*RATINGS, Word("", "777777", "888888"), Word("", "red", "#12"), Word("", "000000", "000001")]
)
def test_ink_can_always_be_read_on_its_fill(word: Word) -> None:
    fill, ink = colours(word)
    assert contrast(fill, ink) >= 4.5
    if word in RATINGS:
        assert (fill, ink) == (word.fill, word.ink)


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert contrast("000000", "FFFFFF") == 21
    assert round(contrast("777777", "FFFFFF"), 2) == 4.48


@pytest.mark.parametrize("upright", [False, True])
def test_a_long_bar_chart_goes_on_within_the_page_and_on_the_same_scale(
    sheets: list[Canvas], upright: bool
) -> None:
    labels = tuple(f"Bar {number}" for number in range(90))
    values = (tuple(number + 1 for number in range(90)),)
    pictures = draw(Chart("", "", Bars(labels, RATINGS[:1], values, "Actions", upright)))
    assert len(pictures) > 2
    assert all(picture.height <= PAGE_HEIGHT for picture in pictures)
    lengths = []
    for sheet in sheets:
        boxes = [patch for patch in sheet._axes.patches if patch.get_width() != 5.4]  # not the legend's
        lengths += [patch.get_height() if upright else patch.get_width() for patch in boxes]
    assert len(lengths) == 90
    assert lengths == pytest.approx([lengths[0] * value for value in values[0]])


@pytest.mark.parametrize("count", [0, 1, 2, 39, 40, 41, 80, 81, 123])
def test_no_picture_has_a_lone_row(count: int) -> None:
    for heights in ([5.0] * count, [5.0 + 9 * (number % 3) for number in range(count)]):
        found = pages(heights, 225, MOST_ROWS)
        assert [start for start, _ in found] == [0, *(end for _, end in found[:-1])]
        assert found[-1][1] == count
        assert all(sum(heights[start:end]) <= 225 and end - start <= MOST_ROWS for start, end in found)
        assert count == 1 or all(end - start != 1 for start, end in found)
