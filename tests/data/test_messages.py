"""Findings are data, and worded in one place."""

import re
from dataclasses import replace

import pytest

from seg_utils.core.paths import PROJECT
from seg_utils.data import messages
from seg_utils.data.findings import Finding

SOURCES = [
    path.read_text(encoding="utf-8")
    for path in sorted((PROJECT / "seg_utils" / "data").rglob("*.py"))
    if path.name != "messages.py"
]
WORDED = {key.partition("/")[0] for key in (*messages.TEMPLATES, *messages.ODD_ROWS)}
RULE = re.compile(r"""(?:Finding\(\s*"\w+", |\.finding\(\s*"\w+", |\berror\(\s*|by_share\(columns, )"(\w+)\"""")


def test_every_rule_has_a_wording_and_no_wording_is_left_over():
    raised = {rule for source in SOURCES for rule in RULE.findall(source)}
    assert len(raised) > 30
    assert raised <= WORDED
    assert [rule for rule in sorted(WORDED) if not any(f'"{rule}"' in source for source in SOURCES)] == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, "A is zero in 3 of 300 rows (1 %), such as 'C1' with A 0."),
        ({"parameters": {"many": True}}, "A is zero in 3 of 300 rows (1 %), such as 'C1' with A 0: the limit cannot"),
        ({"count": 30, "total": 900}, "A is zero in 30 of 900 rows (3.3 %), such as 'C1' with A 0."),
        (
            {"examples": ({"customer_id": "{count}", "A": 1},)},
            "A is zero in 3 of 300 rows (1 %), such as '{count}' with",
        ),
        ({"parameters": {"many": False, "in_one_part": True}}, "Where it first shows: A is zero in 3 of 300 rows"),
    ],
)
def test_the_wording_follows_the_data(changed, message):
    finding = Finding("warning", "no_limit", "A", 3, ({"customer_id": "C1", "A": 0},), total=300)
    finding = replace(replace(finding, parameters={"many": False}), **changed)
    assert finding.message.startswith(message)


def test_values_are_counted_named_and_rounded():
    finding = Finding("warning", "lone", "A", 7, ({"customer_id": "C1", "A": 5000}, {"customer_id": "C2", "A": 9.5}))
    several = replace(finding, parameters={"times": 3.21, "next_largest": 40.0, "share": 0.123})
    assert several.message.startswith(
        "A holds 5,000 ('C1'), 9.5 ('C2') and 5 more: 3.2 times the next largest value (40)"
    )
    beyond = replace(finding, parameters={"times": 6.8e303, "next_largest": 40.0, "share": 1.0})
    assert ": 6.8e+303 times the next largest value (40)" in beyond.message
    alone = replace(several, count=1, examples=several.examples[:1])
    assert alone.message.startswith("A is 5,000 ('C1'): 3.2 times")
