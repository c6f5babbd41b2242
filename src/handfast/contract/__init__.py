"""The contract: its text, its checks, its seal, its words."""

from __future__ import annotations

from handfast.contract.load import Loaded, load

__all__ = ["Loaded", "load"]
