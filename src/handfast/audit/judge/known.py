"""What is found out first about an export, for every later step of its judgement."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.audit.export import Export
from handfast.audit.judge.bar import Bar
from handfast.audit.judge.ground import Ground
from handfast.audit.judge.stages import Stages
from handfast.contract.model import Contract
from handfast.instant import Instant


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the later steps of a judgement look at."""

    export: Export
    contract: Contract
    stages: Stages
    ground: Ground
    bar: Bar
    days: frozenset[str]  # stages of which only the day is known
    as_of: Instant
