"""What a table of an export can be, and what each of its columns can say: the vocabulary of a mapping file.

The reference page docs/reference/mapping.md is written from these tables, so a role that is not described here
does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from handfast.audit.stage import Stage


class Kind(StrEnum):
    """What the rows of a file are."""

    LEADS = "leads"  # one row a person: contacts of HubSpot, leads of Salesforce and Marketo
    CONTACTS = "contacts"  # people who help to match other tables, but are no leads by themselves
    COMPANIES = "companies"  # one row an account; industry, size and country for its people
    DEALS = "deals"  # one row an opportunity
    TOUCHES = "touches"  # what sales did: calls, e-mails, meetings, tasks
    ACTIVITIES = "activities"  # what leads did: forms, page views, clicks
    HISTORY = "history"  # one row a change of a field: when a lead or deal got a stage or an owner
    EVENTS = "events"  # an event log: each row is the state of one record at one time
    ASSIGNMENTS = "assignments"  # one row a change of owner
    LINKS = "links"  # pairs of ids: which deal, company or touch belongs to whom
    USERS = "users"  # ids of owners and their names
    STAGES = "stages"  # ids of deal stages and their names
    IGNORE = "ignore"  # known, and of no use to an audit


class RoleType(StrEnum):
    """How the texts of a column are read."""

    KEY = "key"  # a record id; Salesforce's 15 and 18 characters are one id
    KEYS = "keys"  # several ids in one cell, cut by ; or ,
    EMAIL = "email"  # an address; matched without case, plus-tags, and dots where the provider ignores them
    INSTANT = "instant"  # a date or a date and time
    WORD = "word"  # a word of a list, told apart without case
    YES_NO = "yes_no"  # true, yes, 1, x against false, no, 0
    NUMBER = "number"  # a number, a band such as 51-200
    MONEY = "money"  # an amount, with or without a currency sign


@dataclass(frozen=True, slots=True)
class Role:
    """One thing a column can say."""

    name: str
    type: RoleType
    title: str


def _roles(*roles: tuple[str, RoleType, str]) -> dict[str, Role]:
    return {name: Role(name, type_, title) for name, type_, title in roles}


_K, _I, _W, _Y, _N, _M = (
    RoleType.KEY,
    RoleType.INSTANT,
    RoleType.WORD,
    RoleType.YES_NO,
    RoleType.NUMBER,
    RoleType.MONEY,
)

_STAGE_TITLES = {
    Stage.INQUIRY: "the lead was created or first acted",
    Stage.MQL: "marketing qualified it and delivered it to sales",
    Stage.ACCEPTED: "sales took it on",
    Stage.REJECTED: "sales declined it before contact",
    Stage.SQL: "sales qualified it",
    Stage.OPPORTUNITY: "a deal was opened",
    Stage.WON: "a deal was won",
    Stage.LOST: "the deal was lost",
    Stage.DISQUALIFIED: "sales ended it after taking it on",
    Stage.WITHDRAWN: "it ended by neither side: opt-out, merged, erased",
}

_ATTRIBUTES = _roles(
    ("first_name", _W, "first name; read only when the contract asks for it"),
    ("last_name", _W, "last name; read only when the contract asks for it"),
    ("phone", _W, "phone; read only when the contract asks for it"),
    ("title", _W, "job title"),
    ("company", _W, "company name; also matches companies and deals"),
    ("company_domain", _W, "web address or mail domain of the company"),
    ("industry", _W, "industry, brought to common words"),
    ("employees", _N, "number of employees, or a band such as 51-200"),
    ("revenue", _M, "yearly revenue of the company"),
    ("country", _W, "country, brought to ISO 3166 codes"),
    ("region", _W, "state or region"),
    ("language", _W, "preferred language"),
    ("source", _W, "where the lead came from"),
    ("campaign", _W, "campaign it came from"),
    ("medium", _W, "medium, as in utm_medium"),
    ("consent_marketing", _W, "consent to marketing: granted, denied, unknown"),
    ("consent_contact", _W, "consent to be contacted: granted, denied, unknown"),
    ("customer", _Y, "is a customer already"),
)

_LEAD = {
    **_roles(
        ("id", _K, "the record's id"),
        ("email", RoleType.EMAIL, "the person's e-mail address"),
        ("other_ids", RoleType.KEYS, "ids of records merged into this one"),
    ),
    **{f"{stage}_at": Role(f"{stage}_at", _I, f"when {title}") for stage, title in _STAGE_TITLES.items()},
    **{stage.value: Role(stage.value, _Y, f"whether {title}") for stage, title in _STAGE_TITLES.items()},
    **_roles(
        ("stage", _W, "present stage, by `values`: a stage, `declined`, `none`"),
        ("stage_at", _I, "when the present stage was reached"),
        ("status", _W, "present status of sales' work, by `values` as `stage`"),
        ("first_touch_at", _I, "when sales first reached out, as the export says it"),
        ("form", _W, "form of the first conversion, an activity"),
        ("form_at", _I, "when that form was sent"),
        ("recent_form", _W, "form of the latest conversion, an activity"),
        ("recent_form_at", _I, "when that form was sent"),
        ("owner", _W, "who owns it: name, address or id"),
        ("assigned_at", _I, "when it was assigned to that owner"),
        ("pool", _W, "team, queue or group"),
        ("reason", _W, "why it was rejected, disqualified or lost"),
        ("amount", _M, "amount of its deal"),
        ("company_id", _K, "id of its company"),
        ("contact_id", _K, "id of the contact it became"),
        ("deal_id", _K, "id of the deal it became"),
        ("in_time", _Y, "the export's own word on whether the promise was kept"),
        ("reassignments", _N, "the export's own count of reassignments"),
        ("deleted", _Y, "deleted records are not counted"),
    ),
    **_ATTRIBUTES,
}

_CONTACT = {name: _LEAD[name] for name in ("id", "email", "other_ids", "company_id", "deleted", *_ATTRIBUTES)}

_COMPANY = {
    **_roles(("id", _K, "the company's id"), ("deleted", _Y, "deleted records are not counted")),
    **{
        name: _ATTRIBUTES[name]
        for name in ("company", "company_domain", "industry", "employees", "revenue", "country", "region", "customer")
    },
}

_DEAL = _roles(
    ("id", _K, "the deal's id"),
    ("lead_id", _K, "id of the lead, or of the contact it became"),
    ("lead_ids", RoleType.KEYS, "ids of the deal's people"),
    ("email", RoleType.EMAIL, "e-mail address of its person"),
    ("company_id", _K, "id of its company"),
    ("company", _W, "name of its company"),
    ("opened_at", _I, "when it was opened"),
    ("closed_at", _I, "when it was closed, or is expected to"),
    ("won_at", _I, "when it was won; an empty cell says nothing"),
    ("lost_at", _I, "when it was lost; an empty cell says nothing"),
    ("stage", _W, "its stage, by `values`: won, lost, open"),
    ("won", _Y, "whether it was won"),
    ("closed", _Y, "whether it is closed"),
    ("amount", _M, "its amount"),
    ("currency", _W, "ISO code of its currency"),
    ("owner", _W, "who owns the deal"),
    ("lead_owner", _W, "who owned the lead before"),
    ("source", _W, "source, for leads that have none"),
    ("reason", _W, "why it was lost"),
    ("deleted", _Y, "deleted records are not counted"),
)

_TOUCH = _roles(
    ("id", _K, "the touch's id"),
    ("lead_id", _K, "id of the person"),
    ("lead_ids", RoleType.KEYS, "ids of the people"),
    ("email", RoleType.EMAIL, "e-mail address of the person"),
    ("deal_id", _K, "id of the deal, where no person is named"),
    ("at", _I, "when it happened"),
    ("completed_at", _I, "when a task was completed; counts before `at`"),
    ("logged_at", _I, "when it was entered; counts where `at` is a bare date and this lies on it, or `at` is empty"),
    ("type", _W, "what it was, by `values`: call, email, message, meeting, none, unknown"),
    ("type_detail", _W, "the same, asked where `type` does not know"),
    ("subject", _W, "its subject, asked last, and read for nothing else"),
    ("outcome", _W, "how it went, by `values`: contact, attempt, none, unknown"),
    ("direction", _W, "by `values`: out, in, unknown"),
    ("status", _W, "by `values`: done, open, none, unknown"),
    ("done", _Y, "whether it is completed"),
    ("sequence", _W, "sequence or cadence that sent it: anything here means a machine did"),
    ("automated", _Y, "whether a machine did it"),
    ("created_by", _W, "who or what logged it, by `values`: human, machine, unknown"),
    ("owner", _W, "who did it"),
    ("deleted", _Y, "deleted records are not counted"),
)

_ACTIVITY = {
    **_roles(
        ("id", _K, "the activity's id"),
        ("lead_id", _K, "id of the person"),
        ("email", RoleType.EMAIL, "e-mail address of the person"),
        ("at", _I, "when it happened"),
        ("type", _W, "what it was, by `values`: an activity of the contract, `change`, `none`"),
        ("bot", _Y, "whether a machine did it; such rows are not counted"),
        ("field", _W, "which field a `change` changed, by `values`: stage, owner, none"),
        ("new_value", _W, "what a `change` changed it to"),
        ("old_value", _W, "what it was before"),
    ),
    **{
        f"properties.{name}": Role(f"properties.{name}", _W, f"the activity's {name}")
        for name in ("form", "page", "path", "url", "title", "campaign", "content", "name", "kind", "plan", "feature")
    },
}

_HISTORY = _roles(
    ("lead_id", _K, "id of the lead"),
    ("deal_id", _K, "id of the deal"),
    ("at", _I, "when it changed"),
    ("field", _W, "which field changed, by `values`: stage, owner, none; without this column every row is a stage"),
    ("new_value", _W, "what it changed to"),
    ("old_value", _W, "what it was before"),
    ("deleted", _Y, "deleted rows are not counted"),
)

_EVENT = {
    **_roles(
        ("at", _I, "when the record was in this state"),
        ("state", _W, "the state, by `values`: a stage, `declined`, `none`"),
    ),
    **{name: role for name, role in _LEAD.items() if name not in {"stage", "stage_at", "status", "other_ids"}},
}

ROLES: MappingProxyType[Kind, dict[str, Role]] = MappingProxyType(
    {
        Kind.LEADS: _LEAD,
        Kind.CONTACTS: _CONTACT,
        Kind.COMPANIES: _COMPANY,
        Kind.DEALS: _DEAL,
        Kind.TOUCHES: _TOUCH,
        Kind.ACTIVITIES: _ACTIVITY,
        Kind.HISTORY: _HISTORY,
        Kind.EVENTS: _EVENT,
        Kind.ASSIGNMENTS: _roles(
            ("lead_id", _K, "id of the lead"),
            ("at", _I, "when it was assigned"),
            ("owner", _W, "to whom"),
            ("pool", _W, "to which team, queue or group"),
        ),
        Kind.LINKS: _roles(
            ("lead_id", _K, "id of the person"),
            ("deal_id", _K, "id of the deal"),
            ("company_id", _K, "id of the company"),
            ("touch_id", _K, "id of the touch"),
        ),
        Kind.USERS: _roles(
            ("id", _K, "the user's id, as other tables name it"),
            ("name", _W, "full name"),
            ("first_name", _W, "first name"),
            ("last_name", _W, "last name"),
            ("email", _W, "e-mail address, used when there is no name"),
        ),
        Kind.STAGES: _roles(
            ("id", _K, "the stage's id, as deals name it"),
            ("name", _W, "its label"),
            ("won", _Y, "whether deals in it are won"),
            ("closed", _Y, "whether deals in it are closed"),
        ),
        Kind.IGNORE: {},
    }
)
"""Every kind of table and the roles its columns may have."""

NEEDED: MappingProxyType[Kind, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        Kind.LEADS: (("id", "email"),),
        Kind.CONTACTS: (("id", "email"),),
        Kind.COMPANIES: (("id", "company"),),
        Kind.DEALS: (("id", "lead_id"),),
        Kind.TOUCHES: (("at", "completed_at", "logged_at"),),
        Kind.ACTIVITIES: (("at",), ("lead_id", "email")),
        Kind.HISTORY: (("at",), ("lead_id", "deal_id"), ("new_value",)),
        Kind.EVENTS: (("id",), ("at",)),
        Kind.ASSIGNMENTS: (("lead_id",), ("at",), ("owner", "pool")),
        Kind.LINKS: (("lead_id", "company_id", "deal_id"), ("deal_id", "touch_id", "company_id")),
        Kind.USERS: (("id",),),
        Kind.STAGES: (("id",),),
        Kind.IGNORE: (),
    }
)
"""Of each group one role must have a column, else the table is of no use; a row in which all are empty is refused."""

_MILESTONES = tuple(f"{stage}_at" for stage in Stage)

TELLING: MappingProxyType[Kind, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        Kind.LEADS: (("email", "stage", "status", *_MILESTONES),),
        Kind.CONTACTS: (("email", "company_id", "company", "other_ids"),),
        Kind.COMPANIES: (("company", "company_domain", "industry", "employees", "country"),),
        Kind.DEALS: (("stage", "won", "won_at", "lost_at", "opened_at", "closed_at", "amount"),),
        Kind.TOUCHES: (("lead_id", "lead_ids", "email", "deal_id", "type", "outcome"),),
        Kind.ACTIVITIES: (("type", "properties.form", "properties.url", "properties.path"),),
        Kind.USERS: (("name", "first_name", "last_name", "email"),),
        Kind.STAGES: (("name", "won"),),
    }
)
"""Of each group one more role must have a header before a table is taken for its kind unasked."""

ATTRIBUTE_PREFIX = "attributes."
PROPERTY_PREFIX = "properties."


def role_of(kind: Kind, name: str) -> Role | None:
    """The role of that name in tables of a kind, None when there is none.

    ``attributes.NAME`` is an attribute of the contract's own, ``properties.NAME`` a property of its own activities.
    """
    known = ROLES[kind].get(name)
    if known is not None:
        return known
    own = name.startswith(ATTRIBUTE_PREFIX) and kind in {Kind.LEADS, Kind.CONTACTS, Kind.COMPANIES, Kind.EVENTS}
    if own or (name.startswith(PROPERTY_PREFIX) and kind is Kind.ACTIVITIES):
        return Role(name, RoleType.WORD, f"the contract's own {name.partition('.')[2]}")
    return None


ATTRIBUTES = frozenset(_ATTRIBUTES)
"""Roles that are attributes of a lead."""

PERSONAL = frozenset({"first_name", "last_name", "phone"})
"""Attributes not read unless the contract asks for them: an audit needs nobody's name."""
