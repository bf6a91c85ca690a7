"""The catalogue of findings: every code with its gravity, what is wrong and what to do about it.

A test names the code, never the wording. Codes of returns stand on the Checks tab until the next
returns are read; all others are found anew each time.
"""

from lscb_workbook.plan.catalogue.entries import Entry
from lscb_workbook.plan.catalogue.of_cells import OF_CELLS, OF_PROPOSALS
from lscb_workbook.plan.catalogue.of_files import OF_FILES
from lscb_workbook.plan.catalogue.of_master import OF_MASTER
from lscb_workbook.plan.catalogue.of_plan import OF_PLAN
from lscb_workbook.plan.catalogue.of_review import OF_REVIEW
from lscb_workbook.plan.catalogue.of_rolling import OF_ROLLING

__all__ = [
    "CATALOGUE",
    "OF_CELLS",
    "OF_FILES",
    "OF_MASTER",
    "OF_PLAN",
    "OF_PROPOSALS",
    "OF_RETURNS",
    "OF_REVIEW",
    "OF_ROLLING",
    "Entry",
]

OF_RETURNS: dict[str, Entry] = OF_FILES | OF_CELLS
CATALOGUE: dict[str, Entry] = OF_PLAN | OF_RETURNS | OF_MASTER | OF_REVIEW | OF_ROLLING
