"""A persona keeps its colour in every run; segments without one of their own get others."""

from seg_utils.personas import catalogue
from seg_utils.personas.catalogue import COLOURS, UNNAMED
from seg_utils.reporting.figures import style

KNOWN = catalogue.load()
IDS = [persona.id for persona in KNOWN.personas]


def test_a_persona_keeps_its_colour_whatever_other_segments_there_are():
    alone, among = KNOWN.colours([IDS[3]]), KNOWN.colours([IDS[5], UNNAMED, IDS[3], IDS[0]])
    assert alone == [3]
    assert (among[0], among[2], among[3]) == (5, 3, 0)


def test_namesakes_and_unnamed_segments_get_colours_of_their_own():
    colours = KNOWN.colours([IDS[2], IDS[2], *[UNNAMED] * 10])
    assert colours[0] == 2
    assert len(set(colours)) == 12
    assert set(colours) <= set(range(COLOURS))
    assert len(style.PALETTE) == COLOURS


def test_more_segments_than_colours_share_them():
    assert len(KNOWN.colours([*IDS, *[UNNAMED] * COLOURS])) == len(IDS) + COLOURS
