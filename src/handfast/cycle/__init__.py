"""The life of a cycle: its table, and the values that are kept of a lead."""
