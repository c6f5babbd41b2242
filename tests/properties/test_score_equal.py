"""One score, five ways: the definition, the kept state, the columns (plain and compiled), and SQL written apart.

Contracts and histories are drawn to be unkind: few instants, so that activities tie and fall exactly on the edges of
expiry and fading; rows in any order; signals that overlap; negative points; limits on both sides; unknown values.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test, Value, ValueType, values_of
from handfast.contract.model import (
    ActivityType,
    Attribute,
    BehaviourGroup,
    BehaviourSignal,
    Contract,
    FitGroup,
    FitSignal,
    Score,
)
from handfast.contract.terms import Fading
from handfast.errors import ScoreForgotten
from handfast.instant import DAY, NEVER
from handfast.score import ScoreState, ScoreTable, compile_table, explain, explain_state, fit_of, score_at
from handfast.score import columns as columns_module
from handfast.score.columns import arrange, attribute_columns, behaviour_at, first_passing, leads_of
from handfast.score.compiled import Compiled, compiled

ATTRIBUTES = {"industry": ValueType.TEXT, "employees": ValueType.NUMBER}
WORDS = {
    "industry": ("software", "fintech", "retail"),
    "employees": ("10", "50", "200", "many"),
    "path": ("/pricing", "/pricing/teams", "/careers", "/blog"),
    "form": ("demo", "contact"),
    "minutes": ("5", "45"),
}
ACTIVITIES: dict[str, dict[str, ValueType]] = {
    "viewed": {"path": ValueType.TEXT, "minutes": ValueType.NUMBER},
    "submitted": {"form": ValueType.TEXT, "minutes": ValueType.TEXT},  # the same name, another type
    "attended": {},
}
KINDS = (*ACTIVITIES, *ACTIVITIES, "unheard_of")
START = 19_000 * DAY


@dataclass(frozen=True, slots=True)
class Row:
    """One activity, by the positions of its words; -1 is unknown."""

    lead: int
    at: int
    kind: int
    properties: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A contract as far as scores go, what is known of the leads, what they did, and when each is asked about."""

    contract: Contract
    bar: Condition
    leads: list[dict[str, int]]
    rows: list[Row]
    when: list[int]


def drawn(rng: random.Random, leads: int, rows: int) -> Case:
    """A case; everything in it comes from ``rng``."""
    grid = some_days(rng)
    return Case(
        contract=a_contract(rng),
        bar=a_bar(rng),
        leads=[{name: a_code(rng, WORDS[name]) for name in ATTRIBUTES} for _ in range(leads)],
        rows=[a_row(rng, leads, grid) for _ in range(rows)],
        when=[an_instant(rng, grid) for _ in range(leads)],
    )


def some_days(rng: random.Random) -> list[int]:
    """Days that lie apart by what signals expire and fade by, so that many a pair stands exactly on an edge."""
    days = [0]
    for _ in range(rng.randint(2, 10)):
        days.append(rng.choice(days) + rng.choice((1, 3, 7, 14, 21, 30, 42, 90)))
    return days


def a_row(rng: random.Random, leads: int, grid: list[int]) -> Row:
    lead = rng.randrange(leads) if rng.random() < 0.95 else -1
    at = an_instant(rng, grid) if rng.random() < 0.97 else NEVER
    names = ("path", "form", "minutes")
    return Row(lead, at, a_code(rng, KINDS), {name: a_code(rng, WORDS[name]) for name in names})


def an_instant(rng: random.Random, grid: list[int]) -> int:
    """Mostly on a grid of days, now and then a microsecond off it."""
    return START + rng.choice(grid) * DAY + rng.choice((0, 0, 0, 0, 1, -1))


def a_code(rng: random.Random, words: tuple[str, ...]) -> int:
    return rng.randrange(-1, len(words))


def a_contract(rng: random.Random) -> Contract:
    fit = [a_fit_signal(rng, f"f{place}") for place in range(rng.randint(0, 4))]
    did = [a_behaviour_signal(rng, f"b{place}") for place in range(rng.randint(0, 5))]
    score = Score(
        fit=FitGroup(signals={each.name: each for each in fit}, **a_limit(rng)),
        behaviour=BehaviourGroup(signals={each.name: each for each in did}, **a_limit(rng)),
    )
    kinds = {
        name: ActivityType(name=name, properties={key: Attribute(name=key, type=kind) for key, kind in own.items()})
        for name, own in ACTIVITIES.items()
    }
    own = {name: Attribute(name=name, type=kind) for name, kind in ATTRIBUTES.items()}
    return cast("Contract", SimpleNamespace(score=score, attributes=own, activities=kinds))


def a_limit(rng: random.Random) -> dict[str, int]:
    found = {}
    if rng.random() < 0.5:
        found["at_most"] = rng.choice((5 * rng.randint(2, 12), rng.randint(-5, 60)))
    if rng.random() < 0.3:
        found["at_least"] = rng.randint(-60, min(5, found.get("at_most", 5)))
    return found


def a_fit_signal(rng: random.Random, name: str) -> FitSignal:
    when = a_condition(rng, [an_attribute_test], 1)
    return FitSignal(name=name, title=name, when=when, points=some_points(rng))


def some_points(rng: random.Random) -> int:
    """Often fives, so that sums meet a bar exactly."""
    return rng.choice((5, 10, 15, -5, -10, rng.randint(-20, 20)))


def a_behaviour_signal(rng: random.Random, name: str) -> BehaviourSignal:
    on = rng.choice(list(ACTIVITIES))
    listens = {"viewed": [a_path_test, a_minutes_test], "submitted": [a_form_test], "attended": []}[on]
    when = a_condition(rng, listens, 1) if listens and rng.random() < 0.8 else None
    terms: dict[str, Any] = {}
    if rng.random() < 0.8:
        terms["most_recent"] = rng.randint(1, 4)
        if rng.random() < 0.5:
            terms["expires"] = rng.choice((1, 7, 30, 90)) * DAY
        if rng.random() < 0.5:
            terms["fades"] = Fading(rng.choice((10, 25, 33, 40, 100)), rng.choice((1, 7, 14)) * DAY)
    return BehaviourSignal(name=name, title=name, on=on, when=when, points=some_points(rng), **terms)


def a_bar(rng: random.Random) -> Condition:
    """Half the time the usual kind, which leads reach sooner or later; else anything."""
    if rng.random() < 0.5:
        return a_condition(rng, [a_score_test, an_attribute_test], 2)
    usual = Test(rng.choice(("behaviour", "total")), Operator.AT_LEAST, 5 * rng.randint(1, 10))
    either: list[Condition] = [usual, All((usual, Test("fit", Operator.AT_LEAST, 5 * rng.randint(-2, 2))))]
    return rng.choice(either)


def a_condition(rng: random.Random, tests: list[Any], depth: int) -> Condition:
    if depth == 0 or rng.random() < 0.4:
        return cast("Condition", rng.choice(tests)(rng))
    parts = tuple(a_condition(rng, tests, depth - 1) for _ in range(rng.randint(1, 3)))
    return cast("Condition", rng.choice((All, AnyOf, NoneOf))(parts))


def a_text_test(rng: random.Random, name: str) -> Test:
    words = WORDS[name]
    one = rng.choice([Operator.IS, Operator.IS_NOT, Operator.STARTS_WITH, Operator.CONTAINS])
    several = tuple(rng.sample(words, 2))
    return rng.choice(
        [
            Test(name, one, rng.choice(words)),
            Test(name, Operator.IN, several),
            Test(name, Operator.NOT_IN, several),
            Test(name, Operator.KNOWN, rng.random() < 0.5),
        ]
    )


def a_number_test(rng: random.Random, name: str, low: int, high: int) -> Test:
    value = rng.randint(low, high)
    one = rng.choice(
        [Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW, Operator.IS, Operator.IS_NOT]
    )
    return rng.choice(
        [
            Test(name, one, value),
            Test(name, one, value),
            Test(name, Operator.BETWEEN, (value, value + rng.randint(0, 20))),
            Test(name, Operator.IN, (value, value + 1)),
            Test(name, Operator.KNOWN, rng.random() < 0.5),
        ]
    )


def a_path_test(rng: random.Random) -> Test:
    return a_text_test(rng, "path")


def a_form_test(rng: random.Random) -> Test:
    return a_text_test(rng, rng.choice(("form", "minutes")))


def a_minutes_test(rng: random.Random) -> Test:
    return a_number_test(rng, "minutes", 0, 50)


def an_attribute_test(rng: random.Random) -> Test:
    return a_text_test(rng, "industry") if rng.random() < 0.5 else a_number_test(rng, "employees", 5, 210)


def a_score_test(rng: random.Random) -> Test:
    return a_number_test(rng, rng.choice(("total", "behaviour", "total", "fit")), -10, 60)


# The definition, lead by lead.


class Defined:
    """What ``score_at`` says of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.table = compile_table(case.contract)
        self.values = [self.attributes(lead) for lead in case.leads]
        self.fits = [fit_of(self.table, values) for values in self.values]
        self.did = [self.activities(lead) for lead in range(len(case.leads))]

    def attributes(self, codes: dict[str, int]) -> dict[str, Value | None]:
        return values_of({name: WORDS[name][code] for name, code in codes.items() if code >= 0}, ATTRIBUTES)

    def activities(self, lead: int) -> list[tuple[int, tuple[int, ...]]]:
        """When each activity of a lead happened and which signals it matches, in the order of the rows."""
        mine = [row for row in self.case.rows if row.lead == lead and row.at != NEVER]
        return [(row.at, self.matched(row)) for row in mine]

    def matched(self, row: Row) -> tuple[int, ...]:
        name = KINDS[row.kind] if row.kind >= 0 else ""
        known = {key: WORDS[key][code] for key, code in row.properties.items() if code >= 0}
        return self.table.matching(name, values_of(known, ACTIVITIES.get(name, {})))

    def instants(self, lead: int) -> list[list[int]]:
        return [[at for at, found in self.did[lead] if signal in found] for signal in range(len(self.table.behaviour))]

    def behaviour(self) -> list[int]:
        return [
            score_at(self.table, fit, self.instants(lead), when).behaviour
            for lead, (fit, when) in enumerate(zip(self.fits, self.case.when, strict=True))
        ]

    def first(self) -> list[int]:
        return [min(self.passing(lead), default=NEVER) for lead in range(len(self.case.leads))]

    def passing(self, lead: int) -> Iterator[int]:
        instants = self.instants(lead)
        for at in {at for at, _ in self.did[lead]}:
            scored = score_at(self.table, self.fits[lead], instants, at)
            if self.case.bar.holds({**self.values[lead], **scored.values()}):
                yield at


# The columns.


def coded(codes: list[int], words: tuple[str, ...]) -> Any:
    return SimpleNamespace(codes=np.array(codes, dtype=np.int32), words=words)


def by_columns(case: Case, *, fast: bool) -> tuple[list[int], list[int], list[int]]:
    """Fit, behaviour and first instants of every lead."""
    table, count = compile_table(case.contract), len(case.leads)
    rows = SimpleNamespace(
        lead=np.array([row.lead for row in case.rows], dtype=np.int32),
        at=np.array([row.at for row in case.rows], dtype=np.int64),
        kind=coded([row.kind for row in case.rows], KINDS),
        properties={
            name: coded([row.properties[name] for row in case.rows], WORDS[name])
            for name in ("path", "form", "minutes")
        },
    )
    known = {name: coded([lead[name] for lead in case.leads], WORDS[name]) for name in ATTRIBUTES}
    leads = leads_of(table, case.bar, attribute_columns(table, known), count)
    whole = arrange(table, rows, count, fast=fast)
    hopeful = arrange(table, rows, count, needs=leads.needs, fast=fast)
    first = first_passing(table, leads, whole, fast=fast)
    assert first.tolist() == first_passing(table, leads, hopeful, fast=fast).tolist()
    when = np.array(case.when, dtype=np.int64)
    return leads.fit.tolist(), behaviour_at(table, whole, when, fast=fast).tolist(), first.tolist()


# SQL, written from the contract's own terms and not from the tables.


def sql_of(condition: Condition, scale: dict[str, int]) -> str:
    """A condition as SQL; ``scale`` says in what unit a number is stored."""
    if isinstance(condition, Test):
        return sql_of_test(condition, scale.get(condition.name, 1))
    parts = [f"({sql_of(part, scale)})" for part in condition.parts]
    if isinstance(condition, All):
        return " AND ".join(parts)
    some = " OR ".join(parts)
    return some if isinstance(condition, AnyOf) else f"NOT ({some})"


def sql_of_test(test: Test, scale: int) -> str:
    def literal(value: object) -> str:
        return f"'{value}'" if isinstance(value, str) else str(cast("int", value) * scale)

    name, operand = test.name, test.operand
    if test.operator is Operator.KNOWN:
        return f"{name} IS NOT NULL" if operand else f"{name} IS NULL"
    if test.operator in (Operator.IN, Operator.NOT_IN):
        listed = ", ".join(literal(value) for value in cast("tuple[Value, ...]", operand))
        inside = f"coalesce({name} IN ({listed}), false)"
        return inside if test.operator is Operator.IN else f"NOT {inside}"
    if test.operator is Operator.BETWEEN:
        low, high = cast("tuple[int, int]", operand)
        return f"coalesce({name} BETWEEN {literal(low)} AND {literal(high)}, false)"
    if test.operator is Operator.IS_NOT:
        return f"{name} IS DISTINCT FROM {literal(operand)}"
    if test.operator in (Operator.STARTS_WITH, Operator.CONTAINS):
        return f"coalesce({test.operator.value}({name}, {literal(operand)}), false)"
    sign = {"is": "=", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}[test.operator.value]
    return f"coalesce({name} {sign} {literal(operand)}, false)"


def limits_in_sql(value: str, group: FitGroup | BehaviourGroup) -> str:
    if group.at_least is not None:
        value = f"greatest({value}, {group.at_least * 100})"
    return f"least({value}, {group.at_most * 100})" if group.at_most is not None else value


def by_sql(case: Case) -> tuple[list[int], list[int], list[int]]:
    """Fit, behaviour and first instants of every lead."""
    score = case.contract.score
    base = duckdb.connect()
    load(base, case)
    fit = " + ".join(
        f"CASE WHEN {sql_of(each.when, {})} THEN {each.points * 100} ELSE 0 END" for each in score.fit.signals.values()
    )
    base.execute(f"CREATE TABLE fit AS SELECT lead, {limits_in_sql(fit or '0', score.fit)} AS fit FROM leads")
    matched = " UNION ALL ".join(
        f"SELECT lead, moment, {place} AS signal FROM acts WHERE kind = '{each.on}' AND ({own_terms(each)})"
        for place, each in enumerate(score.behaviour.signals.values())
    )
    base.execute(f"CREATE TABLE matched AS {matched or 'SELECT 0 AS lead, 0 AS moment, 0 AS signal WHERE false'}")
    base.execute("CREATE TABLE moments AS SELECT DISTINCT lead, moment AS t FROM acts UNION SELECT lead, t FROM asked")
    base.execute(
        f"""
        CREATE TABLE judged AS
        WITH ranked AS (
            SELECT moments.lead, t, signal, moment,
                   row_number() OVER (PARTITION BY moments.lead, t, signal ORDER BY moment DESC) AS nth
            FROM moments JOIN matched ON matched.lead = moments.lead AND moment <= t
        ), worth AS (
            SELECT lead, t, CASE
                WHEN nth > coalesce(most_recent, nth) OR t - moment >= coalesce(expires, t - moment + 1) THEN 0
                ELSE points * greatest(0, 100 - percent * ((t - moment) // every)) END AS value
            FROM ranked JOIN signals USING (signal)
        ), summed AS (
            SELECT lead, t, coalesce(sum(value), 0)::BIGINT AS raw
            FROM moments LEFT JOIN worth USING (lead, t) GROUP BY lead, t
        )
        SELECT summed.lead, t, fit, {limits_in_sql("raw", score.behaviour)} AS behaviour, fit + behaviour AS total,
               industry, employees
        FROM summed JOIN fit USING (lead) JOIN leads USING (lead)
        """
    )
    hundredths = {"fit": 100, "behaviour": 100, "total": 100}
    first = base.execute(
        f"""
        WITH passed AS (
            SELECT lead, min(t) AS earliest FROM judged SEMI JOIN acts ON acts.lead = judged.lead AND moment = t
            WHERE {sql_of(case.bar, hundredths)} GROUP BY lead
        )
        SELECT coalesce(earliest, {NEVER}) FROM leads LEFT JOIN passed USING (lead) ORDER BY lead
        """
    ).fetchall()
    behaviour = base.execute("SELECT behaviour FROM asked JOIN judged USING (lead, t) ORDER BY lead").fetchall()
    fits = base.execute("SELECT fit FROM fit ORDER BY lead").fetchall()
    base.close()
    return [row[0] for row in fits], [row[0] for row in behaviour], [row[0] for row in first]


def own_terms(signal: BehaviourSignal) -> str:
    """The condition of a signal, its numbers read from text as the activity declares them."""
    if signal.when is None:
        return "true"
    condition = sql_of(signal.when, {})
    return condition.replace("minutes", "try_cast(minutes AS BIGINT)") if signal.on == "viewed" else condition


def load(base: duckdb.DuckDBPyConnection, case: Case) -> None:
    def word(name: str, code: int) -> str | None:
        return WORDS[name][code] if code >= 0 else None

    def kind(row: Row) -> str | None:
        return KINDS[row.kind] if row.kind >= 0 else None

    base.execute("CREATE TABLE leads (lead BIGINT, industry VARCHAR, employees BIGINT)")
    base.execute(
        "CREATE TABLE acts (lead BIGINT, moment BIGINT, kind VARCHAR, path VARCHAR, form VARCHAR, minutes VARCHAR)"
    )
    base.execute("CREATE TABLE asked (lead BIGINT, t BIGINT)")
    base.execute(
        "CREATE TABLE signals (signal INT, points INT, most_recent INT, expires BIGINT, percent INT, every BIGINT)"
    )
    leads = [
        (place, word("industry", lead["industry"]), number(word("employees", lead["employees"])))
        for place, lead in enumerate(case.leads)
    ]
    acts = [
        (row.lead, row.at, kind(row), *(word(name, row.properties[name]) for name in ("path", "form", "minutes")))
        for row in case.rows
        if row.lead >= 0 and row.at != NEVER
    ]
    insert(base, "leads", leads)
    insert(base, "acts", acts)
    insert(base, "asked", list(enumerate(case.when)))
    terms = case.contract.score.behaviour.signals.values()
    insert(base, "signals", [(place, *signal_row(each)) for place, each in enumerate(terms)])


def number(word: str | None) -> int | None:
    return int(word) if word is not None and word.isdigit() else None


def signal_row(signal: BehaviourSignal) -> tuple[object, ...]:
    fades = signal.fades or Fading(0, 1)
    return signal.points, signal.most_recent, signal.expires, fades.percent, fades.every


def insert(base: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    for begin in range(0, len(rows), 5000):
        some = rows[begin : begin + 5000]
        marks = ", ".join("(" + ", ".join("?" for _ in row) + ")" for row in some)
        base.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in some for value in row])


# The comparisons.


def agree(case: Case, *, with_sql: bool) -> None:
    defined = Defined(case)
    expected = (defined.fits, defined.behaviour(), defined.first())
    assert by_columns(case, fast=False) == expected
    assert by_columns(case, fast=True) == expected
    if with_sql:
        assert by_sql(case) == expected


@settings(max_examples=examples(150))
@given(st.randoms(use_true_random=False), st.integers(1, 4), st.integers(0, 25))
def test_the_columns_say_what_the_definition_says(rng: random.Random, leads: int, rows: int) -> None:
    agree(drawn(rng, leads, rows), with_sql=False)


@settings(max_examples=examples(40))
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(0, 40))
def test_sql_says_what_the_definition_says(rng: random.Random, leads: int, rows: int) -> None:
    agree(drawn(rng, leads, rows), with_sql=True)


@pytest.mark.parametrize("seed", range(6))
def test_all_agree_on_larger_histories(seed: int) -> None:
    agree(drawn(random.Random(seed), leads=120, rows=3000), with_sql=True)


@settings(max_examples=examples(150))
@given(st.randoms(use_true_random=False), st.integers(0, 25))
def test_the_kept_state_says_what_the_definition_says_or_refuses(rng: random.Random, rows: int) -> None:
    case = drawn(rng, 1, rows)
    defined = Defined(case)
    table, instants = defined.table, defined.instants(0)
    state = ScoreState(table)
    for at, signals in defined.did[0]:  # in the order in which they became known
        state.add(signals, at)
    state = ScoreState.from_bytes(table, bytes(state))
    latest = max((at for at, _ in defined.did[0]), default=START)
    for at in (latest, latest + 1, latest + DAY, latest + 400 * DAY):
        assert state.score(0, at) == score_at(table, 0, instants, at)
        assert explain_state(table, {}, state, at) == explain(table, {}, instants, at)
    for at in {at for at, _ in defined.did[0]}:
        compare_or_refused(state, table, instants, at)


@settings(max_examples=examples(100))
@given(st.randoms(use_true_random=False), st.integers(1, 15))
def test_a_state_asked_again_and_again_forgets_no_step_of_fading(rng: random.Random, rows: int) -> None:
    case = drawn(rng, 1, rows)
    defined = Defined(case)
    table = defined.table
    state, known = ScoreState(table), [list[int]() for _ in table.terms]
    for happened_at, signals in defined.did[0]:
        state.add(signals, happened_at)
        for signal in signals:
            known[signal].append(happened_at)
        latest = max((at for when in known for at in when), default=happened_at)
        for at in [latest, *(latest + step for step in edges(table, rng)), latest]:
            assert state.score(0, at) == score_at(table, 0, [sorted(when) for when in known], at)
        for at in {at for when in known for at in when}:
            compare_or_refused(state, table, [sorted(when) for when in known], at)


@settings(max_examples=examples(60))
@given(st.randoms(use_true_random=False), st.integers(1, 15))
def test_a_copy_goes_its_own_way(rng: random.Random, rows: int) -> None:
    defined = Defined(drawn(rng, 1, rows))
    did, table = defined.did[0], defined.table
    state, latest = ScoreState(table), max((at for at, _ in did), default=START)
    half = len(did) // 2
    for at, signals in did[:half]:
        state.add(signals, at)
    before, score = bytes(state), state.score(0, latest)
    other = state.copy()
    assert other == state
    for at, signals in did[half:]:
        other.add(signals, at)
    assert (bytes(state), state.score(0, latest)) == (before, score)
    assert other.score(0, latest) == score_at(table, 0, defined.instants(0), latest)
    assert (other == state) is not any(signals for _, signals in did[half:])
    assert state != before


def edges(table: ScoreTable, rng: random.Random) -> list[int]:
    """Spans at which some weight may change, and a microsecond on either side."""
    whole = [span * rng.randint(1, 3) for _, _, gone, _, every in table.terms for span in (gone, every) if span < 2**60]
    return [max(0, span + rng.choice((-1, 0, 1))) for span in rng.sample(whole, min(len(whole), 6))]


def compare_or_refused(state: ScoreState, table: ScoreTable, instants: list[list[int]], at: int) -> None:
    try:
        found = state.score(0, at)
    except ScoreForgotten:
        forgotten = [len(when) > most for when, (_, most, *_) in zip(instants, table.terms, strict=True)]
        assert any(more and max(when) > at for more, when in zip(forgotten, instants, strict=True))
        return
    assert found == score_at(table, 0, instants, at)


@settings(max_examples=examples(150))
@given(st.randoms(use_true_random=False), st.integers(0, 25))
def test_an_explanation_lists_everything_and_adds_up(rng: random.Random, rows: int) -> None:
    case = drawn(rng, 1, rows)
    defined = Defined(case)
    values, instants, at = defined.values[0], defined.instants(0), case.when[0]
    found = explain(defined.table, values, instants, at)
    assert found.scored == score_at(defined.table, defined.fits[0], instants, at)
    assert sum(line.value for line in found.lines) == found.scored.total
    names = [*case.contract.score.fit.signals, *case.contract.score.behaviour.signals]
    assert [line.clause.rpartition(".")[2] for line in found.lines if "signals" in line.clause] == names


@settings(max_examples=examples(60))
@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(rng: random.Random) -> None:
    case = drawn(rng, 3, 30)
    shuffled = list(case.rows)
    rng.shuffle(shuffled)
    other = Case(contract=case.contract, bar=case.bar, leads=case.leads, rows=shuffled, when=case.when)
    for fast in (False, True):
        assert by_columns(case, fast=fast) == by_columns(other, fast=fast)


def test_the_loops_are_the_same_functions_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled loops run here as plain Python over arrays, so that coverage sees them."""
    from handfast.score import arrange as arrange_module
    from handfast.score import kernel

    plain = Compiled(**{name: getattr(kernel, name) for name in Compiled.__slots__})
    for module in (arrange_module, columns_module):
        monkeypatch.setattr(module, "loops_for", lambda _rows, fast: plain if fast else None)
    for seed in range(3):
        case = drawn(random.Random(seed), leads=4, rows=400)
        expected = Defined(case)
        assert by_columns(case, fast=True) == (expected.fits, expected.behaviour(), expected.first())


def test_numba_is_there_to_be_compared_with() -> None:
    assert compiled() is not None
