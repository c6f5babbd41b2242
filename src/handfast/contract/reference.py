"""The reference pages of the contract file, written from the tables that the loader itself reads.

``PAGES`` names each generated file with what it must hold; `make generated` writes them, a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from handfast.condition import OPERATORS, ValueType
from handfast.contract import builtin
from handfast.contract.defaults import DEFAULTS
from handfast.contract.model import ReasonKind, RevenueNumber, ShareBy, SourcedBy, Verb
from handfast.contract.phrase import LONGEST
from handfast.contract.schema import schema_text
from handfast.contract.text import DEEPEST, LARGEST, MOST_KEYS, MOST_VALUES
from handfast.instant import DAY

_DEFAULTS_HEAD = """\
# What is assumed

A contract must say `handfast`, `contract`, `version`, `effective_from`, both `parties`, `definitions.mql.when` and
where `routing` sends leads. Everything else has a default. Defaults are filled in before a contract is sealed, so what
was assumed on the day of signing is part of the digest and does not move when a later Handfast assumes otherwise.

`NAME` stands for each entry that is written. A section that a contract writes itself (pools, reasons, reviews) is taken
as written: its entries are not mixed with those assumed here.

"""

_CONTRACT_HEAD = """\
# The contract file

One YAML 1.2 file. Words such as `on`, `no` and `yes` are words; only `true` and `false` are booleans; dates are text.
Aliases, anchors, merge keys, tags, a second document, hidden characters, and keys given twice are refused, and so is a
file above {size} MiB, {depth} levels, {values:,} values or {keys:,} keys in one mapping. Every problem is told at once,
with file, line, column and dotted path.

`handfast schema` prints the JSON Schema of the file for editors. What is assumed where a contract is silent is listed
in [defaults](defaults.md).

## Phrases

| phrase | form | meaning |
|---|---|---|
| duration | `N minutes`, `N hours`, `N days` | around the clock |
| | `N business minutes`, `N business hours` | working time of the calendar |
| | `N business days` | the same local time on the N-th next working day |
| | `as CLOCK` | the same window as that clock |
| share | `N%` | of a window: of its working time if it is a business window, of its length otherwise |
| fading | `N% every DURATION` | per cent of the original points lost at each full duration of age |
| per period | `AMOUNT per month`, `per quarter`, `per year` | in the contract's zone; plain digits |
| attempts | `{{attempts: N, spanning: DURATION}}` | of a reason: at least N attempts, first to last so far apart |
| | `{{at_least: N, within: DURATION}}` | of a commitment: at least N attempts within that time of acceptance |
| disposition | `close`, `recycle after N days`, `recycle on a date given` | what becomes of a lead |
| held | `mon 10:00`, `first tue 14:00`, `first wed of jan apr jul oct 14:00` | in the contract's zone |
| hours | `mon-thu: ["09:00-12:30", "13:30-18:00"]` | `22:00-06:00` runs past midnight; `24:00` ends the day |
| | `sat: closed` | no hours on that day, which is the same as leaving it out |

A duration is at most {longest} days. Signals fade and expire, and leads cool off and come back, around the clock, never
in business time.

"""


def defaults_page() -> str:
    """docs/reference/defaults.md."""
    rows = (
        (f"`{default.dotted}`", default.words or f"`{flow(default.value)}`", default.meaning) for default in DEFAULTS
    )
    return _DEFAULTS_HEAD + _table(("path", "assumed", "meaning"), rows)


def contract_page() -> str:
    """docs/reference/contract.md."""
    head = _CONTRACT_HEAD.format(
        size=LARGEST // 1024**2, depth=DEEPEST, values=MOST_VALUES, keys=MOST_KEYS, longest=f"{LONGEST // DAY:,}"
    )
    sections = (
        ("Built-in attributes", _table(("attribute", "type", "what it is"), _attributes()), _ATTRIBUTES_NOTE),
        ("Built-in activities", _table(("activity", "properties"), _activities()), _ACTIVITIES_NOTE),
        ("Operators by type", _table(("type", "operators"), _operators()), _OPERATORS_NOTE),
        ("Clocks", _table(("clock", "starts", "stops"), _clocks()), ""),
        ("Fixed words", _table(("where", "words"), _words()), ""),
        ("What an example may expect", _table(("key", "value"), _expected()), _EXAMPLES_NOTE),
        ("Lists that ship with the product", _table(("list", "entries"), _lists()), ""),
    )
    return head + "\n".join(f"## {title}\n\n{table}{note}" for title, table, note in sections)


_ATTRIBUTES_NOTE = """
Own attributes stand under `attributes:`, as a type or as `{one_of: [WORD, …]}`.
"""

_ACTIVITIES_NOTE = """
Own activities, and own properties of built-in ones, stand under `activities:`. On a hand-raise a property hides the
attribute of the same name.
"""

_OPERATORS_NOTE = """
Several keys mean that all hold; `all`, `any` and `none` take lists; a bare value means `is`. `fit`, `behaviour` and
`total` may be asked in definitions and routing, `band` in routing only. An unknown value passes no operator but
`is_not`, `not_in` and `known: false`.
"""

_EXAMPLES_NOTE = """
An example assumes one eligible member in every pool. Of an act, `on` names the activity and `at` says when, if not at
the example's own instant; everything else is a property.
"""


def _attributes() -> Iterable[tuple[str, ...]]:
    for name, known in builtin.ATTRIBUTES.items():
        one_of = ": " + ", ".join(known.one_of) if known.one_of else ""
        yield f"`{name}`", f"{known.type}{one_of}", known.title


def _activities() -> Iterable[tuple[str, ...]]:
    for name, known in builtin.ACTIVITIES.items():
        yield f"`{name}`", ", ".join(f"`{prop}`" for prop in known.properties)


def _operators() -> Iterable[tuple[str, ...]]:
    for kind in ValueType:
        yield kind.value, ", ".join(f"`{operator}`" for operator in OPERATORS[kind])


def _clocks() -> Iterable[tuple[str, ...]]:
    for clock, (starts, stops) in builtin.CLOCK_EDGES.items():
        yield f"`{clock}`", starts, stops


def _expected() -> Iterable[tuple[str, ...]]:
    return ((f"`{key}`", kind.value) for key, kind in builtin.EXPECTED.items())


def _lists() -> Iterable[tuple[str, ...]]:
    return ((f"`{name}`", str(len(entries))) for name, entries in builtin.shipped_lists().items())


def _words() -> Iterable[tuple[str, ...]]:
    words: tuple[tuple[str, Iterable[str]], ...] = (
        ("`attributes.NAME.type`", ValueType),
        ("`definitions.mql.unless.NAME.except`", ("hand_raise",)),
        ("`pools.NAME.share`", ShareBy),
        ("`pools.NAME.nobody.then`", ("manager", "or a pool")),
        ("`clocks.NAME.escalate[].to`", (*builtin.ESCALATE_TO, "or an e-mail address")),
        ("`clocks.NAME.escalate[].do`", ("re_route",)),
        ("`reasons.NAME.verb`", Verb),
        ("`reasons.NAME.kind`", ReasonKind),
        ("`commitments.marketing.icp`", ("required",)),
        ("`commitments.sales.excused`", ("left_out", "counted")),
        ("`revenue.number`", RevenueNumber),
        ("`attribution.sourced`", SourcedBy),
        ("`band`", builtin.BANDS),
    )
    return ((where, ", ".join(known)) for where, known in words)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def flow(value: object) -> str:
    """A raw value as one line of YAML: ``{at: 50%, to: [owner]}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "docs/reference/contract.md": contract_page,
        "docs/reference/defaults.md": defaults_page,
        "src/handfast/contract/data/contract.schema.json": schema_text,
    }
)
"""Generated files by their path from the root of the repository."""
