"""The first run: who signs, what history there is, which contract to begin with; and shadow mode until going live."""
