"""How many segments, with evidence, and how far to trust them."""

from seg_utils.selection.evidence import Evidence, gather
from seg_utils.selection.silhouettes import silhouettes
from seg_utils.selection.stability import stability
from seg_utils.selection.verdict import judge

__all__ = ["Evidence", "gather", "judge", "silhouettes", "stability"]
