"""Letters to officers: subject, plain text and HTML, from templates that a board may put its own in place of.

A template gets records and a few filters and can do nothing else: it runs in Jinja's sandbox, and a board's
own within bounds (:mod:`~lscb_workbook.post.bounds`). What it asks for and is not there is an error, never a
gap in a letter.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from textwrap import wrap
from traceback import walk_tb
from typing import NamedTuple

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from lscb_workbook.plan.addresses import first_address
from lscb_workbook.plan.errors import WorkbookError
from lscb_workbook.plan.records import Cycle, Officer, RagScheme
from lscb_workbook.post.bounds import LONGEST, Bounded, Broken, Stuck
from lscb_workbook.review.wording import counted, listed, written

__all__ = [
    "TEMPLATES",
    "Attachment",
    "Kind",
    "Letter",
    "Occasion",
    "Sender",
    "Templates",
    "Uid",
    "letter",
]

TEMPLATES = Path(__file__).with_name("templates")
"""The templates that letters are made from where a board has none of its own."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SUBJECT = "Subject:"
_WIDTH = 76
"""The most characters in a line of plain text, which no mail program then breaks again."""
_BEYOND: Mapping[type[Exception], str] = {
    RecursionError: "it goes on into itself without end",
    MemoryError: "it takes more memory than there is",
}
"""What is said of errors that say nothing themselves."""
_EMPTY = re.compile(r"\n{3,}")
_LEAD = re.compile(r" *(?:- |\d+\. )?")


class Kind(StrEnum):
    """What a letter is about; its templates bear this name."""

    ISSUE = "issue"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    ESCALATION = "escalation"

    @property
    def chases(self) -> bool:
        """Whether it is one of those of which nobody gets more than one a day."""
        return self in (Kind.REMINDER, Kind.ESCALATION)


class Uid(NamedTuple):
    """Which letter it is: two with the same are the same letter, and only one of them is sent.

    ``officer`` is the key of the officer it is about, also where it goes to somebody else; ``number`` tells
    the reminders of a cycle apart, or its receipts, from 1.
    """

    tracker: str
    cycle: str
    officer: str
    kind: str
    number: int = 1

    @property
    def digest(self) -> str:
        """The same 32 letters and digits for the same letter, on every computer."""
        return hashlib.sha256(json.dumps(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom letters come, and to whom officers answer: as a rule the board's business manager."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter. ``media`` is its media type."""

    name: str
    data: bytes
    media: str = XLSX


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person. ``to`` is the address, ``""`` where none is known; ``name`` is the addressee as
    an envelope says it. Lines of the texts end with ``\\n``."""

    officer: str
    name: str
    to: str
    subject: str
    text: str
    html: str
    kind: Kind
    uid: Uid
    attachments: tuple[Attachment, ...] = ()

    @property
    def column(self) -> str:
        """The column of the Officers tab that its address is in."""
        return "Manager's email" if self.kind is Kind.ESCALATION else "Email"

    @property
    def copy(self) -> str:
        """What tells the files that go with it from others: a SHA-256, ``""`` where none go."""
        if not self.attachments:
            return ""
        return hashlib.sha256(
            b"".join(hashlib.sha256(one.data).digest() for one in self.attachments)
        ).hexdigest()


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all letters of one run have alike. ``today`` is the day they are written for."""

    tracker: str
    board: str
    plan: str
    cycle: Cycle
    scheme: RagScheme
    sender: Sender
    today: date


class Templates:
    """The templates of letters: those in a board's folder, and the usual ones where it has none."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises WorkbookError where there is no such folder, or a template in it bears no letter's name."""
        folders = [TEMPLATES]
        if folder is not None:
            _refuse_odd(folder)
            folders.insert(0, folder)
        self._made = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(one, encoding="utf-8-sig") for one in folders]),
            autoescape=lambda name: name is not None and ".html" in name,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,  # nothing is worked out before it is asked for
        )
        self._made.filters |= {"day": written, "counted": counted, "listed": listed}
        self._made.filters |= {"lines": _lines, "wrap": _wrapped}
        self._folder = folder or TEMPLATES
        self._bounded = None if folder is None else Bounded(folder)

    def render(self, kind: Kind, facts: Mapping[str, object]) -> tuple[str, str, str]:
        """Subject, plain text and HTML of a letter of this kind.

        Raises WorkbookError, with the file and where known the line, where a template is wrong, or goes on
        without end.
        """
        if self._bounded is None:
            return self.render_here(kind, facts)
        made = self._bounded.render(kind, facts)
        if isinstance(made, Broken):
            raise WorkbookError(made.said)
        if isinstance(made, Stuck):
            raise self._wrong(made.where or str(self._place(f"{kind}.txt.j2")), made.line, made.said)
        return made

    def render_here(self, kind: Kind, facts: Mapping[str, object]) -> tuple[str, str, str]:
        """The same in this process, without bounds."""
        text = self._rendered(f"{kind}.txt.j2", facts)
        first, _, rest = text.lstrip().partition("\n")
        if not first.startswith(_SUBJECT) or not first.removeprefix(_SUBJECT).strip():
            raise WorkbookError(
                f"The template {self._place(f'{kind}.txt.j2')} must begin with a line like "
                f'"{_SUBJECT} Your actions". Put one there, and run the command again. Nothing was sent.'
            )
        subject = " ".join(first.removeprefix(_SUBJECT).split())
        return subject, rest.strip() + "\n", self._rendered(f"{kind}.html.j2", facts).strip() + "\n"

    def _rendered(self, name: str, facts: Mapping[str, object]) -> str:
        try:
            made = self._made.get_template(name).render(facts)
        except TemplateSyntaxError as error:
            raise self._wrong(error.filename or name, error.lineno, error.message or "") from error
        except UnicodeDecodeError as error:
            raise WorkbookError(
                f"The template {self._place(name)} is not in UTF-8. Save it again with the encoding UTF-8, "
                "and run the command again. Nothing was sent."
            ) from error
        except (
            TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError,
            RecursionError, MemoryError,
        ) as error:  # fmt: skip
            # What a template does with the records may go wrong in any of these ways.
            lines = [
                (frame.f_code.co_filename, line)
                for frame, line in walk_tb(error.__traceback__)
                if frame.f_code.co_filename.endswith(".j2")
            ]
            where, line = lines[-1] if lines else (str(self._place(name)), None)
            raise self._wrong(where, line, _BEYOND.get(type(error), str(error))) from error
        if len(made) > LONGEST:
            raise self._wrong(
                str(self._place(name)), None, f"it makes a letter of more than {LONGEST:,} characters"
            )
        return _UNPRINTABLE.sub("\ufffd", made)

    def _wrong(self, where: str, line: int | None, said: str) -> WorkbookError:
        place = f"line {line} of the template {where}" if line else f"the template {where}"
        return WorkbookError(
            f"There is a mistake in {place}: {said.strip().rstrip('.')}. Mend it there, or take the file "
            "away to use the usual words, and run the command again. Nothing was sent."
        )

    def _place(self, name: str) -> Path:
        own = self._folder / name
        return own if own.exists() else TEMPLATES / name


def letter(
    kind: Kind,
    officer: Officer,
    occasion: Occasion,
    facts: Mapping[str, object],
    *,
    templates: Templates,
    number: int = 1,
    attachments: tuple[Attachment, ...] = (),
    addressee: Sender | None = None,
) -> Letter:
    """A letter about an officer: to that officer, or to an ``addressee`` in their place.

    ``facts`` is what this kind of letter tells of, by the names that its template uses; those of the
    :class:`Occasion` are there besides. Of several addresses the first is written to. Raises
    WorkbookError where a template is wrong.
    """
    to = addressee or Sender(officer.title, officer.email)
    common: dict[str, object] = {
        "board": occasion.board,
        "plan": occasion.plan,
        "cycle": occasion.cycle,
        "key": occasion.scheme.statuses,
        "sender": occasion.sender,
        "today": occasion.today,
        "officer": officer,
        "addressee": to,
        "number": number,
        "attached": tuple(one.name for one in attachments),
    }
    subject, text, html = templates.render(kind, common | dict(facts))
    return Letter(
        officer=officer.key,
        name=to.name,
        to=first_address(to.email),
        subject=subject,
        text=text,
        html=html,
        kind=kind,
        uid=Uid(occasion.tracker, occasion.cycle.name, officer.key, kind.value, number),
        attachments=attachments,
    )


def _lines(text: object) -> Markup:
    """Text with its line breaks, for HTML."""
    return Markup("<br>").join(escape(line) for line in str(text).split("\n"))


def _wrapped(text: object) -> str:
    """Plain text, each line of it folded, what follows under where its words begin; of empty lines one."""
    made: list[str] = []
    for line in str(text).split("\n"):
        lead = _LEAD.match(line)
        indent = " " * len(lead[0]) if lead else ""
        folded = wrap(line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        made += folded if len(line) > _WIDTH else [line.rstrip()]
    return _EMPTY.sub("\n\n", "\n".join(made))


def _refuse_odd(folder: Path) -> None:
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise WorkbookError(
            f"The folder of templates {folder} cannot be read: {error.strerror or error}. Check its name, or "
            "leave it out to use the usual templates. Nothing was sent."
        ) from error
    known = {f"{kind}.{form}.j2" for kind in Kind for form in ("txt", "html")}
    odd = sorted(name for name in names - known if name.endswith(".j2") and not name.startswith("_"))
    if odd:
        raise WorkbookError(
            f"{folder / odd[0]} is no letter's template, so nothing would use it. Name it as one of "
            f"{listed(sorted(known))}, or, where those include it, let its name begin with _. "
            "Nothing was sent."
        )
