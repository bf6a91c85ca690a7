"""How many of the masters before are kept."""

from __future__ import annotations

__all__ = ["KEEP"]

KEEP = 50
"""How many backups of a master are kept where nothing else is said."""
