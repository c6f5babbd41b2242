"""The one evaluator: a state and a fact in, the next state, its effects and their trace out."""
