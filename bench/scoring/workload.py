"""A contract and a seeded history in columns: what every program of bench/score.py is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.instant import DAY
from handfast.score import ScoreTable, compile_table

TEXT = Path(__file__).parents[1].joinpath("score.yaml").read_text(encoding="utf-8")
KINDS = {
    "page_viewed": 55, "email_clicked": 18, "form_submitted": 4, "webinar_attended": 3, "content_downloaded": 6,
    "chat_started": 2, "ad_clicked": 6, "unsubscribed": 1, "product_used": 5,
}  # fmt: skip
READS = {"page_viewed": "path", "form_submitted": "form", "email_clicked": "campaign"}
SPAN, END = 730 * DAY, 20_000 * DAY
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A contract and a history in columns."""

    contract: Contract
    table: ScoreTable
    leads: int
    known: dict[str, Any]  # attributes by name
    activities: Any


def coded(codes: NDArray[Any], words: list[str]) -> Any:
    return SimpleNamespace(codes=codes.astype(np.int32), words=tuple(words))


def workload(rows: int) -> Workload:
    contract = load(TEXT).contract
    if contract is None:
        raise SystemExit("\n".join(map(str, load(TEXT).problems)))
    rng = np.random.default_rng(7)
    leads = rows // 10
    paths = [f"/{part}/{n}" for part, many in PATHS.items() for n in range(many)]
    titles = ["VP Sales", "Head of IT", "Student", "Engineer", "Sales Director", "Clerk", "Chief of Staff", *"abcdefgh"]

    def some(words: list[str], count: int) -> Any:
        return coded(rng.integers(-1, len(words), count), words)  # -1: unknown

    known = {
        "industry": some([f"industry{n}" for n in range(20)], leads),
        "employees": some([str(n) for n in (1, 5, 20, 49, 50, 80, 200, 500, 1000, 1001, 5000)], leads),
        "title": some(titles, leads),
        "country": some("DE AT CH US FR GB IT ES NL SE".split(), leads),
        "email_domain": some([f"domain{n}.example" for n in range(60)], leads),
        "consent_contact": some(["granted", "granted", "granted", "unknown", "denied"], leads),
    }
    activity = np.minimum(rng.exponential(1.0, leads), 20)
    at = np.sort(rng.integers(0, SPAN, rows)) + END - SPAN
    late = rng.random(rows) < 0.01
    at[late] -= rng.integers(0, 3 * DAY, int(late.sum()))  # known later than it happened
    shares = np.array(list(KINDS.values())) / sum(KINDS.values())
    activities = SimpleNamespace(
        lead=rng.choice(leads, rows, p=activity / activity.sum()).astype(np.int32),
        at=at.astype(np.int64),
        kind=coded(rng.choice(len(KINDS), rows, p=shares), list(KINDS)),
        properties={
            "path": some(paths, rows),
            "form": some(["demo", "contact", "newsletter", "event"], rows),
            "campaign": some([*(f"promo{n}" for n in range(10)), *(f"news{n}" for n in range(30))], rows),
        },
    )
    return Workload(contract=contract, table=compile_table(contract), leads=leads, known=known, activities=activities)


PATHS = {"pricing": 30, "careers": 15, "docs": 60, "blog": 300, "product": 95}
