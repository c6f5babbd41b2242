"""The text of a contract: YAML 1.2 read exactly, every value with its place, every limit kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from handfast.contract import load
from handfast.contract.text import (
    DEEPEST,
    LARGEST,
    MOST_KEYS,
    MOST_VALUES,
    NOTHING,
    Marks,
    Table,
    compose,
    read,
    values,
)
from handfast.contract.text.scalar import NotRead, scalar
from handfast.contract.text.syntax import plain_words
from handfast.problem import Mark, Problems


def read_all(text: str | bytes) -> dict[str, object]:
    problems = Problems()
    found = read(text, problems)
    assert not problems.found
    assert found.whole
    assert isinstance(found.root, Table)
    return values(found.root)


def codes(text: str | bytes) -> list[str]:
    problems = Problems()
    read(text, problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("NO", "NO"), ("y", "y"), ("n", "n"),
        ("true", True), ("True", True), ("FALSE", False), ("tRUE", "tRUE"), ("truest", "truest"),
        ("0", 0), ("-7", -7), ("+7", 7), ("007", 7), ("0o17", 15), ("0x1F", 31), ("0b11", "0b11"), ("1_000", "1_000"),
        ("0.1", Decimal("0.1")), (".5", Decimal("0.5")), ("1.", Decimal(1)), ("-1.5e-3", Decimal("-0.0015")),
        ("1e3", Decimal(1000)), ("1e", "1e"), ("e3", "e3"), (".", "."), ("-", "-"), ("--5", "--5"), ("1-2", "1-2"),
        ("2027-01-01", "2027-01-01"), ("09:00", "09:00"), ("12:30:45", "12:30:45"), ("0x", "0x"), ("0o8", "0o8"),
        ("nullable", "nullable"), ("٣", "٣"), ("1٣", "1٣"),
        ("null", None), ("Null", None), ("~", None), ("", None), ("~x", "~x"),
    ],
)  # fmt: skip
def test_a_plain_scalar_is_what_the_core_schema_says(written: str, value: object) -> None:
    found = scalar(written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "written", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e31", "1e-31", "1e999999999", "9" * 40]
)
def test_a_number_that_nobody_means_is_refused(written: str) -> None:
    with pytest.raises(NotRead):
        scalar(written)


@pytest.mark.parametrize("zeros", ["1e0000000000003", "1e+03", "1e-00"])
def test_zeros_before_an_exponent_change_nothing(zeros: str) -> None:
    assert scalar(zeros) == Decimal(zeros)


def test_quotes_make_anything_text() -> None:
    assert read_all("a: 'true'\nb: \"12\"\nc: ''\nd: |\n  1\n") == {"a": "true", "b": "12", "c": "", "d": "1\n"}


def test_a_key_without_a_value_holds_nothing() -> None:
    assert read_all("a:\nb: ~\nc: [null]\n") == {"a": NOTHING, "b": NOTHING, "c": [NOTHING]}
    assert str(NOTHING) == "nothing"


def test_a_byte_order_mark_in_front_and_any_line_ends_are_fine(acme_text: str) -> None:
    plain = load(acme_text).contract
    assert plain is not None
    assert load("\ufeff" + acme_text).contract == plain
    assert load(b"\xef\xbb\xbf" + acme_text.encode()).contract == plain
    assert load(acme_text.replace("\n", "\r\n")).contract == plain


def test_the_document_may_begin_and_end_as_yaml_does() -> None:
    assert read_all("%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


def test_every_value_of_the_example_stands_where_its_mark_says(acme_text: str) -> None:
    lines = acme_text.split("\n")
    found = read(acme_text, Problems())
    assert isinstance(found.root, Table)
    tree = values(found.root)
    seen = 0
    for path in found.marks:
        value: object = tree
        for part in path:
            value = value[part]  # type: ignore[index]  # the path leads through dicts and lists alone
        mark = found.marks[path]
        here = lines[mark.line - 1][mark.column - 1 :]
        if isinstance(value, str):
            assert here.startswith((value, f'"{value}"'))
            seen += 1
        elif isinstance(value, dict | list) and path and isinstance(path[-1], str):
            assert here.startswith((path[-1], f'"{path[-1]}"'))
            seen += 1
    assert len(found.marks) == sum(1 for _ in found.marks) > seen > 300


def test_marks_know_keys_and_the_closest_place_around() -> None:
    marks = read("a: {b: [1, {c: 2}]}\n", Problems()).marks
    assert marks[()] == Mark(1, 1)
    assert marks["a", "b", 1, "c"] == Mark(1, 16)
    assert marks.key(("a", "b", 1, "c")) == Mark(1, 13)
    assert marks.key(("a", "b", 1)) == Mark(1, 12)
    assert marks.near(("a", "b", 7, "c"), of_key=True) == Mark(1, 5)
    assert marks.near(("a", "b", 1, "c"), of_key=True) == Mark(1, 13)
    for path in (("x",), ("a", 0), ("a", "b", "c"), ("a", "b", -1), ("a", "b", 0, "c")):
        assert path not in marks


def test_a_text_that_cannot_be_read_has_no_places() -> None:
    assert len(Marks(None)) == 0
    assert Marks(None).near(("a",)) is None


def test_of_a_key_given_twice_the_first_counts_and_the_rest_is_read() -> None:
    problems = Problems()
    found = read("a: 1\na: {b: [2]}\nc: 3\n", problems)
    assert isinstance(found.root, Table)
    assert values(found.root) == {"a": 1, "c": 3}
    assert [problem.mark for problem in problems] == [Mark(2, 1)]


def test_everything_wrong_with_the_text_is_told_at_once() -> None:
    text = "a: &x !t 1\nb: *x\n<<: {c: 1}\nd: .inf\n5: e\n'<<': quoted\n*x : 2\n"
    assert codes(text) == ["anchor", "tag", "alias", "merge_key", "number", "key", "alias", "key"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: " + "[" * DEEPEST + "]" * DEEPEST, "too_deep"),
        ("a: [" + "b, " * MOST_VALUES + "]", "too_many"),
        ("\n".join(f"k{number}: 1" for number in range(MOST_KEYS + 1)), "too_many"),
        ("a: 1\n" + "#" * LARGEST, "not_a_contract"),
        ("? [a]\n: b\n", "key"),
        ("? {a: b}\n: c\n", "key"),
        ("a: 1\n--- b\n", "several_documents"),
        ("a: 1\n\x00", "unprintable"),
        ('a: "\\x07"\n', "unprintable"),
        ("a: \ud800\n", "not_utf8"),
        ("a: b\ufeffc\n", "unprintable"),
        (b"\xfe\xff\x00a", "not_a_contract"),
        (b"{\\rtf1 contract}", "not_a_contract"),
        (b"PK\x03\x04", "not_a_contract"),
        (b"\xd0\xcf\x11\xe0", "not_a_contract"),
        (b"  <?xml version='1.0'?>", "not_a_contract"),
    ],
)
def test_what_no_contract_needs_is_refused(text: str | bytes, code: str) -> None:
    assert codes(text) == [code]


def test_just_within_every_limit_is_fine() -> None:
    assert not codes("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1))
    assert not codes("a: [" + "b, " * (MOST_VALUES - 3) + "]")
    assert not codes("\n".join(f"k{number}: 1" for number in range(MOST_KEYS)))
    assert not codes("a: 1\n" + "#" * (LARGEST - 5))


def test_a_mistake_says_its_line_in_a_file_with_umlauts() -> None:
    problems = Problems()
    read("ä: ü\nö: *b\n".encode(), problems)
    assert [problem.mark for problem in problems] == [Mark(2, 4)]


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML as it is where its C part could not be built."""
    monkeypatch.setattr(compose, "_LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("pure")
def test_the_parser_in_python_reads_the_example_alike(acme_text: str) -> None:
    loaded = load(acme_text)
    assert not loaded.problems
    again = read(acme_text, Problems()).marks
    assert dict(loaded.marks) == dict(again)


@pytest.mark.usefixtures("pure")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n\tb: 1\n", "A tab is used"),
        ("a: @b\n", "cannot begin with @"),
        ('a: "b\n', "A quote is opened"),
        ("a: [b\n", "A list is not closed"),
        ("a: {b\n", "A mapping is not closed"),
        ("a: b: c\n", "A colon stands"),
        ("a: 1\nb\n", "A key without a colon"),
        ("a: 1\n b: 2\n", "A colon stands"),
        ("a:\n  - 1\n b: 2\n", "does not fit"),
        ('a: "\\y"\n', "A backslash"),
        ("a: - 1\n", "A list entry"),
        ("!x!y a\n", "Tags (!)"),
    ],
)
def test_the_parser_in_python_complains_in_the_same_words(text: str, words: str) -> None:
    problems = Problems()
    read(text, problems)
    assert words in problems.found[-1].message


def test_a_complaint_that_nobody_foresaw_is_passed_on() -> None:
    assert plain_words("", yaml.MarkedYAMLError(problem="odd")) == "This cannot be read as YAML (odd)."
    assert plain_words("", yaml.MarkedYAMLError()) == "This cannot be read as YAML."
    stray = yaml.MarkedYAMLError(problem="found character '%' that cannot start any token")
    assert plain_words("", stray) == "This cannot be read as YAML here; put the text in quotes."


def test_a_complaint_without_a_place_stands_at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise yaml.MarkedYAMLError(problem="odd")

    monkeypatch.setattr(yaml, "parse", broken)
    problems = Problems()
    assert not read("a: 1\n", problems).whole
    assert [problem.mark for problem in problems] == [Mark(1, 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_any_line_end_leads_to_the_stray_character(end: str) -> None:
    problems = Problems()
    read(f"ä: 1{end}b: %c{end}", problems)
    assert [problem.message for problem in problems] == ["Text cannot begin with %; put it in quotes."]
