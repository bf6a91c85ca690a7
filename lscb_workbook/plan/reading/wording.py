"""The words of a cell: markup taken out, words cut by a line end joined, bullets made into lines."""

from __future__ import annotations

import html
import re

__all__ = ["begins_with_bullet", "bullets", "garbled", "lines", "one_line", "words"]

_TAG = re.compile(r"</?(?:ul|ol|li|u|b|i|em|strong|p|br|span|sub|sup)\s*/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li\s*/?>|<br\s*/?>|</p>", re.IGNORECASE)
_SIGNS = "•●▪◦‣∙·\uf0b7\uf0a7"
_BULLET = re.compile(rf"(?:^|(?<=\s))[{_SIGNS}](?:\s*[{_SIGNS}])*\s*")
_DASH = re.compile(r"^[-–*o]\s+(?=\S)")
_CUT = re.compile(r"(?<=[a-z])- (?=[A-Za-z])(?!- (?:and|or|to)\b)|(?<=[a-z]) -(?=[a-z])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_LOOSE = re.compile(r"\s[.,;:](?=\s|[.,;:])|[,;:][.,;:]|(?<!\.)\.,")
_LOWER_AFTER_STOP = re.compile(r"(?<![.\s][a-z])(?<!etc)(?<!incl)(?<!\b[Nn]o)\.\s+[a-z]\w*\s")


def words(text: str) -> list[str]:
    """The words and numbers of a text in lower case, markup left out: what must never be lost."""
    return [word.replace("’", "'").casefold() for word in _WORD.findall(_plain(text))]


def lines(text: str) -> list[str]:
    """The lines of a cell, each tidied; every bullet begins one, and its sign is left out."""
    return [line for line, _ in _marked(text)]


def bullets(text: str) -> list[str] | None:
    """The items of a bulleted cell, or None where it has none. Lines that go on stay with their item."""
    marked = _marked(text)
    if not any(bullet for _, bullet in marked):
        return None
    items: list[str] = []
    for line, bullet in marked:
        if bullet or not items:
            items.append(line)
        else:
            items[-1] += f" {line}"
    return [_joined(item) for item in items]


def begins_with_bullet(text: str) -> bool:
    """Whether the first line of a cell is an item of a list."""
    return next((bullet for _, bullet in _marked(text)), False)


def one_line(text: str) -> str:
    """The whole cell in one line."""
    return _joined(" ".join(lines(text)))


def garbled(text: str) -> str:
    """The first place of a text that looks garbled, as it stands; ``""`` where none does."""
    for pattern in (_LOOSE, _LOWER_AFTER_STOP):
        if found := pattern.search(text):
            return text[max(0, found.start() - 20) : found.end() + 12].strip()
    return ""


def _marked(text: str) -> list[tuple[str, bool]]:
    """The lines of a text, and whether a bullet begins each. A dash is one where it begins the first line."""
    found: list[tuple[str, bool]] = []
    dashes = _DASH.match(_plain(text).strip()) is not None
    for raw in _ITEM.sub("\n• ", text).replace("\r", "\n").split("\n"):
        raw, at, bullet = _plain(raw).strip(), 0, False
        if dashes and (dash := _DASH.match(raw)):
            at, bullet = dash.end(), True
        for sign in _BULLET.finditer(raw, at):
            if piece := _joined(raw[at : sign.start()]):
                found.append((piece, bullet))
            at, bullet = sign.end(), True
        if piece := _joined(raw[at:]):
            found.append((piece, bullet))
    return found


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)).replace("\u00ad", "").replace("\u200b", "")


def _joined(text: str) -> str:
    return _CUT.sub("-", re.sub(r"\s+", " ", text)).strip()
