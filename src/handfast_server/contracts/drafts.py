"""Drafts: written, changed, proposed for signing, recalled, dropped."""

from __future__ import annotations

from handfast.contract.seal import seal
from handfast.contract.sign import propose
from handfast.errors import SignatureRefused
from handfast.instant import DAY
from handfast_server.access import Principal
from handfast_server.audit.record import record
from handfast_server.contracts.models import Draft
from handfast_server.contracts.queries import base_of, latest, looked_at, value_of
from handfast_server.contracts.tell import tell_asked
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.refused import Refused

_OPEN = (Draft.State.EDITING, Draft.State.PROPOSED)


def do_write(principal: Principal, text: str, note: str = "") -> Draft:
    """A new draft; its text may be wrong in any way."""
    at = now()

    def work() -> Draft:
        draft = Draft.objects.create(text=text, note=note, made_by=principal.id, made_at=at, changed_at=at)
        record("contracts.written", f"draft:{draft.pk}")
        return draft

    return in_transaction(work)


def do_change(draft_id: int, revision: int, text: str, note: str) -> Draft:
    """Another text in the place of revision ``revision``. Raises Refused when somebody else was first."""

    def work() -> Draft:
        draft = _locked(draft_id)
        if draft.state != Draft.State.EDITING:
            raise Refused("draft_stands_still", f"This draft is {draft.state}; its text can not be changed any more.")
        if draft.revision != revision:
            raise Refused(
                "changed_meanwhile",
                f"Somebody changed this draft meanwhile: it is at revision {draft.revision}, you had {revision}.",
            )
        draft.text, draft.note, draft.revision, draft.changed_at = text, note, revision + 1, now()
        draft.save()
        record("contracts.changed", f"draft:{draft.pk}", details={"revision": draft.revision})
        return draft

    return in_transaction(work)


def do_propose(principal: Principal, draft_id: int) -> Draft:
    """Seal a draft that is sound, and ask for signatures. Raises Refused with what stands against it."""

    def work() -> Draft:
        draft = _locked(draft_id)
        if draft.state != Draft.State.EDITING:
            raise Refused("not_editing", f"This draft is {draft.state} already.")
        base, at = latest(), now()
        checked = looked_at(draft.text, base).checked
        if checked.contract is None or checked.refused:
            raise Refused("not_sound", "This draft has problems; what they are is said with the draft.", path="text")
        sealed = seal(checked.contract)
        try:
            value = propose(sealed, base, at=at)
        except SignatureRefused as refused:
            raise Refused("cannot_follow", str(refused)) from refused
        draft.state, draft.number, draft.proposed_by = Draft.State.PROPOSED, sealed.contract.version, principal.id
        draft.content, draft.digest, draft.proposed_at = sealed.content, sealed.digest, at
        draft.base = "" if base is None else base.sealed.digest
        draft.signatures = []
        draft.changed_at = at
        draft.save()
        record("contracts.proposed", f"draft:{draft.pk}", details={"version": draft.number, "digest": draft.digest})
        tell_asked(draft, value, at)
        return draft

    return in_transaction(work)


def do_remind(draft_id: int) -> Draft:
    """Ask those again who have not signed, once a day at most. Raises Refused where nobody is asked."""

    def work() -> Draft:
        draft, at = _locked(draft_id), now()
        if draft.state != Draft.State.PROPOSED:
            raise Refused("not_proposed", f"This draft is {draft.state}; it does not wait for signatures.")
        tell_asked(draft, value_of(draft, base_of(draft)), at, again=str(at // DAY))
        record("contracts.reminded", f"draft:{draft.pk}")
        return draft

    return in_transaction(work)


def do_recall(draft_id: int) -> Draft:
    """Back to the desk: signatures that were given are void, as the text may change."""

    def work() -> Draft:
        draft = _locked(draft_id)
        if draft.state != Draft.State.PROPOSED:
            raise Refused("not_proposed", f"This draft is {draft.state}; it does not wait for signatures.")
        given = len(draft.signatures)
        draft.state, draft.signatures, draft.content, draft.digest = Draft.State.EDITING, [], None, ""
        draft.revision, draft.changed_at = draft.revision + 1, now()
        draft.save()
        record("contracts.recalled", f"draft:{draft.pk}", details={"signatures": given})
        return draft

    return in_transaction(work)


def do_drop(draft_id: int) -> Draft:
    """Nobody wants it any more; it stays to be read."""

    def work() -> Draft:
        draft = _locked(draft_id)
        if draft.state not in _OPEN:
            raise Refused("not_open", f"This draft is {draft.state} already.")
        draft.state, draft.changed_at = Draft.State.DROPPED, now()
        draft.save()
        record("contracts.dropped", f"draft:{draft.pk}")
        return draft

    return in_transaction(work)


def _locked(draft_id: int) -> Draft:
    return Draft.objects.select_for_update().get(pk=draft_id)
