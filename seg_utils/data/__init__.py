"""Any customers file an analyst has: read right, or refused with the reason."""

from seg_utils.data.findings import SET_ASIDE, Finding
from seg_utils.data.loading import Customers, load
