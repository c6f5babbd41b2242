"""What the evaluator decided, in English: all sentences of ``handfast explain --lead``, from the trace."""
