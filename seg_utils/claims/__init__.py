"""The ledger of published claims: what others say about the public customers file, measured, with a verdict by rule."""

from seg_utils.claims.catalogue import Catalogue, load
from seg_utils.claims.ledger import Ledger, make, read, write

__all__ = ["Catalogue", "Ledger", "load", "make", "read", "write"]
