"""Pure: no file, no database, no clock, no network; imports no package of ours outside it."""
