"""Harvesting returned files, whatever they are; one bad file never stops the rest.

There is one way of reading a file (``taking.py``) and one of counting it (``settling.py``). Where workers
help, they read ahead; what they cannot know is looked at here, and a file read again where that changes it:
the key that signs copies, the passwords that somebody is asked for, what other workers read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path

from lscb_workbook.returns.crew import crew, worthwhile
from lscb_workbook.returns.files.limits import Limits
from lscb_workbook.returns.files.reader import Reader
from lscb_workbook.returns.finding import returned_files
from lscb_workbook.returns.forerunning import read_ahead
from lscb_workbook.returns.places import Place
from lscb_workbook.returns.settling import Harvest, Quarantined, Settled, settle
from lscb_workbook.returns.taking import AskPassword, Fault, PasswordsFor, Taken, Taker, known_fills
from lscb_workbook.returns.working import Order, Outcome, end_readers, packed
from lscb_workbook.tracker.state import Tracker

__all__ = ["AskPassword", "Harvest", "Quarantined", "harvest"]


def harvest(
    places: Sequence[Path | str | Place],
    tracker: Tracker,
    progress: Callable[[int, int], None] | None = None,
    *,
    limits: Limits | None = None,
    passwords: Iterable[str] = (),
    ask: AskPassword | None = None,
    known: PasswordsFor | None = None,
    executor: Executor | None = None,
    jobs: int | None = 1,
) -> Harvest:
    """Read every returned file in these folders, files and addresses, and what is in zips and mails of them.

    ``progress`` is called with the number of files read and their total. ``passwords`` are tried on
    protected workbooks; where none fits, those that ``known`` has for a file of that name, and then
    ``ask`` is asked for another. Workers of ``executor`` read ahead,
    where one is given; else up to ``jobs`` processes where there are files enough (None: as many as there
    are cores). What comes out does not depend on them. An executor whose workers are all lost must say so
    (BrokenExecutor), for its answers are waited for: Dask's own does not, that of
    :func:`~lscb_workbook.returns.cluster.cluster` does. Raises WorkbookError where a place does not exist,
    NoFilesError where none holds a file.
    """
    limits = limits or Limits()
    found = returned_files(places)
    settled = Settled(ignored=[file.shown for file in found.ignored])
    for file, fault in found.faults:
        settled.set_aside(file.shown, Fault(fault.code, fault.reason))
    with ExitStack() as stack:
        if executor is None and (count := worthwhile(jobs, len(found.files))):
            executor = stack.enter_context(crew(count))
        stack.callback(end_readers)  # those of workers that are threads of this process
        reader = stack.enter_context(Reader(limits, known_fills()))
        here = Taker(reader, tracker, list(dict.fromkeys(passwords)), ask, settled.digests, known)
        if executor:
            order = Order(packed(tracker), limits, tuple(here.passwords))
            ahead = read_ahead(found.files, order, executor)
            made = (_settled(file, outcome, here, settled) for file, outcome in ahead)
        else:
            made = (_counted(taken, settled) for taken in here.take_each(found.files))
        for number, one in enumerate(made, start=1):
            settled.add(one)
            if progress:
                progress(number, len(found.files))
    return settled.harvest()


def _settled(file: Place, outcome: Outcome | None, here: Taker, before: Settled) -> Settled:
    """What a file comes to: as a worker read it, where that holds; else as it is read here."""
    if outcome and outcome.holds(here.tracker.key) and not _may_open(outcome, here):
        made = settle(outcome.taken, before.digests)
        if made is not None:
            return made
    return _counted(here.take(file), before)


def _counted(taken: Taken, before: Settled) -> Settled:
    """What a file comes to that was read in its turn."""
    made = settle(taken, before.digests)
    assert made is not None  # what was not read here is among those before, or in the file itself
    return made


def _may_open(outcome: Outcome, here: Taker) -> bool:
    """Whether something in the file needs a password that can be had here."""
    more = here.ask is not None or here.known is not None or len(here.passwords) > outcome.tried
    return more and outcome.taken.is_protected
