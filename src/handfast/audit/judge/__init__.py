"""An export judged under a contract: cycles as columns, and how every part of them is known."""

from __future__ import annotations

from handfast.audit.judge.judged import Judged, Origin
from handfast.audit.judge.whole import judge

__all__ = ["Judged", "Origin", "judge"]
