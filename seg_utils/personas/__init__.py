"""Personas: who the segments are, told from their profiles through the catalogue, never from their numbers."""

from seg_utils.personas import catalogue, descriptors, profiling
from seg_utils.personas.candidates import candidates
from seg_utils.personas.profiling import profile
from seg_utils.personas.segment_personas import match
from seg_utils.personas.survival import names_survive
