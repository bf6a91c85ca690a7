"""The paper as a page: whole by itself, fit for keyboard, screen reader and printer, and nothing run."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from dataclasses import fields, replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from sample_paper import AWKWARD, BY_PRIORITY, PAPER, RATINGS, TREND, paper_of, timeline_of

from lscb_workbook.board.content import Column, FrontMatter, Grid, Lines, Mark, Paragraph, Section, Word
from lscb_workbook.board.lettering import legible
from lscb_workbook.board.web import figures, write_web
from lscb_workbook.plan.colours import contrast

_VOID = {"meta", "img", "col", "link", "br", "input", "base"}


class Page(HTMLParser):
    """A page as its elements: each a tag, its attributes, the tags around it and the text in it."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...], list[str]]] = []
        self._open: list[int] = []
        self.feed(data.decode())
        self.close()
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        around = tuple(self.elements[at][0] for at in self._open)
        self.elements.append((tag, dict(attrs), around, []))
        if tag not in _VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for at in self._open:
            self.elements[at][3].append(data)

    def all(self, *tags: str) -> list[tuple[dict[str, str | None], str]]:
        """Attributes and text of each element of these tags."""
        return [(attributes, "".join(text)) for tag, attributes, _, text in self.elements if tag in tags]


@pytest.fixture(scope="module")
def made() -> bytes:
    return write_web(PAPER)


@pytest.fixture(scope="module")
def page(made: bytes) -> Page:
    return Page(made)


def test_the_same_paper_gives_the_same_bytes_in_another_process(made: bytes) -> None:
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}\nfrom sample_paper import PAPER\n"
        "from lscb_workbook.board.web import write_web\nsys.stdout.buffer.write(write_web(PAPER))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == made


def test_the_page_has_its_language_its_title_and_its_landmarks(made: bytes, page: Page) -> None:
    assert made.startswith(b"<!DOCTYPE html>\n<html ")
    assert page.all("html")[0][0] == {"lang": "en-GB"}
    assert page.all("title")[0][1] == f"{PAPER.title} - {PAPER.board}"
    tags = Counter(tag for tag, *_ in page.elements)
    assert [tags[tag] for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert [text for _, text in page.all("h2")] == ["Contents", *(one.heading for one in PAPER.sections)]
    assert [text for attributes, text in page.all("p") if attributes.get("class") == "notice"] == [
        PAPER.notice
    ]


def test_the_first_link_skips_to_the_paper_and_every_link_leads_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes, *_ in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    links = [attributes["href"] for attributes, _ in page.all("a")]
    assert links[0] == "#main"
    assert all(link and link.removeprefix("#") in ids for link in links)
    assert [text for attributes, text in page.all("a")][1:] == [one.heading for one in PAPER.sections]
    labels = [
        attributes["aria-labelledby"]
        for _, attributes, *_ in page.elements
        if "aria-labelledby" in attributes
    ]
    assert set(labels) <= set(ids)


def test_every_heading_cell_says_what_it_heads_and_every_table_has_a_caption(page: Page) -> None:
    heads = page.all("th")
    assert heads
    assert {attributes.get("scope") for attributes, _ in heads} == {"row", "col"}
    assert all(text for _, text in heads)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(text for _, text in page.all("caption"))
    assert {around[-1] for tag, _, around, _ in page.elements if tag == "caption"} == {"table"}


def test_every_picture_has_its_words_and_its_figures_beside_it(page: Page) -> None:
    pictures = page.all("img")
    assert [attributes["alt"] for attributes, _ in pictures][:2] == [BY_PRIORITY.alt, TREND.alt]
    assert all(
        attributes["alt"] and attributes["width"] and attributes["height"] for attributes, _ in pictures
    )
    inside = [tag for tag, _, around, _ in page.elements if "figure" in around]
    assert inside.count("table") == len(page.all("figure")) == 4
    cells = [
        text
        for tag, _, around, said in page.elements
        if "details" in around and tag in ("th", "td")
        for text in ["".join(said)]
    ]
    assert cells[:12] == [
        "Priority",
        *(word.text for word in RATINGS),
        "1 Neglect and early help",
        "1",
        "2",
        "1",
        "0",
        "1",
    ]


def test_a_timelines_figures_say_when_and_whether_it_moved() -> None:
    rows = figures(timeline_of(3)).rows
    assert rows[1] == (
        "2.1.1 Report to the board on the audit and what it changed",
        Word("Met", "A9DDB1", "0E4620"),
        "day 37",
        "Not moved",
    )
    bare = timeline_of(1)
    marks = (Mark("Early", -1, 40, RATINGS[0]), Mark("Late", 400, 400, RATINGS[0]))
    bare = replace(bare, drawing=replace(bare.drawing, marks=marks))  # type: ignore[arg-type]
    assert [row[2:] for row in figures(bare).rows] == [
        ("Before the period", "May"),
        ("After the period", "Not moved"),
    ]


def test_wide_tables_can_be_scrolled_from_the_keyboard(page: Page) -> None:
    regions = [attributes for attributes, _ in page.all("div")]
    assert len(regions) == len(page.all("table")) - 1  # all but the one on the front
    for attributes in regions:
        assert attributes["tabindex"] == "0"
        assert attributes["role"] == "region"
        assert attributes["aria-labelledby"]
    style = page.all("style")[0][1]
    assert ":focus-visible { outline: 3px" in style
    assert "outline: none" not in style


def test_nothing_is_fetched_and_nothing_is_run(made: bytes, page: Page) -> None:
    tags = {tag for tag, *_ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "svg"}
    for _, attributes, *_ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset")]
    assert all(str(one["src"]).startswith("data:image/svg+xml;base64,") for one, _ in page.all("img"))
    style = page.all("style")[0][1]
    assert not re.search(r"url\(|@import|expression", style)
    (policy,) = [
        one["content"] for one, _ in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    for attributes, _ in page.all("img"):
        drawn = base64.b64decode(str(attributes["src"]).partition(",")[2])
        assert not re.search(rb"<script|<image|href=\"http", drawn)
    assert b"{{" not in made
    assert b"{%" not in made


@pytest.mark.parametrize("text", AWKWARD)
def test_text_comes_back_whole_wherever_it_stands(text: str) -> None:
    grid = Grid(text, (Column(text), Column("Other")), ((text, Word(text, "FFFFFF", "000000")),))
    paper = replace(
        PAPER,
        board=text,
        title=text,
        front=FrontMatter(*(text for _ in fields(FrontMatter))),
        notice=text,
        sections=(Section(text, (Paragraph(text), Paragraph(text, strong=True), Lines((text,)), grid)),),
    )
    page, expected = Page(write_web(paper)), legible(text)
    found = [said for _, said in page.all("p", "li", "h1", "h2", "td", "th", "a")]
    # the head; its table; a heading, its entry in the contents and its link; three blocks; three cells
    assert found.count(expected) == 3 + 6 + 3 + 3 + 3
    assert page.all("caption")[1][1] == f"Table 1. {expected}"
    assert {tag for tag, *_ in page.elements} == {
        tag for tag, *_ in Page(write_web(paper_of(PLAIN))).elements
    }


PLAIN = Section(
    "One", (Paragraph("text"), Lines(("text",)), Grid("Key", (Column("Rating"), Column("b")), (("a", "b"),)))
)


def test_line_breaks_are_shown() -> None:
    style = Page(write_web(paper_of(PLAIN))).all("style")[0][1]
    assert "p, li, h1, h2, td, th, caption, figcaption { white-space: pre-wrap; }" in style


def test_a_table_without_rows_says_none_and_is_not_counted(page: Page) -> None:
    assert "Missed: none." in [text for _, text in page.all("p")]
    numbers = [re.match(r"Table (\d+)\. ", text) for _, text in page.all("caption")]
    assert [int(found[1]) for found in numbers if found] == [1, 2, 3, 4]


def test_the_page_prints_on_a4_with_headings_repeated_and_wide_sections_turned(page: Page) -> None:
    style = page.all("style")[0][1]
    assert "@page { size: A4;" in style
    assert "@page wide { size: A4 landscape; }" in style
    assert "thead { display: table-header-group; }" in style
    wide = [one["id"] for one, _ in page.all("section") if one.get("class") == "wide"]
    assert wide == [f"section-{at}" for at, one in enumerate(PAPER.sections, start=1) if one.wide]


def _grounds() -> list[dict[str, str]]:
    """The colours of the page by light, in the dark, and in print."""
    text = resources.files("lscb_workbook.board").joinpath("paper.css.j2").read_text(encoding="utf-8")
    found = [
        dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})", part))
        for part in re.findall(r":root \{(.*?)\}", text, re.S)
    ]
    whole = [colours for colours in found if len(colours) > 5]
    plain = [found[0] | colours for colours in found if 0 < len(colours) <= 3]
    assert len(whole) == 3
    assert len(plain) == 2
    return whole + [{name: one[name] for name in ("paper", "ink", "pale") if name in one} for one in plain]


@pytest.mark.parametrize("look", _grounds())
def test_every_ink_can_be_read_on_its_ground(look: dict[str, str]) -> None:
    pairs = [("ink", "paper"), ("ink", "pale"), ("title", "paper"), ("accent", "paper"), ("link", "paper")]
    for ink, ground in [*pairs, ("head-ink", "head"), ("ink", "pale")]:
        if ink in look:
            assert contrast(look[ink], look[ground]) >= 4.5, (ink, ground)
    if "focus" in look:
        assert contrast(look["focus"], look["paper"]) >= 3
    if "line" in look:
        assert contrast(look["line"], look["paper"]) >= 3


def test_ratings_have_their_colours_by_classes_with_ink_that_can_be_read(page: Page) -> None:
    style = page.all("style")[0][1]
    looks = re.findall(r"\.(look-\d+) \{ background: #([0-9A-F]{6}); color: #([0-9A-F]{6})", style)
    assert {(fill, ink) for _, fill, ink in looks} >= {(word.fill, word.ink) for word in RATINGS}
    assert all(contrast(fill, ink) >= 4.5 for _, fill, ink in looks)
    used = {part for _, one, *_ in page.elements for part in (one.get("class") or "").split()}
    assert {name for name, *_ in looks} <= used
