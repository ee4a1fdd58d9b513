"""Any customers file an analyst has: read right, or refused with the reason."""

from seg_utils.customers.findings import SET_ASIDE, Finding
from seg_utils.customers.loading import Customers, load

__all__ = ["SET_ASIDE", "Customers", "Finding", "load"]
