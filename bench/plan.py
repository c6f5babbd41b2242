"""What a plan costs: agreed rates alone, and measured on a hundred thousand cycles as an audit has them."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
from timing import race, report

from handfast.measure.question import Question
from handfast.plan import measured, plan

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
made = import_module("tests.support.plans")  # cycles made by hand, as the tests make them

draw = np.random.default_rng(7)


def team(count: int) -> Question:
    """Cycles over two years: 70 % accepted, 35 % of these a deal, a quarter of these won."""
    went = []
    for at in np.sort(draw.random(count) * 700):
        one = {"qualified": float(at)}
        chance = draw.random(3)
        if chance[0] > 0.7:
            one["rejected"] = at + 1
        else:
            one["accepted"] = at + draw.random()
            if chance[1] < 0.35:
                one["opportunity"] = at + 5 + 20 * draw.random()
                one["won" if chance[2] < 0.25 else "lost"] = at + 30 + 60 * draw.random()
        went.append(one)
    asked: Question = made.asked(made.rows(went), 700)
    return asked


terms = made.agreement()
small, large = team(50_000), team(100_000)
evidence = measured(large, "bench")
figures = race(
    {
        "agreed rates alone": lambda: plan(terms),
        "with measured rates": lambda: plan(terms, evidence),
        "measuring 50,000 cycles": lambda: measured(small, "bench"),
        "measuring 100,000 cycles": lambda: measured(large, "bench"),
    }
)
report("The plan", figures, notes=["units: one plan, or one reading of the cycles"])
