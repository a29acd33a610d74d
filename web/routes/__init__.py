"""One module of routes for each account group, and those for everybody."""
