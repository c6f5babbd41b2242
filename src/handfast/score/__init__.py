"""Scores: exact points from what a lead is and did."""
