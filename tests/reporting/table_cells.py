"""What a Markdown table holds, read from its text."""

import re


def rows(table):
    """Cells of each row, the heading first, without backslashes and without what colours names."""
    bare = re.sub(r"\[([^\]]*)\]\{\.persona colour=\d+\}", r"\1", str(table))
    lines = [line for line in bare.splitlines() if line.startswith("|")]
    parted = [[cell.strip().replace("\\", "") for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in parted if not re.fullmatch("[-:|]+", "".join(row))]
