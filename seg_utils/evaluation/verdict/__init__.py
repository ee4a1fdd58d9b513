"""The recommended number of segments: the rule, the votes of single criteria, the sentence."""
