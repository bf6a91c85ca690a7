"""Officers' copies going out.

Each officer gets a workbook with just their rows of the plan, a guide with the RAG key, and, on a
very hidden sheet, the values as issued. What a copy is and whom it is for is carried in its document
properties and signed, so that a return can be told from a forgery.
"""

from lscb_workbook.copies.identity import Identity, signature, signed_by
from lscb_workbook.copies.issuing import COPY_TEMPLATE, Copy, copies_of, copy_name, copy_texts
from lscb_workbook.copies.rows import led_actions

__all__ = [
    "COPY_TEMPLATE",
    "Copy",
    "Identity",
    "copies_of",
    "copy_name",
    "copy_texts",
    "led_actions",
    "signature",
    "signed_by",
]
