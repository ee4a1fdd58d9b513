"""Who is held out of every move of a campaign, so that their effect can be told from what happens anyway."""

import hashlib
from collections.abc import Iterable

import numpy as np


def control_group(customer_ids: Iterable[str], share: float, campaign: str) -> np.ndarray:
    """Whether each customer is in a campaign's control group, shape (n,).

    A customer's place is the hash of the campaign's name and the customer's id, and nothing else: it stays the same in
    other segments, in another order and beside other customers, so that nobody changes sides while a test runs. A
    larger share keeps all who were held out before.

    Args:
        customer_ids: one a customer.
        share: share of customers to keep aside.
        campaign: its name; under another, other customers are kept aside.
    """
    return np.array([_place(f"{campaign}\0{customer_id}") for customer_id in customer_ids]) < share


def _place(text: str) -> float:
    """Where a text's hash lies between 0 and 1."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) / 2.0**64
