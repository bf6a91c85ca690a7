"""The pictures of docs/ are what the tool prints today: same tabs, same numbers of pages, same look.

Each picture is made anew, both are reduced to squares of 13 points' width, and the darkness of these may
differ by little: other versions of a program draw letters otherwise, a broken layout moves whole blocks.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from conformance import missing
from PIL import Image

from lscb_workbook.board import office_program

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
SQUARE = 10  # pixels at the pictures' 56 dots an inch: 13 points
MEAN, WORST_SHARE = 0.02, 0.03
"""How far the squares' darkness (0 to 1) may differ on average, and what share of them by over a quarter."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if office_program() is None:
        missing("LibreOffice")
    if shutil.which("pdftoppm") is None:
        missing("pdftoppm (poppler-utils)")
    folder = tmp_path_factory.mktemp("pictures")
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "scripts" / "pictures.py")
    assert spec
    assert spec.loader
    pictures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pictures)
    pictures.make(folder)
    return folder


def squares(image: Image.Image) -> np.ndarray:
    """The darkness of each square of a picture, 0 (white) to 1."""
    grey = 1 - np.asarray(image.convert("L"), dtype=float) / 255
    height, width = (size // SQUARE * SQUARE for size in grey.shape)
    tiles = grey[:height, :width].reshape(height // SQUARE, SQUARE, width // SQUARE, SQUARE)
    return tiles.mean(axis=(1, 3))


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures show another layout."""
    if one.size != other.size:
        return True
    apart = np.abs(squares(one) - squares(other))
    return bool(apart.mean() > MEAN or (apart > 0.25).mean() > WORST_SHARE)


def test_the_same_tabs_and_papers_have_the_same_numbers_of_pages(made: Path) -> None:
    then, now = ((folder / "pages.json").read_text(encoding="utf-8") for folder in (PICTURES, made))
    assert json.loads(now) == json.loads(then)


def test_each_picture_shows_what_the_tool_prints_today(made: Path) -> None:
    names = sorted(path.name for path in PICTURES.glob("*.png"))
    assert names == sorted(path.name for path in made.glob("*.png"))
    changed = [n for n in names if differs(Image.open(PICTURES / n), Image.open(made / n))]
    assert changed == [], "Look at them, and if they are right run scripts/pictures.py."


def test_a_broken_layout_is_noticed() -> None:
    """A table moved by a column's width, a block left out, another page's size: each is told apart."""
    page = Image.open(PICTURES / "exceptions.png").convert("L")
    moved = Image.new("L", page.size, 255)
    moved.paste(page, (40, 0))
    assert differs(page, moved)
    cut = page.copy()
    cut.paste(255, (0, page.height // 3, page.width, page.height))
    assert differs(page, cut)
    assert differs(page, page.rotate(90, expand=True))
    assert not differs(page, page)
