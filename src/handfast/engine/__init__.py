"""The one evaluator: a state and a fact in, the next state, its effects and their trace out."""

from __future__ import annotations

from handfast.engine.conserve import Conservation, conservation
from handfast.engine.release import releasable
from handfast.engine.state import State, Step
from handfast.engine.step import step
from handfast.engine.terms import Terms, Version
from handfast.engine.world import World

__all__ = ["Conservation", "State", "Step", "Terms", "Version", "World", "conservation", "releasable", "step"]
