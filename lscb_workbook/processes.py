"""Processes of our own that do for this one what must not harm it, and how the two talk.

Such a process runs a module of this package. It is asked over its standard input and answers over its
standard output, and ends with its input.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

__all__ = ["ask", "end", "questions_and_answers", "start", "tell"]

_BUFFER = 1 << 16
"""The bytes that are handed from process to process at once."""
_PACKAGE_FOLDER = str(Path(__file__).resolve().parents[1])


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a process that runs a module, by its full name. Raises OSError where none can be started.

    It sees this package and no folder of returns: ``-P`` keeps the working folder, where an officer's file
    may bear a module's name, out of the modules' path, and what is relative in the path that is handed down
    is dropped.
    """
    further = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    path = os.pathsep.join([_PACKAGE_FOLDER, *(one for one in further if Path(one).is_absolute())])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        bufsize=_BUFFER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def ask(process: subprocess.Popen[bytes], question: object) -> object:
    """What a process that is trusted answers.

    Raises OSError, EOFError or pickle.UnpicklingError where it came to its end instead.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    tell(process.stdin, question)
    return pickle.load(process.stdout)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process, whatever it is at."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe:
                pipe.close()
        except OSError:
            pass  # what was left in it can no longer be handed over


def tell(pipe: IO[bytes], what: object) -> None:
    """Put something into a pipe, at once."""
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def questions_and_answers() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes over which the process that calls this is asked and answers; whatever a library prints goes
    elsewhere from now on. It is ended by whoever asks it, and by nobody at the keyboard."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = os.fdopen(os.dup(0), "rb", _BUFFER), os.fdopen(os.dup(1), "wb", _BUFFER)
    os.dup2(2, 1)
    return questions, answers
