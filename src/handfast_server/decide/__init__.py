"""The engine in a transaction: facts in, everything that it decides written together."""
