"""The parts of the report, one module each: a board goes in, blocks come out, or none where there is nothing."""
