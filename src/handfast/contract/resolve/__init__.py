"""From a document to a contract: names looked up, conditions typed, defaults that follow from other clauses filled."""

from __future__ import annotations

from handfast.contract.resolve.whole import resolve

__all__ = ["resolve"]
