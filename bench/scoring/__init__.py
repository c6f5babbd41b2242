"""The pieces of bench/score.py: the workload, and the programs that score it besides ours."""
