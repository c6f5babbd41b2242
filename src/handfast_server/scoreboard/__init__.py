"""Measures of the live service: a columnar snapshot of its cycles, boards over it, closed periods, history as files."""
