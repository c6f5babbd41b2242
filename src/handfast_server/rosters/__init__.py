"""Reps, pools, absences and ledgers, as rows."""
