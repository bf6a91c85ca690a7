"""The review as at a day: where each milestone stands, which ratings the plan's own definitions contradict.

Pure: records in, records out. It changes nothing; what a person must see comes out as findings. The
figures of the summary tabs are counted here, once.
"""

from lscb_workbook.review.cycles import ReturnState
from lscb_workbook.review.evidence import EvidenceNote
from lscb_workbook.review.figures import (
    MilestoneCounts,
    OfficerFigures,
    OrganisationFigures,
    PriorityFigures,
    RatingCounts,
)
from lscb_workbook.review.milestones import MilestoneState, State
from lscb_workbook.review.moved import Moved
from lscb_workbook.review.movement import Movement, RatingMove, rated_since
from lscb_workbook.review.quality import Quality
from lscb_workbook.review.reviewing import Review, review
from lscb_workbook.review.trend import TrendPoint
from lscb_workbook.review.views import ActionView

__all__ = [
    "ActionView",
    "EvidenceNote",
    "MilestoneCounts",
    "MilestoneState",
    "Moved",
    "Movement",
    "OfficerFigures",
    "OrganisationFigures",
    "PriorityFigures",
    "Quality",
    "RatingCounts",
    "RatingMove",
    "ReturnState",
    "Review",
    "State",
    "TrendPoint",
    "rated_since",
    "review",
]
