"""What keeps a hostile container from harm: sizes judged beforehand, every fault told as the file's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from lscb_workbook.returns.files.limits import RATIO_FROM, SHEETS, Limits
from lscb_workbook.returns.files.opened import UnreadableError

__all__ = [
    "NESTING",
    "attempt",
    "guarded",
    "refuse_nesting",
    "refuse_number",
    "refuse_sheets",
    "refuse_size",
]

NESTING = 20
"""How deep the parts of a mail may lie one inside the other."""

T = TypeVar("T")


@contextmanager
def guarded(reason: str) -> Iterator[None]:
    """Tell whatever goes wrong inside as the file's fault, with this reason.

    Running out of memory is the limit of the reading process and is told by whoever set it.
    """
    try:
        yield
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes a reader raise anything
        raise UnreadableError("return-unreadable", reason) from error


def attempt(ask: Callable[[], T], otherwise: T) -> T:
    """What ``ask`` gives; ``otherwise`` where the file is too damaged for it to say."""
    try:
        return ask()
    except MemoryError:
        raise
    except Exception:  # one damaged value must not lose the rest of the file
        return otherwise


def refuse_size(limits: Limits, own: int, total: int, files: int) -> None:
    """Refuse a container of ``own`` bytes that would unpack to ``total`` bytes in so many files."""
    size = f"it would unpack to {_mb(total)} in {files:,} file{'' if files == 1 else 's'}"
    if total > limits.unpacked_bytes:
        raise UnreadableError(
            "return-too-large", f"{size}, more than the {limits.unpacked_bytes // 1_000_000:,} MB allowed"
        )
    if total > RATIO_FROM and total > own * limits.ratio:
        raise UnreadableError(
            "return-too-large", f"{size}, more than the {limits.ratio:,} times its own size allowed"
        )


def refuse_number(limits: Limits, files: int) -> None:
    """Refuse a container that holds so many files."""
    if files > limits.entries:
        raise UnreadableError(
            "return-too-large", f"it holds {files:,} files, more than the {limits.entries:,} allowed"
        )


def refuse_sheets(sheets: int) -> None:
    """Refuse a workbook of so many sheets."""
    if sheets > SHEETS:
        raise UnreadableError("return-too-large", f"it has {sheets:,} sheets, more than the {SHEETS} allowed")


def refuse_nesting(depth: int) -> None:
    """Refuse what lies so deep in a mail."""
    if depth > NESTING:
        raise UnreadableError("return-too-large", f"its mails are nested more than {NESTING} deep")


def _mb(size: int) -> str:
    """Rounded up, so that what is over a limit never reads as equal to it."""
    return f"{-(-size // 1_000_000):,} MB"
