"""Any customers file an analyst has: read right, or refused with the reason."""

from seg_utils.customers.findings import Finding
from seg_utils.customers.loading import Customers, load

__all__ = ["Customers", "Finding", "load"]
