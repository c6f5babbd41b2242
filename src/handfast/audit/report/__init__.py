"""The audit as a file to forward: one HTML page that asks for nothing, the same as Markdown, the same as data."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from handfast.audit.audit import Audit
from handfast.audit.english import words
from handfast.audit.findings.finding import ALL_RECORDS, Raw
from handfast.audit.report.data import plain
from handfast.audit.report.markdown import written
from handfast.audit.report.outline import document


def render_html(audit: Audit) -> str:
    """The report as one self-contained page: no script is needed to read it, no address is asked for anything."""
    style, script = _asset("report.css"), _asset("report.js")
    environment = _environment()
    return environment.get_template("report.html.j2").render(
        report=document(audit),
        blocks=environment.get_template("blocks.html.j2").module.__dict__,
        style=Markup(style),  # noqa: S704  reason: a file of this package, not of the export
        script=Markup(script),  # noqa: S704  reason: the same
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def render_markdown(audit: Audit) -> str:
    """The same figures in the same words as GitHub-flavoured Markdown."""
    return written(document(audit))


def render_json(audit: Audit) -> dict[str, Any]:
    """The same figures exactly: shares as floats beside their counts, spans and instants in microseconds."""
    return plain(audit)


@cache
def _environment() -> Environment:
    """Templates of this package, every value escaped, a missing one refused."""
    environment = Environment(
        loader=PackageLoader("handfast.audit.report"),
        autoescape=select_autoescape(default=True),
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"raw": _raw, "count": words.count, "all_records": ALL_RECORDS}
    return environment


def _shown(value: object) -> object:
    """What a template puts out: text of an export without control characters; markup as it was made."""
    return words.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _raw(value: Raw) -> str:
    """An exact value as an attribute; empty for none."""
    return "" if value is None else str(value)


def _asset(name: str) -> str:
    return files("handfast.audit.report").joinpath("static", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a content security policy knows an inline style or script by."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
