"""The live service: rows become values of the core, the core answers, the answer is written."""
