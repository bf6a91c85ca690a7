"""The plan's own definitions as rules: one rule, one small function, its code in the catalogue.

To add one: write a function of a view in the module it belongs to, decorate it with its code, put the
code into ``plan/catalogue/of_review.py``, and give it a test of that name.
"""

from lscb_workbook.review.rules import milestones, personal_data, ratings, reporting
from lscb_workbook.review.rules.registry import ACTION_RULES, OFFICER_RULES, apply_rules

__all__ = [
    "ACTION_RULES",
    "OFFICER_RULES",
    "apply_rules",
    "milestones",
    "personal_data",
    "ratings",
    "reporting",
]
