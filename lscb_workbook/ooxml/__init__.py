"""The .xlsx package itself: open, patch, save, losing nothing.

Three floors: the zip package and its relationships; a sheet's XML, in which just the bytes of the
cells that change are replaced; the workbook as its tables, names and properties. It knows nothing of
plans or ratings.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.ooxml.addresses import address
    from lscb_workbook.ooxml.errors import PackageError
    from lscb_workbook.ooxml.excerpts import says_the_same, without_known_rows
    from lscb_workbook.ooxml.faults import with_old_errors
    from lscb_workbook.ooxml.forms import Form, Line, gap
    from lscb_workbook.ooxml.properties import Core
    from lscb_workbook.ooxml.remarks import Remark
    from lscb_workbook.ooxml.saving import write_atomically
    from lscb_workbook.ooxml.settings import footer_text
    from lscb_workbook.ooxml.tables import TableInfo
    from lscb_workbook.ooxml.values import MAX_TEXT, Formula, Value
    from lscb_workbook.ooxml.workbook import Opened, Place, Workbook

__all__ = [
    "MAX_TEXT",
    "Core",
    "Form",
    "Formula",
    "Line",
    "Opened",
    "PackageError",
    "Place",
    "Remark",
    "TableInfo",
    "Value",
    "Workbook",
    "address",
    "footer_text",
    "gap",
    "says_the_same",
    "with_old_errors",
    "without_known_rows",
    "write_atomically",
]

show_lazily(
    __name__,
    {
        "MAX_TEXT": "values",
        "Core": "properties",
        "Form": "forms",
        "Formula": "values",
        "Line": "forms",
        "Opened": "workbook",
        "PackageError": "errors",
        "Place": "workbook",
        "Remark": "remarks",
        "TableInfo": "tables",
        "Value": "values",
        "Workbook": "workbook",
        "address": "addresses",
        "footer_text": "settings",
        "gap": "forms",
        "says_the_same": "excerpts",
        "with_old_errors": "faults",
        "without_known_rows": "excerpts",
        "write_atomically": "saving",
    },
)
