"""Taking one file: reading it and all that is in it, before it is known what else came.

What is found is a plain record, the same wherever it is read; ``settling.py`` says what becomes of it.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lscb_workbook.copies import COPY_TEMPLATE
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.returns.files.kinds import Kind
from lscb_workbook.returns.files.marks_xlsx import fills_of_package
from lscb_workbook.returns.files.opened import Opened, Unpacked, UnreadableError
from lscb_workbook.returns.files.reader import AHEAD, Reader
from lscb_workbook.returns.judging import Came, returns_of
from lscb_workbook.returns.places import Place, shown_name
from lscb_workbook.returns.records import Return
from lscb_workbook.tracker.state import Tracker

__all__ = ["AskPassword", "Fault", "PasswordsFor", "Taken", "Taker", "known_fills"]

AskPassword = Callable[[str], str]
"""Asked with the name of a protected file; ``""`` for 'I have none'."""

PasswordsFor = Callable[[str], Sequence[str]]
"""The passwords that are known for a protected file of this name, the likeliest first."""

_ASKED = 3
_TRIED_AT_ONCE = 8
"""How many passwords are tried in the time that one file may take."""
_HANDFUL_BYTES = 1_000_000
"""As soon as a handful of files has more bytes, no further file is read from the disk for the time being."""


class Fault(NamedTuple):
    """Why a file is set aside: a finding's code, and the reason in words."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file was found to hold.

    ``digest`` is the SHA-256 of its bytes, ``""`` where it has none; ``inner`` are the files in it, in
    order; ``ignored`` the names of what programs leave behind; ``words`` is whether a mail has words of its
    own; ``repeated`` whether it was not read, since its bytes were read before.
    """

    name: str
    digest: str = ""
    returns: tuple[Return, ...] = ()
    fault: Fault | None = None
    inner: tuple[Taken, ...] = ()
    ignored: tuple[str, ...] = ()
    words: bool = False
    repeated: bool = False

    @property
    def is_protected(self) -> bool:
        """Whether it, or a file in it, needs a password that was not among those tried."""
        protected = self.fault is not None and self.fault.code == "return-protected"
        return protected or any(one.is_protected for one in self.inner)


@dataclass(slots=True)
class Taker:
    """Reads files one by one. ``before`` has the digests of what was read before the file that is taken;
    ``passwords`` grow by those that ``ask`` gives; where none of them fits, those that ``known`` has are
    tried before anybody is asked."""

    reader: Reader
    tracker: Tracker
    passwords: list[str]
    ask: AskPassword | None = None
    before: Container[str] = ()
    known: PasswordsFor | None = None
    _read_in_it: set[str] = field(default_factory=set)

    def take(self, place: Place) -> Taken:
        """What a file holds, read from where it is."""
        came = self._come(place)
        return self.take_bytes(came) if isinstance(came, Came) else came

    def take_each(self, places: Iterable[Place]) -> Iterator[Taken]:
        """What each file holds, in order. While one is judged, others are opened."""
        handfuls = self._handfuls(places)
        here = next(handfuls, ())
        self.foresee(here)
        while here:
            coming = next(handfuls, ())
            self.foresee(coming)
            for one in here:
                yield self.take_bytes(one) if isinstance(one, Came) else one
            here = coming

    def _handfuls(self, places: Iterable[Place]) -> Iterator[Sequence[Came | Taken]]:
        """The files, the first alone (whoever looks on sees it done at once), then a few at a time; of files
        that could not be had, what is known."""
        handful: list[Came | Taken] = []
        size, most = 0, 1
        for place in places:
            handful.append(came := self._come(place))
            size += len(came.data) if isinstance(came, Came) else 0
            if len(handful) == most or size > _HANDFUL_BYTES:
                yield handful
                handful, size, most = [], 0, AHEAD
        yield handful

    def _come(self, place: Place) -> Came | Taken:
        try:
            data, written = place.read(self.reader.limits)
        except UnreadableError as error:
            return Taken(place.shown, fault=Fault(error.code, error.reason))
        return Came(place.shown, data, written, None, 0)

    def foresee(self, files: Iterable[Came | Taken]) -> None:
        """Let files be opened whose turn comes soon, as far as that is known to be needed."""
        coming = ((one.data, one.name) for one in files if isinstance(one, Came))
        self.reader.foresee(coming, tuple(self.passwords))

    def take_bytes(self, file: Came) -> Taken:
        """What a file holds whose bytes are at hand."""
        self.reader.begin()
        self._read_in_it.clear()
        return self._take(file)

    def _take(self, file: Came) -> Taken:
        digest = hashlib.sha256(file.data).hexdigest() if file.data else ""
        if digest in self.before or digest in self._read_in_it:
            return Taken(file.name, digest, repeated=True)
        try:
            what = self._read(file)
            if isinstance(what, Unpacked):
                return self._unpack(file, digest, what)
            found = tuple(returns_of(what, file, self.tracker))
        except UnreadableError as error:
            return Taken(file.name, digest, fault=Fault(error.code, error.reason))
        self._read_in_it.add(digest)
        return Taken(file.name, digest, found)

    def _read(self, file: Came) -> Opened | Unpacked:
        """What a file holds, with one of the passwords where it needs one. A password that was asked for is
        kept for the others."""
        further = self._further(file.name)
        passwords = tuple(self.passwords)
        while True:
            try:
                return self.reader.read(file.data, file.name, passwords)
            except UnreadableError as error:
                if error.code != "return-protected":
                    raise
                passwords = next(further, ())
                if not passwords:
                    raise

    def _further(self, name: str) -> Iterator[tuple[str, ...]]:
        """Passwords to try on a file where those at hand do not fit, a few at a time."""
        try:
            known = self.known(name) if self.known else ()
        except WorkbookError as error:
            reason = "this computer's keyring, which may have its password, does not open"
            raise UnreadableError("return-protected", reason) from error
        for start in range(0, len(known), _TRIED_AT_ONCE):
            yield tuple(known[start : start + _TRIED_AT_ONCE])
        for _ in range(_ASKED if self.ask else 0):
            password = self.ask(name) if self.ask else ""
            if not password:
                return
            self.passwords.append(password)
            yield tuple(self.passwords)

    def _unpack(self, file: Came, digest: str, what: Unpacked) -> Taken:
        ignored = tuple(f"{file.name}/{name}" for name in what.ignored)
        if fault := self._fault_of(file, what):
            return Taken(file.name, digest, fault=fault, ignored=ignored)
        self._read_in_it.add(digest)
        inner = []
        for parcel in what.parcels:
            name = f"{file.name}/{shown_name(parcel.name)}"
            if parcel.damaged:
                reason = "only a part of it came, or it is damaged"
                inner.append(Taken(name, fault=Fault("return-unreadable", reason)))
                continue
            written = parcel.written_at or file.written_at
            sent = parcel.sent.within(file.sent) if parcel.sent else file.sent
            inner.append(self._take(Came(name, parcel.data, written, sent, file.depth + 1)))
        return Taken(file.name, digest, inner=tuple(inner), ignored=ignored, words=what.words)

    def _fault_of(self, file: Came, what: Unpacked) -> Fault | None:
        if not what.parcels:
            code = "return-unreadable" if what.kind == Kind.ZIP else "mail-without-attachment"
            return Fault(code, "there is no file in it")
        if file.depth >= self.reader.limits.depth:
            # The same file may be readable where it lies less deep.
            return Fault("return-too-large", f"it holds files more than {self.reader.limits.depth} deep")
        return None


@functools.cache
def known_fills() -> frozenset[str]:
    """The colours (RRGGBB) that cells of a copy have as it is issued."""
    return fills_of_package(COPY_TEMPLATE.read_bytes())
