"""What slides and workbook hold: chosen from a run, not the text of the pages."""
