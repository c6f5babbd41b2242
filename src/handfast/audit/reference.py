"""The reference page of mapping files, written from the tables of roles themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from handfast.audit.column.vocabulary import EMPTY_WORDS
from handfast.audit.file.source import ENDINGS
from handfast.audit.mapping_text import DELIMITERS, ENCODINGS
from handfast.audit.meaning import CLOSED
from handfast.audit.roles import NEEDED, ROLES, Kind, RoleType

EXAMPLE = """\
handfast_mapping: 1
zone: Europe/Berlin                 # of times that name none
empty: [Keine Angabe]               # words, besides the usual ones, that mean that nothing was chosen
files:
  - file: leads-*.csv               # a name or a pattern
    kind: leads
    dates: dmy                      # 03/04/2026 is 3 April
    columns:
      Lead number: id
      Created: [inquiry_at, mql_at] # one column may say two things
      State of work: status
      Rep: owner
      Product: attributes.product_interest
    values:
      status:
        Being worked: accepted
        Not for us: declined
  - file: calls.csv
    kind: touches
    columns: {Lead number: lead_id, When: at, Result: outcome, Who: owner}
    constants: {type: call}         # every row is a call
    values:
      outcome: {Spoke to them: contact, Voice mail: attempt}
"""

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.LEADS: "One row a person: contacts of HubSpot, leads of Salesforce and Marketo.",
        Kind.CONTACTS: "People who help to match other tables, and are no leads by themselves.",
        Kind.COMPANIES: "One row a company; industry, size and country for its people.",
        Kind.DEALS: "One row a deal.",
        Kind.TOUCHES: "What sales did: calls, e-mails, messages, meetings, tasks.",
        Kind.ACTIVITIES: "What leads did: forms, page views, clicks.",
        Kind.HISTORY: "One row a change of a field: when a lead or a deal got a stage or an owner.",
        Kind.EVENTS: "An event log: each row is the state of one record at one time.",
        Kind.ASSIGNMENTS: "One row a change of owner or pool.",
        Kind.LINKS: "Pairs of ids: which deal, company or touch belongs to whom.",
        Kind.USERS: "Ids of owners and their names.",
        Kind.STAGES: "Ids of deal stages and their names.",
        Kind.IGNORE: "Not read.",
    }
)

_TYPES: Mapping[RoleType, str] = MappingProxyType(
    {
        RoleType.KEY: "id",
        RoleType.KEYS: "ids, cut by `;` or `,`",
        RoleType.EMAIL: "e-mail address",
        RoleType.INSTANT: "date or instant",
        RoleType.WORD: "word",
        RoleType.YES_NO: "yes or no",
        RoleType.NUMBER: "number or band",
        RoleType.MONEY: "amount",
    }
)

_HEAD = f"""\
# Mapping files

A mapping says which file of an export is what, which column says what, and what the words in it mean. `handfast audit`
guesses one; `--save-mapping` writes the guess with how sure it is of each column, and `--mapping` reads it back, edited
or not. A saved guess that is given back unchanged reads the same export. This page is written from the code.

```yaml
{EXAMPLE}```

## The file

| key | meaning |
|---|---|
| `handfast_mapping` | the format: 1 |
| `zone` | IANA zone of instants that name none; else the one the audit is told |
| `empty` | more words that mean that nothing was chosen |
| `other_files` | `recognise` (default) or `ignore` files that no entry names |
| `files` | the entries; the first whose `file` fits counts |

| key of an entry | meaning |
|---|---|
| `file` | a name or a pattern with `*` and `?`; case is ignored. In a zip: `export.zip/name.csv` or `name.csv` |
| `kind` | what its rows are, see below |
| `title` | what reports call it |
| `zone` | as above, for this file |
| `dates` | `dmy`, `mdy`, `iso`, or `auto`: decided by the column |
| `decimals` | `point`, `comma`, or `auto`: decided by the column |
| `encoding` | {", ".join(f"`{name}`" for name in ENCODINGS)}; else decided by the bytes |
| `delimiter` | {", ".join(f"`{name}`" for name in DELIMITERS)}; else decided by the first rows |
| `columns` | header as written: role, or a list of roles. Every header named must be there |
| `constants` | role: what every row says |
| `values` | role: word of the export: what it means. Case and spaces do not matter |

Every mistake is told at once, with file, line and column, and nothing is read until there is none.

## How cells are read

- **Files.** {", ".join(f"`{ending}`" for ending in ENDINGS)}, or a folder of them. UTF-8 with or without a mark, UTF-16
  and Windows-1252 are told apart by all bytes of a file. Parquet needs the extra `parquet`.
- **Rows** with too few or too many fields, a quote that is never closed, zero bytes, more than a mebibyte, or without
  what their kind needs are refused, written to the file of refused rows with line and reason, and counted. A quote
  that is
  never closed costs its own line, not the rows behind it.
- **Empty.** These mean that nothing was chosen: {", ".join(f"`{word}`" for word in sorted(EMPTY_WORDS) if word)}.
- **Instants.** ISO 8601 in all its common forms; `31/12/2026`, `12/31/2026`, `31.12.2026` with two or four digits of
  year (70 to 99 are 1970 to 1999), 24 or 12 hours; `31 Dec 2026`, `December 31, 2026`; seconds, milliseconds and
  microseconds since 1970. Which of two numbers is the day is decided by the whole column: one date that only one order
  can read proves it. Without proof the file's other columns decide, then the other files, then the zone, and that
  is said.
  A date alone is midnight of the zone. A local time that the clocks repeat is its first pass; one that they skip
  is read
  with the offset before the change.
- **Numbers** may carry thousands separators and currency signs of either convention, `k`, `Mio`, `bn`.
- **Ids.** Salesforce's 15 and 18 characters are one id; `123.0` is 123.
- **Addresses** are matched without case and plus-tags, and without dots where the provider ignores them.
- **Countries** become ISO 3166 codes, **industries** common words, **bands of employees** a number near their
  middle, by
  the tables in `handfast/audit/tables`; what those do not know stays as it is. `values` come first.
- **Duplicates.** Rows with one id, else one address, are one lead: the earliest gives its name, the facts are put
  together.
  An address that more than 25 records carry is a placeholder and matches nobody.
- **Names and phones** are read only when a condition of the contract asks for them.

## Stages

`stage`, `status`, `state` and the stages of a history mean by `values` one of {{stages}}. `declined` is settled by
what else is
known: *disqualified* when the lead was accepted, qualified by sales, on a deal, or met by sales; otherwise *rejected*.
`none` says nothing. No stage is inferred from a later one here; the audit does that, and marks it.

Where the export of a sales system never says when leads were delivered to sales, a guess takes their creation for it,
says so, and writes it into the mapping as `[inquiry_at, mql_at]`.

## Touches

Only a human's outreach counts.

1. A task that is not completed, a cancelled or merely planned meeting, a note: no touch.
2. What came in: an answered call is a contact, since sales spoke to the lead. Mails, messages and missed calls
   that came
   in are the lead's own doing, no touch.
3. What it was is told by `type`, then by `type_detail`, then by `subject`. `unknown` passes the question on; nothing
   known: no touch.
4. A machine did it when a mail or message carries a `sequence`, when `automated` says so, or when `created_by` or the
   owner is no person. A call that a cadence asks for is still made by a person.
5. It was two-way when `outcome` says `contact`, or when it is a meeting of which nothing says that it did not take
   place.
6. When: `completed_at`; else `logged_at`, if `at` is a bare date and it lies on it; else `at`.

What is left out is counted in the report, by reason.
"""


def page() -> str:
    """The page in Markdown."""
    stages = sorted(CLOSED[Kind.LEADS, "stage"])
    head = _HEAD.replace("{stages}", ", ".join(f"`{word}`" for word in stages))
    return "\n".join([head, "## Kinds and their roles", "", *_kinds()]).rstrip() + "\n"


def _kinds() -> Iterator[str]:
    for kind, sentence in KINDS.items():
        yield f"### `{kind}`"
        yield ""
        yield sentence + _needs(kind)
        yield ""
        if ROLES[kind]:
            yield "| role | read as | says |"
            yield "|---|---|---|"
            for role in ROLES[kind].values():
                yield f"| `{role.name}` | {_TYPES[role.type]} | {role.title} |"
            yield ""
        yield from _own(kind)


def _needs(kind: Kind) -> str:
    groups = [" or ".join(f"`{role}`" for role in group) for group in NEEDED[kind]]
    return f" Needs {'; and '.join(groups)}." if groups else ""


def _own(kind: Kind) -> Iterator[str]:
    if kind in {Kind.LEADS, Kind.CONTACTS, Kind.COMPANIES, Kind.EVENTS}:
        yield "`attributes.NAME` is an attribute of the contract's own."
        yield ""
    if kind is Kind.ACTIVITIES:
        yield "`properties.NAME` is a property of an activity of the contract's own."
        yield ""
