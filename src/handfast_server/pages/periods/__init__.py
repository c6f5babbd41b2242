"""Periods that close: their frozen figures, what is known since, and the signatures of both leaders."""
