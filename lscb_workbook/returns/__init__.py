"""What comes back.

A return is untrusted: it is found, opened safely, recognised (by its properties, its hidden sheet or
its refs), cleaned, and held against the values as issued. What cannot be read is set aside with a
reason; the rest goes on. The result is records: returns with their edits, and findings.
"""

from lscb_workbook.returns.harvest import Harvest, Quarantined, harvest
from lscb_workbook.returns.records import Edit, Recognised, Return, Signature

__all__ = ["Edit", "Harvest", "Quarantined", "Recognised", "Return", "Signature", "harvest"]
