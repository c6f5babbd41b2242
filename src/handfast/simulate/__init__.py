"""A seeded revenue team, for demonstrations and tests."""
