"""A sheet to draw on, in millimetres from its upper left corner: boxes, lines, marks and measured text.

matplotlib draws it, with no state of its own: no window, no settings file, no font but the one it brings. So
one version of matplotlib gives the same bytes everywhere.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import matplotlib
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import Rectangle

from lscb_workbook.board.lettering import legible

__all__ = ["LINE", "SIZE", "Canvas", "Kind", "clipped", "settings", "text_width", "wrapped"]

Kind = Literal["png", "svg"]
SIZE = 9.5
"""Points of all text in a chart: never below 9 in print."""
LINE = 4.3
"""Millimetres from one line of text to the next."""

_MM = 25.4
_DPI = 200
_SETTINGS = {
    "svg.hashsalt": "lscb-workbook",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "hatch.linewidth": 0.5,
    "path.simplify": False,
}


@contextmanager
def settings() -> Iterator[None]:
    """The only settings that count while something is drawn and saved, whatever a user's own file says."""
    with matplotlib.style.context(["default", _SETTINGS]):
        yield


@functools.lru_cache(8192)
def text_width(text: str, *, bold: bool = False) -> float:
    """How wide a line of text is, in millimetres."""
    font = _font(bold)
    font.set_size(SIZE, 72)
    font.set_text(_drawable(text), 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 / 72 * _MM


def wrapped(text: str, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than ``width`` millimetres, broken between words where that can be."""
    lines: list[str] = []
    for given in _drawable(legible(text)).split("\n"):
        line = ""
        for word in given.split():
            while text_width(word, bold=bold) > width and len(word) > 1:
                if line:
                    lines.append(line)
                    line = ""
                head = clipped(word, width, bold=bold)
                head = head[: head.rfind("-") + 1] or head
                lines.append(head)
                word = word[len(head) :]
            longer = f"{line} {word}".strip()
            if line and text_width(longer, bold=bold) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def clipped(word: str, width: float, *, bold: bool = False) -> str:
    """As many of the first letters as fit in ``width`` millimetres, but one at least."""
    fitting = (end for end in range(len(word), 1, -1) if text_width(word[:end], bold=bold) <= width)
    return word[: next(fitting, 1)]


class Canvas:
    """A white sheet of ``width`` by ``height`` millimetres, used within ``settings``. Colours are RRGGBB."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / _MM, height / _MM), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._drawn = 0

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, edge: str, hatch: str = ""
    ) -> None:
        """A rectangle; its hatch is drawn pale, so that a label upon it can be read."""
        place, paint = (x, y), f"#{fill}"
        if hatch:
            pale = (*_rgb(edge), 0.35)
            self._axes.add_patch(
                Rectangle(
                    place,
                    width,
                    height,
                    hatch=hatch,
                    facecolor=paint,
                    edgecolor=pale,
                    linewidth=0,
                    zorder=self._next(),
                )
            )
            paint = "none"
        self._axes.add_patch(
            Rectangle(
                place,
                width,
                height,
                facecolor=paint,
                edgecolor=f"#{edge}",
                linewidth=0.6,
                zorder=self._next(),
            )
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, *, width: float = 0.6,
        dashes: bool = False,
    ) -> None:  # fmt: skip
        """A line of ``width`` points."""
        style = "--" if dashes else "-"
        self._axes.plot(
            (start[0], end[0]),
            (start[1], end[1]),
            style,
            color=f"#{colour}",
            linewidth=width,
            zorder=self._next(),
        )

    def mark(self, x: float, y: float, shape: str, fill: str, edge: str, *, size: float = 7) -> None:
        """A mark of ``size`` points, of one of matplotlib's marker shapes."""
        self._axes.plot(
            [x], [y], shape, markersize=size, markerfacecolor=f"#{fill}", markeredgecolor=f"#{edge}",
            markeredgewidth=1.0, zorder=self._next(),
        )  # fmt: skip

    def text(
        self, x: float, y: float, text: str, colour: str = "262626", *, bold: bool = False,
        align: Literal["left", "center", "right"] = "left", ground: str = "",
    ) -> None:  # fmt: skip
        """A line of text with its middle at ``y``, on a box in the colour ``ground`` where that is given."""
        box = {"facecolor": f"#{ground}", "edgecolor": "none", "pad": 0.8} if ground else None
        self._axes.text(
            x, y, _drawable(text), color=f"#{colour}", fontsize=SIZE, ha=align, va="center_baseline",
            bbox=box, fontproperties=_face(bold), parse_math=False, zorder=self._next(),
        )  # fmt: skip

    def block(
        self, x: float, middle: float, lines: Sequence[str], *,
        align: Literal["left", "center", "right"] = "left",
    ) -> None:  # fmt: skip
        """Lines of text one below the other, centred upon ``middle``."""
        top = middle - LINE * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            self.text(x, top + number * LINE, line, align=align)

    def _next(self) -> int:
        """What is drawn later lies on top."""
        self._drawn += 1
        return self._drawn

    def save(self, kind: Kind) -> bytes:
        """The drawing as a file, without a date or the name of a program in it."""
        target = io.BytesIO()
        nothing: dict[str, None] = {"Software": None}
        if kind == "svg":
            nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        self._figure.savefig(target, format=kind, metadata=nothing, facecolor="white")
        return target.getvalue()


@functools.cache
def _font_file(bold: bool) -> Path:
    return Path(matplotlib.get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' if bold else ''}.ttf")


@functools.cache
def _font(bold: bool) -> FT2Font:
    return FT2Font(str(_font_file(bold)))


def _face(bold: bool) -> FontProperties:
    return FontProperties(fname=str(_font_file(bold)), size=SIZE)


@functools.cache
def _known(bold: bool) -> frozenset[int]:
    return frozenset(_font(bold).get_charmap())


def _drawable(text: str) -> str:
    """The text with U+FFFD for what the font lacks, such as emoji: matplotlib would warn and draw a box."""
    known = _known(False) & _known(True)
    plain = text.replace("\t", " ")
    return "".join(letter if letter == "\n" or ord(letter) in known else "\ufffd" for letter in plain)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue
