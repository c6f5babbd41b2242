"""Everything the service was told, append-only."""
