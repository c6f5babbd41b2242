"""The text of a contract: strict YAML, read into a tree of values that know their places."""

from __future__ import annotations

from handfast.contract.text.compose import DEEPEST, LARGEST, MOST_KEYS, MOST_VALUES, Text, read
from handfast.contract.text.tree import NOTHING, Leaf, Marks, Node, Nothing, Scalar, Series, Table, values

__all__ = [
    "DEEPEST",
    "LARGEST",
    "MOST_KEYS",
    "MOST_VALUES",
    "NOTHING",
    "Leaf",
    "Marks",
    "Node",
    "Nothing",
    "Scalar",
    "Series",
    "Table",
    "Text",
    "read",
    "values",
]
