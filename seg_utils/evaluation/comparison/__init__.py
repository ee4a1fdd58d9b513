"""Every algorithm on every scale, side by side, and which of them a written rule recommends."""

from seg_utils.evaluation.comparison.recommendation import recommend
from seg_utils.evaluation.comparison.side_by_side import compare
