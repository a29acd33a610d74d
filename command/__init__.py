"""The command line of Cunyi: it stands above the engine and the web, and nothing imports it."""
