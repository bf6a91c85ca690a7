"""The reading process: opens one untrusted file after another and answers with plain records.

Started by ``reader.py``, which watches it and ends it where a file makes it too slow or too large. It
reads requests from standard input and writes answers to standard output, and ends with its input.
"""

from __future__ import annotations

import gc
import io
import pickle
import struct

from lscb_workbook.processes import questions_and_answers
from lscb_workbook.returns.files.opened import (
    TOKEN,
    Answer,
    Request,
    Requests,
    UnreadableError,
    token_of_answer,
)
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
    requests, answers = questions_and_answers()
    gc.freeze()  # what is loaded by now is never let go of
    while head := requests.read(TOKEN + 8):
        token, (size,) = head[:TOKEN], struct.unpack_from("<Q", head, TOKEN)
        asked: Requests = pickle.loads(requests.read(size))
        files, limits, fills = asked
        for number, (data, name, passwords) in enumerate(files):
            answer = _pickled(_answer((data, name, limits, passwords, fills)))
            answers.write(token_of_answer(token, number) + struct.pack("<Q", len(answer)) + answer)
            answers.flush()  # what is said stands, whatever the next file does to this process


def _pickled(answer: Answer) -> bytes:
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True  # no cell is the same object as another
    pickler.dump(answer)
    return file.getvalue()


if __name__ == "__main__":
    main()
