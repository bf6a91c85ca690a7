"""The empty tracker that a new one is made from: the template that ships, or one drawn for other ratings."""

from __future__ import annotations

from lscb_workbook.plan.documents import default_scheme
from lscb_workbook.plan.records import RagScheme
from lscb_workbook.tracker.reading import read_bytes
from lscb_workbook.tracker.writing import template_path

__all__ = ["blank_tracker", "looks_as_shipped"]


def blank_tracker(scheme: RagScheme) -> bytes:
    """An empty tracker with columns, colours and charts for these ratings."""
    if looks_as_shipped(scheme):
        return read_bytes(template_path(), "the template")
    from lscb_workbook.tracker.drawing.tracker import draw_tracker  # slow to load, and seldom needed

    return draw_tracker(scheme)


def looks_as_shipped(scheme: RagScheme) -> bool:
    """Whether the templates that ship, which are drawn for the shipped plan, fit these ratings."""
    return _looks(scheme) == _looks(default_scheme())


def _looks(scheme: RagScheme) -> list[tuple[str, ...]]:
    return [(one.name, one.letter, one.fill, one.ink) for one in scheme.statuses]
