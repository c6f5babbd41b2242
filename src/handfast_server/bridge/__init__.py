"""Rows become values of the core and values become rows, here and nowhere else."""
