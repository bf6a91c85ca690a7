"""Text as XML writes it. (The standard library's own loads half of the internet's protocols for it.)"""

from __future__ import annotations

__all__ = ["escape", "quoteattr"]


def escape(text: str) -> str:
    """Text as an element's content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoteattr(text: str) -> str:
    """Text as an attribute's value, quotes included."""
    said = escape(text).replace('"', "&quot;")
    return f'"{said.replace(chr(10), "&#10;").replace(chr(13), "&#13;").replace(chr(9), "&#9;")}"'
