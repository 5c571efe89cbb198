"""Turns tallies of the record into figures and official forms."""
