"""Pure: no file, no database, no clock, no network; imports no package of ours outside it."""

RULES = "1"
"""The version of our own rules, in every entry: what `decide` asks beyond the texts of law."""
