"""The commands beside make report, one module each: from checked words to the files that they leave."""
