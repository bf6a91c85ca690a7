"""The reading process: opens one untrusted file after another and answers with plain records.

Started by ``reader.py``, which watches it and ends it where a file makes it too slow or too large. It
reads requests from standard input and writes answers to standard output, and ends with its input.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys

from lscb_workbook.returns.files.opened import Answer, Request, UnreadableError
from lscb_workbook.returns.files.opening import open_file

__all__ = ["main"]


def _answer(request: Request) -> Answer:
    data, name, limits, passwords, fills = request
    try:
        return open_file(data, name, limits, passwords, fills)
    except UnreadableError as error:
        return error.code, error.reason
    except MemoryError:
        return "return-stopped", "it needs more memory than there is"
    except Exception as error:
        return "return-unreadable", f"it is damaged: the reader fails on it ({type(error).__name__})"


def main() -> None:
    """Answer until there is nothing more to read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process itself
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(_answer(request), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
