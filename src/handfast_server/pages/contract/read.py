"""What both sides signed: a version in English beside its text, who signed when, and how one followed another."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from handfast.contract.diff import Change, diff
from handfast.contract.explain import explain
from handfast.contract.model import Contract
from handfast.instant import Instant
from handfast.problem import Severity
from handfast_server.access import Principal, allowed
from handfast_server.api.contract_answers import drift_of, governing, version_out
from handfast_server.contracts.models import Draft, Version
from handfast_server.decide.terms import signed_of
from handfast_server.pages.contract.asked import asked_of
from handfast_server.pages.contract.beside import beside, clauses_of
from handfast_server.pages.contract.comments import talk_of
from handfast_server.pages.contract.held import at, held
from handfast_server.pages.contract.told import told
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may


@require_safe
@may("contract")
@held
def contract(request: HttpRequest, who: Principal) -> HttpResponse:
    """The version in force; before the first governs the one that will, before any is signed what to do."""
    rows = Version.objects
    row = rows.filter(pk=governing()).first() or rows.order_by("number").first()
    if row is None:
        drafts = Draft.objects.filter(state__in=(Draft.State.EDITING, Draft.State.PROPOSED)).order_by("-changed_at")
        shown = {"drafts": drafts[:5], "may_draft": allowed(who, "contracts.draft")}
        return render(request, "pages/contract/none.html", {**shown, **at("read")})
    return _page(request, who, row)


@require_safe
@may("contract_version")
@held
def version(request: HttpRequest, who: Principal, number: int) -> HttpResponse:
    """Any signed version."""
    row = Version.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    return _page(request, who, row)


@require_safe
@may("contract_history")
@held
def history(request: HttpRequest, _who: Principal) -> HttpResponse:
    """The versions as a list of amendments, the newest first: who signed when, and what each changed."""
    rows, in_force = list(Version.objects.order_by("number")), governing()
    entries = [
        {
            "version": version_out(row, in_force),
            "until": _until(rows, place),
            "first": place == 0,
            "changes": told(amended(rows[place - 1].digest, row.digest)) if place else [],
        }
        for place, row in enumerate(rows)
    ]
    return render(request, "pages/contract/history.html", {"entries": entries[::-1], **at("history")})


def _page(request: HttpRequest, who: Principal, row: Version) -> HttpResponse:
    rows, version = list(Version.objects.order_by("number")), version_out(row, governing())
    text: Contract = signed_of(row).sealed.contract
    both = beside(row.text, explain(text))
    shown = {
        "version": version,
        "until": _until(rows, [each.number for each in rows].index(row.number)),
        "latest": rows[-1],
        "title": text.name,
        "parties": [{"party": name.value, "who": party} for name, party in text.parties.items()],
        "beside": both,
        "asked": (asked := asked_of(both, request.GET.get("clause", ""))),
        **talk_of(who, row, both, asked.path if asked else ""),
        "clauses": clauses_of(both),
        "here_address": reverse("contract_version", kwargs={"number": row.number}),
        "drifted": [in_words(each) for each in _drifted(row.digest, row.text)],
        "waiting": Draft.objects.filter(state=Draft.State.PROPOSED).order_by("-changed_at"),
        "may_draft": allowed(who, "contracts.draft"),
    }
    return render(request, "pages/contract/version.html", {**shown, **at("read")})


def _until(rows: list[Version], place: int) -> Instant | None:
    """When the next one took over; None for the last."""
    return rows[place + 1].in_force_from if place + 1 < len(rows) else None


@lru_cache(maxsize=64)
def amended(before: str, after: str) -> tuple[Change, ...]:
    """What a version says otherwise than another. Kept by both digests: what has them has these terms."""
    old, new = (signed_of(Version.objects.get(digest=each)).sealed.contract for each in (before, after))
    return diff(old, new)


@lru_cache(maxsize=16)
def _drifted(digest: str, text: str) -> tuple[str, ...]:
    """What the text says today that was not sealed, in sentences."""
    problems, changes = drift_of(Version.objects.get(digest=digest, text=text))
    wrong = (each.message for each in problems if each.severity is Severity.ERROR)
    return (*wrong, *(change.sentence for change in changes))
