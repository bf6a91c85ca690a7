"""Workbooks under a password: opened with one of those that the manager gave, never with a guess."""

from __future__ import annotations

import io
from collections.abc import Sequence

import msoffcrypto
from msoffcrypto.exceptions import InvalidKeyError

from lscb_workbook.returns.files.opened import UnreadableError

__all__ = ["decrypted", "is_protected"]

_EXCELS_OWN = "VelvetSweatshop"
"""What Excel encrypts a workbook with that is only to be opened read-only (MS-OFFCRYPTO, 2.4.2.3)."""


def is_protected(data: bytes) -> bool:
    """Whether an Office document (an Excel 97 workbook, say) is encrypted."""
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # it is for whoever opens it to say what is wrong with it
        return False


def decrypted(data: bytes, passwords: Sequence[str]) -> bytes:
    """The document within. Raises UnreadableError where none of the passwords opens it."""
    for password in (_EXCELS_OWN, *filter(None, passwords)):
        try:
            inner = io.BytesIO()
            book = msoffcrypto.OfficeFile(io.BytesIO(data))
            book.load_key(password=password)
            book.decrypt(inner)
        except InvalidKeyError:
            continue
        except Exception as error:
            raise UnreadableError("return-unreadable", f"its encryption is damaged ({error})") from None
        return inner.getvalue()
    count = sum(map(bool, passwords))
    tried = {0: "no password was given", 1: "the password given does not open it"}
    raise UnreadableError("return-protected", tried.get(count, f"none of the {count} passwords opens it"))
