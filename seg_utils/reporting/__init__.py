"""From the artefacts of a run to what people read."""

# How a notebook output calls what the sliders in a page need to compute the economics
ECONOMICS_MIME = "application/vnd.card-segments.economics+json"
