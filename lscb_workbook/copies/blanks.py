"""The empty officer's copy: the template that ships, or one drawn for other ratings."""

from __future__ import annotations

from lscb_workbook.copies.issuing import COPY_TEMPLATE
from lscb_workbook.plan.records import RagScheme
from lscb_workbook.tracker.blanks import looks_as_shipped
from lscb_workbook.tracker.reading import read_bytes

__all__ = ["blank_copy"]


def blank_copy(scheme: RagScheme) -> bytes:
    """An empty copy with colours and a drop-down for these ratings."""
    if looks_as_shipped(scheme):
        return read_bytes(COPY_TEMPLATE, "the copy template")
    from lscb_workbook.copies.drawing import draw_copy  # slow to load, and seldom needed

    return draw_copy(scheme)
