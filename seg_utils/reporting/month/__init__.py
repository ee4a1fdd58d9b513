"""A month's report: what its stage left behind, in five sentences, figures and tables; and all months side by side."""

from seg_utils.reporting.month import figures, segments, sentences, side_by_side, tables, workbook
from seg_utils.reporting.month.made import Month, read
