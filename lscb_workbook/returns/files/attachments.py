"""Telling what is attached to a mail from what mail programs add to it."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from lscb_workbook.returns.files.labels import label
from lscb_workbook.returns.files.litter import is_litter

__all__ = ["attachment_name", "is_added", "is_picture"]

_ADDED_TYPES = {
    "application/ics",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "message/delivery-status",
    "message/disposition-notification",
    "text/calendar",
    "text/rfc822-headers",
    "text/vcard",
    "text/x-vcard",
}
_ADDED_ENDINGS = {".ics", ".p7s", ".vcf"}
_PICTURE_ENDINGS = {".bmp", ".emf", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".tif", ".tiff", ".webp", ".wmf"}
_ENDINGS = {
    "application/ms-tnef": ".dat",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": ".xlsb",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_KNOWN = mimetypes.MimeTypes()
"""The standard library's own types only, the same on every computer."""


def is_added(name: str, kind: str) -> bool:
    """Whether an attachment of this name and content type was added by a program: invitations, signatures."""
    return kind in _ADDED_TYPES or PurePosixPath(name.casefold()).suffix in _ADDED_ENDINGS or is_litter(name)


def is_picture(name: str, kind: str) -> bool:
    """Whether an attachment is a picture, by its content type or name."""
    return kind.startswith("image/") or PurePosixPath(name.casefold()).suffix in _PICTURE_ENDINGS


def attachment_name(name: str, number: int, kind: str) -> str:
    """An attachment's name; that of the ``number``-th where the mail gives none."""
    ending = _ENDINGS.get(kind) or _KNOWN.guess_extension(kind) or ""
    return label(name, otherwise=f"attachment {number}{ending}")
