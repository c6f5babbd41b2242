"""Sources made and changed, their keys renewed; what was set aside told again or thrown away: by an administrator."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from handfast_server.access.principal import OURS
from handfast_server.audit.record import record
from handfast_server.decide.transaction import in_transaction, writing
from handfast_server.intake.again import do_tell_again
from handfast_server.intake.hooks import mapping_problem, scheme_of
from handfast_server.intake.item import Outcome
from handfast_server.intake.models import EventRule, SetAside, Source, SourceKind
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.sources import new_key
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.secrets import encrypt

_LONGEST = 100_000


class Stated(NamedTuple):
    """A source as it is to be. ``secret`` is a webhook's; made when it is empty. ``events`` are columns of rules."""

    kind: SourceKind
    origins: list[str]
    settings: dict[str, Any]
    mapping: dict[str, Any]
    events: list[Mapping[str, Any]]
    secret: str = ""
    active: bool = True


def do_state_source(name: str, told: Stated) -> tuple[Source, str]:
    """Make a source, or change it; and its key or secret, when one was made just now. Raises Refused."""
    check_source(name, told)

    def work() -> tuple[Source, str]:
        source = Source.objects.filter(name=name).first() or Source(name=name, made_at=now())
        made = _secrets(source, told.kind, told.secret)
        source.kind, source.origins, source.active = told.kind, list(told.origins), told.active
        source.settings, source.mapping = told.settings, told.mapping
        source.save()
        EventRule.objects.filter(source=source).delete()
        EventRule.objects.bulk_create(EventRule(source=source, **each) for each in told.events)
        said = {"kind": told.kind, "active": told.active, "secret": bool(made or told.secret)}
        record("sources.stated", f"source:{name}", details=said)
        return source, made

    return in_transaction(work)


def do_renew_key(name: str) -> tuple[Source, str]:
    """A new key or secret in place of the old one, worth nothing from now on. Raises Source.DoesNotExist."""
    with writing():
        source = Source.objects.select_for_update().get(name=name)
        source.digest, source.secret = None, ""
        made = _secrets(source, SourceKind(source.kind))
        source.save()
        record("sources.key_renewed", f"source:{name}")
    return source, made


def do_again(aside: int) -> Outcome:
    """Tell again what was set aside; taken in, it is set aside no more. Raises SetAside.DoesNotExist."""
    row = SetAside.objects.get(pk=aside)
    record("sources.told_again", f"set_aside:{aside}", details={"source": row.source})
    return do_tell_again(row)


def do_drop(aside: int) -> bool:
    """Throw away what was set aside; whether it was there."""
    with writing():
        found = SetAside.objects.filter(pk=aside).delete()[0] > 0
        if found:
            record("sources.dropped", f"set_aside:{aside}")
    return found


def check_source(name: str, told: Stated) -> None:
    """Raises Refused for what no source can be."""
    if len(name) > 60:
        raise _malformed("A source's name has at most 60 letters.", "name")
    if name in OURS:
        raise _malformed("Under this name the service speaks itself; choose another.", "name")
    if len(json.dumps([told.settings, told.mapping])) > _LONGEST:
        raise Refused("too_long", "Settings and mapping have at most 100,000 letters.", status=422, path="settings")
    thanks = told.settings.get("thanks", "")
    if not isinstance(thanks, str) or (thanks and not thanks.startswith(("https://", "http://"))):
        raise _malformed("thanks is the whole address of a page.", "settings.thanks")
    per_minute = told.settings.get("per_minute", 1)
    if isinstance(per_minute, bool) or not isinstance(per_minute, int) or not 1 <= per_minute <= 1_000_000:
        raise _malformed("per_minute is a whole number from 1.", "settings.per_minute")
    if told.kind is SourceKind.WEBHOOK:
        _check_webhook(told)
    elif not all(isinstance(each, dict) for each in told.mapping.values()):
        raise _malformed("A mapping has names under fields or traits.", "mapping")


def _check_webhook(told: Stated) -> None:
    if problem := mapping_problem(told.mapping):
        raise Refused("bad_mapping", problem, status=422, path="mapping")
    try:
        scheme_of(told.settings)
    except ItemRefused as refused:
        raise Refused(refused.code, str(refused), status=422, path=f"settings.{refused.path}") from refused


def _malformed(says: str, path: str) -> Refused:
    return Refused("malformed", says, status=422, path=path)


def _secrets(source: Source, kind: SourceKind, secret: str = "") -> str:
    """Make what is missing; what was made, to be shown once."""
    if kind is SourceKind.TRACKING and not source.digest:
        text, source.digest = new_key()
        return text
    if kind is SourceKind.WEBHOOK and (secret or not source.secret):
        made = secret or secrets.token_urlsafe(32)
        source.secret = encrypt(made)
        return "" if secret else made
    return ""
