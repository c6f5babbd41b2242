"""A made-up year in a real service, and made-up leads that go on coming."""
