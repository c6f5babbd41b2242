"""Sentences of the core, and of what stands between it and pages, in the reader's language.

The core is pure and says everything in English, with the values in it. Each of its sentences that people read every day
stands in a table here with names where it has values; one that is said is found by its form, its values are taken out,
and its translation is said with them. What is in no table is said as it is. A test reads the core's own code and names
each sentence that no table has.
"""

from handfast_server.pages.core_words.found import in_words, known

__all__ = ["in_words", "known"]
