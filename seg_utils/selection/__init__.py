"""How many segments, with evidence, and how far to trust them."""

from seg_utils.selection.borderline import between, between_pairs
from seg_utils.selection.evidence import Evidence, gather
from seg_utils.selection.scales import compare_scales
from seg_utils.selection.silhouette import Silhouettes, silhouettes
from seg_utils.selection.trust import grade, stability
from seg_utils.selection.verdict import judge, outcomes, standing
from seg_utils.selection.wording import apart

__all__ = [
    "Evidence",
    "Silhouettes",
    "apart",
    "between",
    "between_pairs",
    "compare_scales",
    "gather",
    "grade",
    "judge",
    "outcomes",
    "silhouettes",
    "stability",
    "standing",
]
