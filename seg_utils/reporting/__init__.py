"""From the artefacts of a run to what people read."""
