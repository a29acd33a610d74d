"""SQL and files: the register, and whatever other tables are declared in the same metadata."""
