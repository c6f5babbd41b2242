"""Conditions judged four ways agree: by the tree, its trace, columns, and a reading of the rules written apart."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Any, cast

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.examples import PROOF, examples

from handfast.condition import (
    All,
    AnyOf,
    Condition,
    NoneOf,
    Operator,
    Test,
    Value,
    Values,
    ValueType,
    evaluate,
    fold,
    names_in,
    parse,
    plain,
    trace,
    typed,
    value_of,
)
from handfast.condition import tests_in as every_test  # pytest would take the name for a test's
from handfast.condition.columns import Column, column_of, holds_in_columns
from handfast.condition.question import has_word
from handfast.problem import Problems

WORDS = ("software", "real estate", "vp of sales", "mvp", "straße", "/pricing", "2027")
NUMBERS: tuple[int | Decimal, ...] = (-1, 0, 1, 50, Decimal("0.1"), Decimal("49.99"))
NAMES: dict[str, ValueType] = {"industry": ValueType.TEXT, "title": ValueType.TEXT, "employees": ValueType.NUMBER}

texts = st.sampled_from([fold(word) for word in WORDS])
numbers = st.sampled_from(NUMBERS)
text_names, number_names = st.sampled_from(["industry", "title"]), st.just("employees")


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)


def asking(names: st.SearchStrategy[str], one: list[Operator], many: list[Operator], values: Any) -> Any:
    return st.one_of(
        st.builds(Test, names, st.sampled_from(one), values),
        st.builds(Test, names, st.sampled_from(many), several(values)),
        st.builds(Test, names, st.just(Operator.KNOWN), st.booleans()),
    )


O = Operator  # noqa: E741 short where there are so many
some_tests = st.one_of(
    asking(
        text_names,
        [O.IS, O.IS_NOT, O.HAS_WORD, O.CONTAINS, O.STARTS_WITH, O.ENDS_WITH],
        [O.IN, O.NOT_IN, O.HAS_ANY_WORD],
        texts,
    ),
    asking(number_names, [O.IS, O.IS_NOT, O.AT_LEAST, O.AT_MOST, O.ABOVE, O.BELOW], [O.IN, O.NOT_IN], numbers),
    st.builds(lambda low, high: Test("employees", O.BETWEEN, (min(low, high), max(low, high))), numbers, numbers),
    st.builds(lambda words: Test("industry", O.IN_LIST, frozenset(words), "-".join(sorted(words))), several(texts)),
)


def trees(fewest: int) -> st.SearchStrategy[Condition]:
    """Conditions whose groups have at least so many parts."""
    return st.recursive(
        some_tests,
        lambda inner: st.builds(
            lambda kind, parts: kind(tuple(parts)),
            st.sampled_from([All, AnyOf, NoneOf]),
            st.lists(inner, min_size=fewest, max_size=3),
        ),
        max_leaves=6,
    )


conditions = trees(0)
known = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.none() | texts,
        "title": st.none() | texts,
        "employees": st.none() | numbers,
    },
)


def by_the_book(condition: Condition, values: Values) -> bool:
    """The rules of contract.md, read once more."""
    if isinstance(condition, All):
        return not [part for part in condition.parts if not by_the_book(part, values)]
    if isinstance(condition, (AnyOf, NoneOf)):
        found = [part for part in condition.parts if by_the_book(part, values)]
        return bool(found) is isinstance(condition, AnyOf)
    found_value, wanted = values.get(condition.name), condition.operand
    if condition.operator is O.IS_NOT:
        return not by_the_book(Test(condition.name, O.IS, wanted), values)
    if condition.operator is O.NOT_IN:
        return not by_the_book(Test(condition.name, O.IN, wanted), values)
    if condition.operator is O.KNOWN:
        return ("unknown" if found_value is None else "known") == ("known" if wanted else "unknown")
    return False if found_value is None else positive(condition.operator, found_value, wanted)


def positive(operator: Operator, found: Value, wanted: Any) -> bool:
    """An operator that needs a value, which there is."""
    if operator in (O.AT_LEAST, O.AT_MOST, O.ABOVE, O.BELOW):
        difference = Decimal(cast("int", found)) - wanted
        sign = int(difference > 0) - int(difference < 0)
        return sign in {O.AT_LEAST: (0, 1), O.AT_MOST: (0, -1), O.ABOVE: (1,), O.BELOW: (-1,)}[operator]
    if operator is O.BETWEEN:
        return bool(sorted([wanted[0], found, wanted[1]])[1] == found)
    if operator in (O.IS, O.IN, O.IN_LIST):
        return any(found == each for each in (wanted if isinstance(wanted, (tuple, frozenset)) else [wanted]))
    pattern = {
        O.CONTAINS: "{}",
        O.STARTS_WITH: r"\A{}",
        O.ENDS_WITH: r"{}\Z",
        O.HAS_WORD: r"(?<!\w){}(?!\w)",
        O.HAS_ANY_WORD: r"(?<!\w){}(?!\w)",
    }[operator]
    words = wanted if isinstance(wanted, tuple) else (wanted,)
    return any(re.search(pattern.format(re.escape(word)), str(found)) for word in words)


@given(conditions, known)
def test_the_tree_its_trace_and_the_book_agree(condition: Condition, values: dict[str, Value | None]) -> None:
    expected = by_the_book(condition, values)
    assert evaluate(condition, values) is expected
    assert trace(condition, values).holds is expected


@given(conditions, st.lists(known, min_size=1, max_size=8))
def test_columns_say_of_each_row_what_the_tree_says(condition: Condition, rows: list[dict[str, Value | None]]) -> None:
    columns = {}
    for name in NAMES:
        values = [row.get(name) for row in rows]
        distinct = list(dict.fromkeys(value for value in values if value is not None))
        codes = [-1 if value is None else distinct.index(value) for value in values]
        if distinct:  # else there is no column: unknown everywhere
            columns[name] = Column(np.array(codes, dtype=np.int32), distinct)
    expected = [evaluate(condition, row) for row in rows]
    assert holds_in_columns(condition, columns, len(rows)).tolist() == expected


@given(st.lists(st.sampled_from(["1", " 50 ", "", "many", "4.5"]), min_size=1, max_size=5))
def test_a_column_of_words_is_typed_word_by_word(words: list[str]) -> None:
    column = column_of(np.arange(len(words)), words, ValueType.NUMBER)
    assert list(column.values) == [value_of(word, ValueType.NUMBER) for word in words]


@given(trees(1))
def test_what_is_written_as_plain_data_reads_back_as_the_same(condition: Condition) -> None:
    problems = Problems()
    lists = {test.list_name: cast("frozenset[str]", test.operand) for test in every_test(condition) if test.list_name}
    assert parse(plain(condition), (), NAMES, lists, problems) == condition
    assert not problems


@given(conditions, known)
def test_what_a_condition_does_not_name_does_not_matter(condition: Condition, values: dict[str, Value | None]) -> None:
    needed = {name: value for name, value in values.items() if name in names_in(condition)}
    assert evaluate(condition, needed) is evaluate(condition, values)


@given(st.text(max_size=12))
@example("İstanbul")
@example("ǅ \u0345\u03b1")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_single_character_folds_once_and_for_all() -> None:
    characters = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) != "Cs")
    assert [character for character in characters if fold(fold(character)) != fold(character)] == []


@given(st.text(max_size=12), st.text("abcxyz éß ", max_size=8))
def test_case_and_composition_do_not_matter(text: str, plainer: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(f"  {plainer.upper()} ") == fold(plainer)


@given(st.text("ab -_1é", max_size=10), st.text("ab1é", min_size=1, max_size=3))
def test_a_word_is_found_where_no_letter_touches_it(text: str, word: str) -> None:
    expected = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
    assert has_word(text, word) is expected


def slowly_has_word(text: str, word: str) -> bool:
    """The rule, place by place."""
    start = text.find(word)
    while start >= 0:
        if is_boundary(text, start) and is_boundary(text, start + len(word)):
            return True
        start = text.find(word, start + 1)
    return False


UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def is_boundary(text: str, position: int) -> bool:
    if position in (0, len(text)):
        return True
    left, right = text[position - 1], text[position]
    if is_mark(right):
        return False
    return not (is_joined(right) and (is_joined(left) or is_mark(left)))


def is_joined(character: str) -> bool:
    return (character.isalnum() or character == "_") and not UNSPACED.match(character)


def is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


EDGES = "ab1_ -/.\u0301\u093f\u0928\u0e01\u0e31\u0e50\u3042\u65e5\u672c\u00e9\u0661\u00bd\U00020000\U000e0100"


@settings(max_examples=examples(200))
@given(st.text(EDGES, max_size=10) | st.text(max_size=8), st.text(EDGES, min_size=1, max_size=2))
def test_a_word_is_found_where_the_rule_says(text: str, word: str) -> None:
    assert has_word(text, word) is slowly_has_word(text, word)


ALL = [*range(0xD800), *range(0xE000, 0x40000), *range(0xE0000, 0xE0200)]
# Characters of a kind stand together, in blocks of sixteen or more: where a kind or a block begins or ends, it shows.
CHARACTERS = [
    code
    for code in ALL
    if PROOF
    or code % 16 in (0, 15)
    or unicodedata.category(chr(code)) != unicodedata.category(chr(code - 1))
    or unicodedata.category(chr(code)) != unicodedata.category(chr(code + 1))
]


def test_every_character_touches_a_word_as_the_rule_says() -> None:
    for code in CHARACTERS:
        for text in (f"a{chr(code)}", f"{chr(code)}a", f"\u0301{chr(code)} a"):
            assert has_word(text, "a") is slowly_has_word(text, "a"), hex(code)


raw_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=20),
    st.dates(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@settings(max_examples=examples(200))
@given(raw_values, st.sampled_from(ValueType))
@example(dt.date(2027, 1, 8), ValueType.DATE)
def test_any_raw_value_is_read_or_refused_and_reads_the_same_again(raw: object, kind: ValueType) -> None:
    value = value_of(raw, kind)
    if value is not None and kind is not ValueType.DATE:
        assert typed(value, kind) == value
    try:
        assert typed(raw, kind) == value
    except ValueError:
        assert value is None


keys = st.sampled_from([*NAMES, *Operator, "all", "any", "none", "band", "nonsense"]) | raw_values.filter(
    lambda raw: not isinstance(raw, (list, dict, Decimal))
)
documents = st.recursive(
    raw_values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
)


@given(documents)
def test_any_document_is_a_condition_or_has_problems(raw: object) -> None:
    problems = Problems()
    condition = parse(raw, ("when",), NAMES, {"some": frozenset({"x"})}, problems)
    assert (condition is None) is bool(problems.errors)
    assert all(problem.message and problem.path[0] == "when" for problem in problems)
    if condition is not None:
        evaluate(condition, {})
