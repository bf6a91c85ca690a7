"""Make the two workbooks that the tool fills in: the tracker's template and the officer's copy.

    python scripts/make_template.py [FOLDER]

Draws what ``lscb_workbook.tracker.layout`` declares, for the ratings of the shipped plan, and writes
``workbook_template.xlsx`` and ``lscb_workbook/copies/copy_template.xlsx`` below FOLDER (default: the
project). The same layout gives the same bytes. Either may then be restyled in Excel: the tool finds
its way by table names, headings and defined names. For other ratings the tool draws its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["OPENPYXL_LXML"] = "False"  # the bytes must not depend on whether lxml is installed

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lscb_workbook.copies.drawing import draw_copy  # noqa: E402
from lscb_workbook.plan.documents import default_plan  # noqa: E402
from lscb_workbook.tracker.drawing.tracker import draw_tracker  # noqa: E402

TRACKER = "workbook_template.xlsx"
COPY = "lscb_workbook/copies/copy_template.xlsx"


def main(folder: Path = ROOT) -> None:
    scheme = default_plan().scheme
    for name, data in ((TRACKER, draw_tracker(scheme)), (COPY, draw_copy(scheme))):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"wrote {path}")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
