"""The contract in English: values, conditions, clauses. Nothing outside this folder spells a phrase."""
