"""The pages that users read say what is so."""

import re

import pytest

from seg_utils.core import parameters, paths

PAGES = [paths.PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "outputs/README.md")]
PAGES += sorted((paths.PROJECT / "docs").glob("*.md"))


def anchor(heading):
    """How the usual code hosts call a heading's place in the page."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_page_of_parameters_lists_them_all():
    text = (paths.DOCS / "parameters.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", text, re.M) == list(parameters.DESCRIPTIONS)


def test_the_readme_is_for_the_first_ten_minutes():
    assert len((paths.PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        name, _, place = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.M) if place and found.exists() else []
        if not found.exists() or (place and place not in map(anchor, headings)):
            broken.append(target)
    assert broken == []
