"""Telling whether a mail says something of its own, beside what it quotes or passes on.

Wherever it is in doubt it says so: somebody reads a mail in vain rather than nobody at all.
"""

from __future__ import annotations

import html
import re

__all__ = ["has_words", "html_text"]

_READ = 1_000_000
"""Characters of a text looked at. Words of one's own stand at its head."""

_ORIGINAL = re.compile(
    r"-{2,}\s*(original|forwarded) (message|appointment)\b|begin forwarded message\s*:", re.IGNORECASE
)
_FROM = re.compile(r"[*_]*from\s*:", re.IGNORECASE)
_SENT = re.compile(r"[*_]*(sent|date)\s*:", re.IGNORECASE)
_ON = re.compile(r"on\b.{0,300}\bwrote\s*:$", re.IGNORECASE)
_BLANK = "-_=*~# \t\xa0\u200b\u200c\u200d\u2060\ufeff"
"""What a line may be made of that says nothing: rules, and spaces of every sort."""

_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*|[!?])[^<>]*>|[^<]+|<")
_LINES = {"br", "p", "div", "tr", "li", "hr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
_UNSEEN = {"head", "style", "script", "title", "blockquote"}


def has_words(text: str) -> bool:
    """Whether anything is left of a mail's text without quoted lines and the mail it answers or passes on."""
    lines = [line.strip(_BLANK + "\r\n\f\v") for line in text[:_READ].splitlines()]
    raw = [line.strip() for line in text[:_READ].splitlines()]
    for number, line in enumerate(lines):
        if _ORIGINAL.match(raw[number]):
            return False
        if _FROM.match(line) and any(_SENT.match(after) for after in lines[number + 1 : number + 5]):
            return False
        # A long "On Monday … wrote:" is broken over two lines.
        if _ON.match(line) or _ON.match(" ".join(lines[number : number + 2])):
            return False
        if line and not line.startswith(">"):
            return True
    return False


def html_text(source: str) -> str:
    """The text of a mail in HTML, without what is quoted in it. Read in one pass, however it is damaged."""
    text: list[str] = []
    unseen: dict[str, int] = {}
    for token in _TOKEN.finditer(_without_comments(source[:_READ])):
        tag = (token[2] or "").casefold()
        if tag in _UNSEEN:
            depth = unseen.get(tag, 0) + (-1 if token[1] else 1)
            unseen[tag] = max(depth, 0)
        if tag in _LINES:
            text.append("\n")
        elif not tag and not any(unseen.values()):
            # Line ends in the source are only spaces; tags make the lines.
            text.append(re.sub(r"\s", " ", html.unescape(token[0])))
    return "".join(text)


def _without_comments(source: str) -> str:
    first, *rest = source.split("<!--")
    ends = [piece.partition("-->") for piece in rest]
    return first + "".join(after if end else before for before, end, after in ends)
