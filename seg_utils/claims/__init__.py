"""The ledger of published claims: what others say about the public customers file, measured, with a verdict by rule."""

from seg_utils.claims.catalogue import load
from seg_utils.claims.ledger import Ledger, read, write
