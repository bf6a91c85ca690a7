"""The same tracker while it is open in Excel, through xlwings (Windows).

Excel saves a copy of the open workbook, the steps work on that as on any master, and only the cells in which
the result differs are written back into the open workbook, which Excel then saves. xlwings is imported when
it is used. Nothing here decides what a tracker says.
"""

from typing import TYPE_CHECKING

from lscb_workbook.lazily import show_lazily

if TYPE_CHECKING:
    from lscb_workbook.live.addin import excel_install
    from lscb_workbook.live.doctor import Probes, State, excel_doctor
    from lscb_workbook.live.excel import offer
    from lscb_workbook.live.printing import excel_printer
    from lscb_workbook.live.saving import held_in_excel

__all__ = ["Probes", "State", "excel_doctor", "excel_install", "excel_printer", "held_in_excel", "offer"]

show_lazily(
    __name__,
    {
        "Probes": "doctor",
        "State": "doctor",
        "excel_doctor": "doctor",
        "excel_install": "addin",
        "excel_printer": "printing",
        "held_in_excel": "saving",
        "offer": "excel",
    },
)
