"""Columns of text to compact typed columns: words, keys, instants, numbers."""
