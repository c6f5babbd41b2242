"""Any two versions beside each other, and one as a file that anybody can hold against its seal."""

from __future__ import annotations

import difflib
import io
import json
import zipfile
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from handfast.contract.schema import json_schema
from handfast.instant import Instant, format_instant
from handfast_server.access import Principal
from handfast_server.contracts.models import Version
from handfast_server.decide.terms import signed_of
from handfast_server.pages.contract.held import at, held
from handfast_server.pages.contract.read import amended
from handfast_server.pages.contract.told import told
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may

_LINES = 2_000
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the first instant a zip can name: equal versions are equal files


@require_safe
@may("contract_compare")
@held
def compare(request: HttpRequest, _who: Principal) -> HttpResponse:
    """What one version says otherwise than another, in business words and line by line."""
    rows = {row.number: row for row in Version.objects.order_by("number")}
    numbers = list(rows)
    new = _number(request, "to", numbers, numbers[-1] if numbers else 0)
    old = _number(request, "from", numbers, max((each for each in numbers if each < new), default=new))
    shown: dict[str, Any] = {"versions": list(rows.values()), "old": old, "new": new}
    if old != new:
        shown["changes"] = told(amended(rows[old].digest, rows[new].digest))
        shown["lines"] = _lines(rows[old].text, rows[new].text)
    return render(request, "pages/contract/compare.html", {**shown, **at("history")})


def _number(request: HttpRequest, name: str, known: list[int], otherwise: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 and int(given) in known else otherwise


def _lines(old: str, new: str) -> list[tuple[str, str]]:
    """Lines that went, came, or stand around those."""
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    looks = {"+": "came", "-": "went", "@": "place"}
    return [(looks.get(line[:1], ""), line) for line in list(found)[2 : _LINES + 2]]


@require_safe
@may("contract_file")
@held
def file(_request: HttpRequest, _who: Principal, number: int) -> HttpResponse:
    """A version with its seal: the text, the sealed bytes, who signed, and how to hold one against the other."""
    row = Version.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    signed = signed_of(row)
    name = f"{signed.sealed.contract.name}-version-{row.number}"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in _parts(row).items():
            archive.writestr(zipfile.ZipInfo(f"{name}/{inner}", _WRITTEN), content)
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return HttpResponse(made.getvalue(), content_type="application/zip", headers=headers)


def _parts(row: Version) -> dict[str, bytes]:
    told_of = {
        "version": row.number,
        "digest": row.digest,
        "proposed_at": format_instant(row.proposed_at),
        "in_force_from": format_instant(row.in_force_from),
        "signatures": [_dated(each) for each in row.signatures],
        "successions": [_dated(each) for each in row.successions],
    }
    return {
        "contract.yaml": row.text.encode(),
        "sealed.json": bytes(row.content),
        "signatures.json": json.dumps(told_of, indent=2, ensure_ascii=False).encode() + b"\n",
        "sealed.json.sha256": f"{row.digest}  sealed.json\n".encode(),
        "README.txt": _README.encode(),
    }


def _dated(raw: dict[str, Any]) -> dict[str, Any]:
    at_: Instant = raw["at"]
    return {**raw, "at": format_instant(at_)}


_README = """A signed version of a Handfast contract.

contract.yaml       the text as it was written and read
sealed.json         what was signed: the contract with everything that judging depends on resolved into it
signatures.json     who consented to which digest, when, and from when the version governs
sealed.json.sha256  the digest; `sha256sum -c sealed.json.sha256` holds the sealed bytes against it

`handfast check contract.yaml` says what the text means today.
"""


@require_safe
@may("contract_words")
def words(_request: HttpRequest, _who: Principal) -> HttpResponse:
    """What may stand where in a contract, for the completion of the editor: the schema that is published."""
    return HttpResponse(json.dumps(_said(json_schema())).encode(), content_type="application/schema+json")


def _said(schema: Any) -> Any:
    """The schema with what it says of each key in the reader's language."""
    if isinstance(schema, list):
        return [_said(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: in_words(value) if name == "description" and isinstance(value, str) else _said(value)
        for name, value in schema.items()
    }
