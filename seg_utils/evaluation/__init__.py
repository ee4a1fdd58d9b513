"""How many segments, with evidence, and how far to trust them."""

from seg_utils.evaluation.between_segments import between, between_pairs
from seg_utils.evaluation.criteria.silhouette import Silhouettes, silhouettes
from seg_utils.evaluation.evidence import Evidence, gather
from seg_utils.evaluation.resampling.stability import stability
from seg_utils.evaluation.scale_comparison import compare_scales
from seg_utils.evaluation.verdict import repeats
from seg_utils.evaluation.verdict.rule import judge, outcomes, standing
from seg_utils.evaluation.verdict.sentence import apart
