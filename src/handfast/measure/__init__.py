"""Measures: numbers with the records behind them."""
