"""Files that are read in chunks, so that memory does not grow with their length."""
