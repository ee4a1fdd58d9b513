"""Customers placed in the segments of a model: a file of them, or one."""

# How a notebook output calls what the form in a page needs to place a customer
MODEL_MIME = "application/vnd.card-segments.model+json"
