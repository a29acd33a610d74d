"""Readable cases: what an official reads as a sentence, the engine runs as a test.

`texts` are the shapes of the files, `words` turns the words of a form into facts, `lives` holds the standard lawful
life, `villages` makes a place of a village's text, `walking` leads a matter through the pure core, `telling` says the
first difference, `running` runs whole files; `coverage` says what no case has seen, `skeleton` begins a new file.
"""
