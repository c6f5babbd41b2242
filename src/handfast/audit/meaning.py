"""What the words of stages, statuses, touches and activities mean, where no list of a known system says it.

Each function answers with a word of a mapping's ``values``, or an empty text when it does not know. Only guessed
mappings ask here; a mapping that a person wrote or confirmed means what it says and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from handfast.audit.column.vocabulary import fold
from handfast.audit.roles import Kind
from handfast.audit.stage import Stage

UNKNOWN = "unknown"
"""Of touches: the word says nothing, the next column is asked. ``none`` says that it was no touch."""

Rules = Sequence[tuple[re.Pattern[str], str]]


def _rules(*pairs: tuple[str, str]) -> Rules:
    """Patterns of whole words or beginnings (``call*``), the first that is found decides."""
    return [(re.compile(rf"(?<![^\W_])(?:{pattern})", re.IGNORECASE), word) for pattern, word in pairs]


_END = r"(?![^\W_])"

_STAGE = _rules(
    (rf"marketing[\s_-]*qualified|mqls?{_END}|marketingqualifiedlead", "mql"),
    (rf"sales[\s_-]*accepted|sals?{_END}", "accepted"),
    (rf"sales[\s_-]*qualified|sqls?{_END}|salesqualifiedlead", "sql"),
    (
        r"disqualif|unqualif|not[\s_-]+qualified|nicht[\s_-]+qualifiziert|reject|declin|junk|spam|bad[\s_-]|not a fit",
        "declined",
    ),
    (r"not[\s_-]+converted|nurtur|recycl|unresponsive|unreachable|no response|duplicate|do not contact", "declined"),
    (rf"closed[\s_-]*won|won{_END}|customer|kunde|client{_END}", "won"),
    (rf"closed[\s_-]*lost|lost{_END}|verloren", "lost"),
    (rf"converted|opportunity|open[\s_-]+deal|opp{_END}|pipeline", "opportunity"),
    (r"not[\s_-]+contacted|attempt|not[\s_-]+started|unworked", "none"),
    (r"accept|working|in[\s_-]+progress|contacted|connected|engaged|in bearbeitung|kontaktiert", "accepted"),
    (rf"new{_END}|open{_END}|neu{_END}|offen|lead{_END}|subscriber|prospect|inquiry|raw{_END}|known", "inquiry"),
    (r"opted[\s_-]*out|withdrawn|erased|unsubscribed", "withdrawn"),
)

_DEAL_STAGE = _rules(
    (rf"closed[\s_-]*won|won{_END}|gewonnen|closedwon|signed", "won"),
    (rf"closed[\s_-]*lost|lost{_END}|verloren|closedlost|dead{_END}|abandoned|cancel", "lost"),
    (r"", "open"),
)

_TOUCH = _rules(
    (r"automatic reply|auto[\s-]?reply|out of office|abwesenheit|undeliverable", "none"),
    (r"e-?mail|inmail email|\[email\]|re:|fwd?:", "email"),
    (r"call|phone|anruf|telefon|voicemail|dial", "call"),
    (r"sms|whatsapp|linked_?in|inmail|message|communication|chat|text", "message"),
    (r"meeting|event|demo|appointment|termin|besprechung|video|visit", "meeting"),
    (r"note|publishing|notiz|feedback|conversation_session", "none"),
)

_OUTCOME = _rules(
    (r"cancel|reschedul|schedul|abgesagt|planned|pending", "none"),
    (
        r"no[\s_-]*(answer|show|reply|response)|not[\s_-]+(reached|interested in talking|available)|voice ?mail|left",
        "attempt",
    ),
    (r"busy|wrong|unavailable|besetzt|nicht erreicht|attempt|bounced|failed|missed|hung up|gatekeeper", "attempt"),
    (
        r"connect|complet|held|spoke|reached|answered|interested|replied|positive|conversation|erreicht|success",
        "contact",
    ),
)

_DIRECTION = _rules(
    (rf"in{_END}|inbound|incoming|received|eingehend|forwarded_email", "in"),
    (rf"out{_END}|outbound|outgoing|sent|ausgehend|email{_END}|internal", "out"),
)

_STATUS = _rules(
    (r"not[\s_-]+(started|completed)|open|in[\s_-]+progress|waiting|deferred|planned|scheduled|queued|offen", "open"),
    (r"cancel|abgebrochen|deleted|skipped|failed", "none"),
    (r"complet|done|closed|sent|held|finished|erledigt|abgeschlossen|scheduled_done", "done"),
)

_CREATOR = _rules(
    (
        rf"automat|workflow|bot|system|integration|sequence|cadence|marketo|pardot|api{_END}|sync|batch",
        "machine",
    ),
    (r"", "human"),
)

_ACTIVITY = _rules(
    (r"unsubscri|opt(ed)?[\s_-]*out|abmeld", "unsubscribed"),
    (r"(e-?mail[\s_-]*)?open", "email_opened"),
    (
        r"click[\s_-]*(e-?mail|link in e-?mail)|e-?mail[\s_-]*(link[\s_-]*)?click|clicked? (sales )?email|link_?click",
        "email_clicked",
    ),
    (r"(fill(ed)?[\s_-]*out[\s_-]*)?form|form[\s_-]*(submi|fill)|submission|formular", "form_submitted"),
    (r"visit|page[\s_-]*view|web[\s_-]*page|view(ed)?[\s_-]*page|pageview", "page_viewed"),
    (r"click", "email_clicked"),
    (r"webinar.*(attend|particip)|attend.*webinar", "webinar_attended"),
    (r"webinar|regist", "webinar_registered"),
    (r"attend|event|trade ?show|messe", "event_attended"),
    (r"download|whitepaper|content", "content_downloaded"),
    (r"chat|conversation", "chat_started"),
    (r"meeting|booked|appointment", "meeting_booked"),
    (rf"ad{_END}|ads{_END}|advert", "ad_clicked"),
    (r"trial", "trial_started"),
    (rf"product|feature|login|logged in|app{_END}", "product_used"),
    (r"change data value|data value", "change"),
)

_FIELD = _rules(
    (r"owner|assigned|zuständig|inhaber", "owner"),
    (r"dealstage|stage|lifecycle|status|phase", "stage"),
    (r"", "none"),
)


def _asked(rules: Rules) -> Callable[[str], str]:
    def meaning(raw: str) -> str:
        plain = fold(raw).replace("_", " ") if raw else ""
        return next((word for pattern, word in rules if pattern.search(plain)), "") if plain else ""

    return meaning


stage_word = _asked(_STAGE)
deal_stage = _asked(_DEAL_STAGE)
touch_type = _asked(_TOUCH)
outcome = _asked(_OUTCOME)
direction = _asked(_DIRECTION)
status = _asked(_STATUS)
creator = _asked(_CREATOR)
activity = _asked(_ACTIVITY)
field = _asked(_FIELD)

SUBJECT = _rules(
    (r"automatic reply|auto[\s-]?reply|out of office|abwesenheit|undeliverable|automatische antwort", "none"),
    (r"\[?e-?mail\]?\s*:|e-?mail\b|re:|fwd?:|aw:|\[email\]|\[outreach\] \[email\]", "email"),
    (rf"call{_END}|called|anruf|telefonat|voicemail|dialed", "call"),
    (r"linked ?in|sms|whatsapp|inmail", "message"),
    (rf"meeting{_END}|demo{_END}|termin{_END}", "meeting"),
)
subject = _asked(SUBJECT)
"""What the subject of a task says it was; most say nothing."""

MEANINGS: Mapping[tuple[Kind, str], Callable[[str], str]] = MappingProxyType(
    {
        (Kind.LEADS, "stage"): stage_word,
        (Kind.LEADS, "status"): stage_word,
        (Kind.EVENTS, "state"): stage_word,
        (Kind.DEALS, "stage"): deal_stage,
        (Kind.TOUCHES, "type"): touch_type,
        (Kind.TOUCHES, "type_detail"): touch_type,
        (Kind.TOUCHES, "outcome"): outcome,
        (Kind.TOUCHES, "direction"): direction,
        (Kind.TOUCHES, "status"): status,
        (Kind.TOUCHES, "created_by"): creator,
        (Kind.ACTIVITIES, "type"): activity,
        (Kind.ACTIVITIES, "field"): field,
        (Kind.HISTORY, "field"): field,
    }
)
"""Roles whose words mean something else than themselves."""

CLOSED: Mapping[tuple[Kind, str], frozenset[str]] = MappingProxyType(
    {
        **{
            key: frozenset((*(stage.value for stage in Stage), "declined", "none"))
            for key in ((Kind.LEADS, "stage"), (Kind.LEADS, "status"), (Kind.EVENTS, "state"))
        },
        (Kind.DEALS, "stage"): frozenset(("won", "lost", "open")),
        (Kind.TOUCHES, "type"): frozenset(("call", "email", "message", "meeting", "none", UNKNOWN)),
        (Kind.TOUCHES, "type_detail"): frozenset(("call", "email", "message", "meeting", "none", UNKNOWN)),
        (Kind.TOUCHES, "outcome"): frozenset(("contact", "attempt", "none", UNKNOWN)),
        (Kind.TOUCHES, "direction"): frozenset(("in", "out", UNKNOWN)),
        (Kind.TOUCHES, "status"): frozenset(("done", "open", "none", UNKNOWN)),
        (Kind.TOUCHES, "created_by"): frozenset(("human", "machine", UNKNOWN)),
        (Kind.ACTIVITIES, "field"): frozenset(("stage", "owner", "none")),
        (Kind.HISTORY, "field"): frozenset(("stage", "owner", "none")),
    }
)
"""The words that may stand on the right of such ``values``; roles that are not here take any."""
