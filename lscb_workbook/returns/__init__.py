"""What comes back.

A return is untrusted: it is found, opened safely (in a process of its own), recognised (by its
properties, its hidden sheet or its words), cleaned, and held against the values as issued. What cannot
be read is set aside with a reason; the rest goes on. The result is records: returns with their edits,
and findings.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.returns.files.limits import Limits
    from lscb_workbook.returns.harvest import AskPassword, Harvest, Quarantined, harvest
    from lscb_workbook.returns.records import Edit, Recognised, Return, Signature

__all__ = [
    "AskPassword",
    "Edit",
    "Harvest",
    "Limits",
    "Quarantined",
    "Recognised",
    "Return",
    "Signature",
    "harvest",
]

show_lazily(
    __name__,
    dict.fromkeys(("AskPassword", "Harvest", "Quarantined", "harvest"), "harvest")
    | dict.fromkeys(("Edit", "Recognised", "Return", "Signature"), "records")
    | {"Limits": "files.limits"},
)
