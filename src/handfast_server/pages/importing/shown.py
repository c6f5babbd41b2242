"""What stands on the page of an import: how columns are read, the first rows, how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.audit.export import Guess, SourceFile
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.roles import ROLES, Kind, role_of
from handfast.facts import DealOpened, Stage, StageStamped
from handfast.instant import Instant
from handfast_server.intake.history import Row
from handfast_server.intake.item import Item
from handfast_server.intake.models import Upload
from handfast_server.intake.uploads import Looked
from handfast_server.pages.core_words import in_words
from handfast_server.pages.scoreboard_figures import number, percent

_STATES = {
    Upload.State.LOOKED.value: (gettext_noop("Looked at"), ""),
    Upload.State.WAITING.value: (gettext_noop("Being taken in"), "soon"),
    Upload.State.DONE.value: (gettext_noop("Done"), "good"),
    Upload.State.STOPPED.value: (gettext_noop("Stopped"), "soon"),
    Upload.State.FAILED.value: (gettext_noop("Cannot be read"), "late"),
}

_STAGES = {
    Stage.INQUIRY.value: gettext_noop("inquiry"),
    Stage.QUALIFIED.value: gettext_noop("MQL"),
    Stage.ACCEPTED.value: gettext_noop("SAL"),
    Stage.SQL.value: gettext_noop("SQL"),
    Stage.OPPORTUNITY.value: gettext_noop("opportunity"),
    Stage.REJECTED.value: gettext_noop("rejected"),
    Stage.DISQUALIFIED.value: gettext_noop("disqualified"),
    Stage.WON.value: gettext_noop("won"),
    Stage.LOST.value: gettext_noop("lost"),
    Stage.WITHDRAWN.value: gettext_noop("withdrawn"),
}

_KINDS = {
    Kind.LEADS: gettext_noop("Leads: a row a person"),
    Kind.CONTACTS: gettext_noop("Contacts that are no leads"),
    Kind.COMPANIES: gettext_noop("Companies"),
    Kind.DEALS: gettext_noop("Deals"),
    Kind.TOUCHES: gettext_noop("Calls, e-mails and meetings of sales"),
    Kind.ACTIVITIES: gettext_noop("What leads did"),
    Kind.HISTORY: gettext_noop("Changes of a field"),
    Kind.EVENTS: gettext_noop("An event log"),
    Kind.ASSIGNMENTS: gettext_noop("Changes of owner"),
    Kind.LINKS: gettext_noop("Which record belongs to which"),
    Kind.USERS: gettext_noop("Owners and their names"),
    Kind.STAGES: gettext_noop("Deal stages and their names"),
    Kind.IGNORE: gettext_noop("Not read"),
}


class Choice(NamedTuple):
    """Something a column or a file can be."""

    value: str
    label: str
    is_chosen: bool


class Column(NamedTuple):
    """A column: what it is read as, and why."""

    field: str
    header: str
    choices: list[Choice]
    is_read: bool
    why: str


class File(NamedTuple):
    """A file of an upload."""

    field: str
    name: str
    recognised_as: str
    counts: str
    kinds: list[Choice]
    columns: list[Column]
    is_unsure: bool


class Person(NamedTuple):
    """A row as it would come in."""

    name: str
    email: str
    company: str
    came_at: Instant
    stages: str
    deals: int


class Told(NamedTuple):
    """How far an import is."""

    label: str
    look: str
    done: str
    total: str
    share: str
    counts: list[tuple[str, str]]
    is_refused: bool
    why: str


def files_of(looked: Looked, mapping: ExportMapping | None = None) -> list[File]:
    """Each file with its columns, as they are read; or as somebody would have them read, which was refused."""
    return [_file(place, file, mapping or looked.mapping) for place, file in enumerate(looked.files)]


def _file(place: int, file: SourceFile, mapping: ExportMapping) -> File:
    entry = mapping.for_file(file.name) or FileMapping(file=file.name, kind=Kind.IGNORE)
    words = {"used": number(file.used), "rows": number(file.rows)}
    return File(
        field=f"f{place}",
        name=file.name,
        recognised_as=file.recognised_as,
        counts=_("%(used)s of %(rows)s rows can be read") % words,
        kinds=[Choice(kind.value, _(label), kind is entry.kind) for kind, label in _KINDS.items()],
        columns=[_column(f"f{place}.c{at}", guess, entry) for at, guess in enumerate(file.guesses)],
        is_unsure=any(0 < guess.confidence < 0.8 and guess.role for guess in file.guesses),
    )


def _column(field: str, guess: Guess, entry: FileMapping) -> Column:
    roles = entry.columns.get(guess.header, ())
    chosen = ", ".join(roles)
    known = [Choice(name, in_words(role.title), name == chosen) for name, role in ROLES[entry.kind].items()]
    is_known = not roles or chosen in ROLES[entry.kind]
    own = [] if is_known else [Choice(chosen, chosen, is_chosen=True)]
    sure = (
        _("%(share)s sure") % {"share": percent(round(guess.confidence, 2))} if roles and guess.confidence < 1 else ""
    )
    return Column(field, guess.header, [*own, *known], bool(roles), sure)


def mapped(looked: Looked, given: Mapping[str, str]) -> ExportMapping:
    """The mapping as a form says it; what it does not ask, such as the words of a stage, stays."""
    entries = [_entry(f"f{place}", file, looked.mapping, given) for place, file in enumerate(looked.files)]
    left = [entry for entry in looked.mapping.files if all(entry.file != each.file for each in entries)]
    return replace(looked.mapping, files=(*entries, *left))


def _entry(field: str, file: SourceFile, mapping: ExportMapping, given: Mapping[str, str]) -> FileMapping:
    before = mapping.for_file(file.name) or FileMapping(file=file.name, kind=Kind.IGNORE)
    kind = Kind(given[f"{field}.kind"]) if given.get(f"{field}.kind") in set(Kind) else before.kind
    columns: dict[str, tuple[str, ...]] = {}
    for at, guess in enumerate(file.guesses):
        said = given.get(f"{field}.c{at}", ", ".join(before.columns.get(guess.header, ())))
        roles = tuple(role for role in (each.strip() for each in said.split(",")) if role_of(kind, role))
        if roles:
            columns[guess.header] = roles
    if kind is before.kind:
        values = {
            role: words for role, words in before.values.items() if any(role in each for each in columns.values())
        }
        return replace(before, columns=columns, values=values, title="")
    return FileMapping(file=before.file, kind=kind, columns=columns, zone=before.zone)


def people_of(looked: Looked) -> list[Person]:
    """The first rows."""
    return [_person(row) for row in looked.rows if isinstance(row.item, Item)]


def _person(row: Row) -> Person:
    item = row.item
    assert isinstance(item, Item)  # noqa: S101 # who calls looked
    known = item.attributes
    stamps = [fact for fact in item.facts if isinstance(fact, StageStamped)]
    stages = [_(_STAGES[fact.stage.value]) for fact in stamps]
    name = " ".join(str(known[part]) for part in ("first_name", "last_name") if known.get(part))
    return Person(
        name=name or row.text,
        email=item.email,
        company=str(known.get("company") or ""),
        came_at=item.happened_at,
        stages=" → ".join(dict.fromkeys(stages)),
        deals=sum(isinstance(fact, DealOpened) for fact in item.facts),
    )


def problems_of(looked: Looked, most: int = 10) -> Iterator[tuple[str, str]]:
    """Rows that would be refused, and why; the first of them."""
    for row in looked.refused[:most]:
        yield row.text, str(row.item)


def told(row: Upload) -> Told:
    """How far it is."""
    label, look = _STATES[row.state]
    words = {
        "accepted": _("came in"),
        "repeat": _("were there already"),
        "skipped": _("had been taken in before"),
        "set_aside": _("were set aside"),
        "refused": _("were refused"),
    }
    counts = [(number(row.counts[name]), said) for name, said in words.items() if row.counts.get(name)]
    share = percent(row.done / row.total) if row.total else "–"
    lines = row.refused.count("\n")
    return Told(_(label), look, number(row.done), number(row.total), share, counts, lines > 1, in_words(row.why))
