"""What a report rests on, in words: whose judgement, how columns and stages were read, what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from handfast.audit.english import words
from handfast.audit.judge import Judged
from handfast.measure.value import Rows

ORIGINS_TITLE = "How it is known that a lead was delivered to sales"
ORIGINS = {
    "by_export": "the export states its MQL stage",
    "by_contract": "judged by the contract\u2019s definition",
    "inferred": "no MQL stage, but sales accepted or qualified it",
    "assumed": "assumed: nothing says who was delivered, so everybody counts",
    "not_delivered": "not delivered",
    "undetermined": "undetermined: the export holds too little for the contract to say",
}
AGREEMENT_TITLE = "The CRM\u2019s \u201cMQL\u201d beside the contract\u2019s"
READINGS_TITLE = "Stages that were read rather than stated"
REASON_WORDS_TITLE = "Reasons, as the export writes them and as the contract knows them"
NO_CLAUSE = "no reason of the contract; kept as written"
IMPLIED = "implied by a later stage; counts, measures no time"
UNDATED = "reached at an instant the export does not state; counts, measures no time"
OWNERS_HIDDEN = "Owners are called by numbers in this report; owner 1 has the most leads."


def owner(number: int) -> str:
    """An owner whose name was left out."""
    return f"owner {number}"


def by_contract(word: str) -> str:
    """A column of the agreement."""
    return f"Contract: {word}"


def plain_stage(name: str) -> str:
    """A column of the cycle in words."""
    return name.replace("_", " ")


def readings(judged: Judged) -> Iterator[tuple[Rows, str, str]]:
    """Leads that were read otherwise than the export says, and why."""
    yield judged.accepted_by_contact, "accepted", "sales spoke with them, which accepts by implication"
    yield judged.read_as_disqualified, "disqualified", "called rejected, but after acceptance or contact"
    yield judged.read_as_rejected, "rejected", "called disqualified, but without acceptance or contact"
    yield judged.touched_only_before, "first touch", "every touch came before they qualified; none counts"
    yield judged.held, "held by a disqualifier", "would qualify; kept out by a clause of the definition"


FILES = "Files read"
DATES = {"iso": "ISO dates", "dmy": "dates day first", "mdy": "dates month first"}


def mapping(columns: int) -> str:
    """The title of the mapping table."""
    return f"What each of {words.many(columns, 'column')} was read as"


def unseen(measures: int) -> str:
    """The title of the table of what is missing."""
    return f"{words.many(measures, 'measure')} that this export does not allow"


def delimiter(mark: str) -> str:
    """A delimiter by name."""
    names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    return f"{names.get(mark, mark)}-separated" if mark else ""


def refused(count: int, path: str) -> str:
    """How many rows were refused, and where they are."""
    where = f"; each is in {PurePath(path).name} with its line and the reason" if path else ""
    return f"{words.many(count, 'row')} could not be used{where}."


def unused(name: str, headers: Sequence[str]) -> str:
    """Columns without a role."""
    shown = words.listed(list(headers[:12]))
    more = f" and {len(headers) - 12} more" if len(headers) > 12 else ""
    return f"Not used of {name}: {shown}{more}."
