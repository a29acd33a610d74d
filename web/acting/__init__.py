"""How people act on matters: what a page shows of one, and the way from a form over the check to the register."""
