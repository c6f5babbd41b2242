"""What was told to the evaluator, as a file: facts as lines of JSON, told again, explained and measured.

lines = written(facts)                          # or what ``handfast simulate`` wrote, or somebody by hand
facts = read_facts(lines, file="facts.jsonl")   # strict: every problem with its line
columns = columns_of(Lives.of(replayed, recorder), contract)   # history.columns; or of leads that a store kept
"""

from __future__ import annotations

from handfast.history.file import Told, read_facts, written
from handfast.history.line import read_line, write_line

__all__ = ["Told", "read_facts", "read_line", "write_line", "written"]
