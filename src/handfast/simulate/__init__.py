"""A seeded revenue team: a made-up year, decided by the engine, with what is true of it kept apart."""

from handfast.simulate.demo import demo_contracts, demo_texts
from handfast.simulate.plan import Dirt, Habits, Source, TeamPlan, usual_plan
from handfast.simulate.simulated import Simulated, simulate
from handfast.simulate.truth import DelayCause, Handoff

__all__ = [
    "DelayCause",
    "Dirt",
    "Habits",
    "Handoff",
    "Simulated",
    "Source",
    "TeamPlan",
    "demo_contracts",
    "demo_texts",
    "simulate",
    "usual_plan",
]
