"""DuckDB and Polars on the same question, as an analyst would ask it of them.

Both judge every moment of every lead that could qualify, with its activities up to then ranked by age.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from handfast.condition import Condition, tests_in
from handfast.contract.model import BehaviourSignal
from handfast.contract.terms import Fading
from handfast.instant import NEVER
from scoring.workload import Integers, Workload


def sql_test(when: Condition | None) -> str:
    """A condition of one test as SQL that DuckDB and Polars share."""
    if when is None:
        return "true"
    (test,) = tests_in(when)
    operand: Any = test.operand
    several = ", ".join(f"'{word}'" for word in operand) if isinstance(operand, (tuple, frozenset)) else ""
    return {
        "in": f"{test.name} IN ({several})",
        "in_list": f"{test.name} IN ({several})",
        "is": f"{test.name} = '{operand}'",
        "starts_with": f"{test.name} LIKE '{operand}%'",
        "contains": f"{test.name} LIKE '%{operand}%'",
        "between": f"employees BETWEEN {several.replace(chr(39), '')}",
        "has_any_word": f"regexp_matches({test.name}, '\\b(" + "|".join(map(str, operand or ())) + ")\\b')"
        if isinstance(operand, tuple)
        else "",
    }[test.operator.value].replace("BETWEEN 50, 1000", "BETWEEN 50 AND 1000")


def frames(work: Workload) -> tuple[Any, Any]:
    """Leads and activities as Polars frames, words as categories, text folded as Handfast folds it."""
    import polars as pl

    def words(column: Any) -> Any:
        folded = [word.lower() for word in column.words]
        kinds = pl.Enum(list(dict.fromkeys(folded)))
        lookup = pl.Series(folded, dtype=kinds)
        return lookup.gather(pl.Series(np.where(column.codes < 0, 0, column.codes))).zip_with(
            pl.Series(column.codes >= 0), pl.Series([None] * len(column.codes), dtype=kinds)
        )

    leads = pl.DataFrame({"lead": np.arange(work.leads, dtype=np.int32)} | {n: words(c) for n, c in work.known.items()})
    leads = leads.with_columns(pl.col("employees").cast(pl.String).cast(pl.Int64))
    acts = work.activities
    columns = {"lead": acts.lead, "moment": acts.at, "kind": words(acts.kind)}
    return leads, pl.DataFrame(columns | {name: words(column) for name, column in acts.properties.items()})


def signal_row(place: int, signal: BehaviourSignal) -> dict[str, int]:
    """The terms of a signal as numbers."""
    fades = signal.fades or Fading(0, 1)
    keep, expires = signal.most_recent or 1 << 30, signal.expires or 1 << 60
    row = {"signal": place, "points": signal.points, "keep": keep, "expires": expires}
    return row | {"percent": fades.percent, "every": fades.every}


def by_duckdb(work: Workload, leads: Any, acts: Any) -> Integers:
    import duckdb

    base = duckdb.connect()
    base.register("leads", leads)
    base.register("acts", acts)
    score, mql = work.contract.score, work.contract.definitions.mql
    fit = " + ".join(f"CASE WHEN {sql_test(s.when)} THEN {s.points} ELSE 0 END" for s in score.fit.signals.values())
    out = " OR ".join(f"coalesce({sql_test(each.when)}, false)" for each in mql.unless.values())
    matched = " UNION ALL ".join(
        f"SELECT lead, moment, {place} AS signal FROM mine WHERE kind = '{s.on}' AND {sql_test(s.when)}"
        for place, s in enumerate(score.behaviour.signals.values())
    )
    terms = [signal_row(place, s) for place, s in enumerate(score.behaviour.signals.values())]
    signals = ", ".join("(" + ", ".join(map(str, term.values())) + ")" for term in terms)
    found = base.execute(
        f"""
        WITH fitting AS (SELECT lead, least(60, {fit}) AS fit FROM leads WHERE NOT ({out})),
        hopeful AS (SELECT lead, fit FROM fitting WHERE fit >= 20),
        mine AS MATERIALIZED (SELECT acts.* FROM acts SEMI JOIN hopeful USING (lead)),
        matched AS ({matched}),
        signals({", ".join(terms[0])}) AS (VALUES {signals}),
        ranked AS (
            SELECT m.lead, t, signal, t - moment AS age,
                   row_number() OVER (PARTITION BY m.lead, t, signal ORDER BY moment DESC) AS nth
            FROM (SELECT DISTINCT lead, moment AS t FROM mine) AS m
            JOIN matched ON matched.lead = m.lead AND moment <= t
        ),
        behaviour AS (
            SELECT lead, t, least(8000, sum(points * greatest(0, 100 - percent * (age // every)))) AS behaviour
            FROM ranked JOIN signals USING (signal) WHERE nth <= keep AND age < expires GROUP BY lead, t
        )
        SELECT lead, min(t) AS first FROM behaviour JOIN hopeful USING (lead)
        WHERE behaviour + fit * 100 >= 7000 GROUP BY lead
        """
    ).fetchnumpy()
    first = np.full(work.leads, NEVER, dtype=np.int64)
    first[found["lead"]] = found["first"]
    return first


def by_polars(work: Workload, leads: Any, acts: Any) -> Integers:
    import polars as pl

    score, mql = work.contract.score, work.contract.definitions.mql

    def holds(when: Condition | None) -> Any:
        return pl.lit(value=True) if when is None else polars_test(when).fill_null(value=False)

    fit = pl.sum_horizontal(holds(s.when).cast(pl.Int64) * s.points for s in score.fit.signals.values())
    out = pl.any_horizontal(holds(each.when) for each in mql.unless.values())
    hopeful = (
        leads.lazy().filter(~out).select("lead", fit.clip(upper_bound=60).alias("fit")).filter(pl.col("fit") >= 20)
    )
    mine = acts.lazy().join(hopeful, on="lead", how="semi")
    terms = [signal_row(place, s) for place, s in enumerate(score.behaviour.signals.values())]
    matched = pl.concat(
        mine.filter((pl.col("kind") == s.on) & holds(s.when)).select(
            "lead", "moment", **{name: pl.lit(value, dtype=pl.Int64) for name, value in term.items()}
        )
        for term, s in zip(terms, score.behaviour.signals.values(), strict=True)
    )
    pairs = mine.select("lead", t="moment").unique().join(matched, on="lead").filter(pl.col("moment") <= pl.col("t"))
    nth = pl.int_range(pl.len()).over("lead", "t", "signal", order_by="moment", descending=True)
    age = pl.col("t") - pl.col("moment")
    left = (100 - pl.col("percent") * (age // pl.col("every"))).clip(lower_bound=0)
    found = (
        pairs.with_columns(nth=nth)
        .filter((pl.col("nth") < pl.col("keep")) & (age < pl.col("expires")))
        .group_by("lead", "t")
        .agg(behaviour=(pl.col("points") * left).sum().clip(upper_bound=8000))
        .join(hopeful, on="lead")
        .filter(pl.col("behaviour") + pl.col("fit") * 100 >= 7000)
        .group_by("lead")
        .agg(first=pl.col("t").min())
        .collect()
    )
    first = np.full(work.leads, NEVER, dtype=np.int64)
    first[found["lead"].to_numpy()] = found["first"].to_numpy()
    return first


def polars_test(when: Condition) -> Any:
    import polars as pl

    (test,) = tests_in(when)
    column, operand = pl.col(test.name), test.operand
    text = column.cast(pl.String)
    match test.operator.value:
        case "in" | "in_list":
            return text.is_in(sorted(map(str, operand)))  # type: ignore[arg-type] # a tuple or a set of words
        case "between":
            return column.is_between(*operand)  # type: ignore[misc] # a pair of numbers
        case "starts_with":
            return text.str.starts_with(str(operand))
        case "contains":
            return text.str.contains(str(operand), literal=True)
        case "has_any_word":
            return text.str.contains(r"\b(" + "|".join(operand) + r")\b")  # type: ignore[arg-type] # words
        case _:
            return text == str(operand)
