"""The review as at a day: where each milestone stands, which ratings the plan's own definitions contradict.

Pure: records in, records out. It changes nothing; what a person must see comes out as findings. The
figures of the summary tabs are counted here, once.
"""

from lscb_workbook.review.cycles import ReturnState
from lscb_workbook.review.figures import MilestoneCounts, OfficerFigures, PriorityFigures, RatingCounts
from lscb_workbook.review.milestones import MilestoneState, State
from lscb_workbook.review.movement import RatingMove
from lscb_workbook.review.reviewing import Review, review

__all__ = [
    "MilestoneCounts",
    "MilestoneState",
    "OfficerFigures",
    "PriorityFigures",
    "RatingCounts",
    "RatingMove",
    "ReturnState",
    "Review",
    "State",
    "review",
]
