"""Logs as JSON, a document a line, with the request's id and the ids of what was decided; never personal data.

Our own code logs an event's name and ids. What libraries log is not trusted to be as careful: their arguments are left
out, of an exception only its type and its place remain, and whatever looks like an address is cut.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from pathlib import PurePath
from types import TracebackType
from typing import Any

import structlog

Event = MutableMapping[str, Any]

_ADDRESS = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+")
_OURS = "handfast"


def get_logger(name: str) -> Any:
    """The logger of a part of the service."""
    return structlog.stdlib.get_logger(f"{_OURS}.{name}")


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING, and what structlog needs beside it."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [_bare, *_COMMON],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    shown = {"handlers": ["console"], "level": level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            _OURS: shown,
            "_granian": {**shown, "level": "WARNING"},
            "django": {**shown, "level": "ERROR"},
            "apprise": {**shown, "level": "CRITICAL"},
        },
    }


def _bare(_: Any, __: str, event: Event) -> Event:
    """A library's record: its template without the values."""
    record: logging.LogRecord = event["_record"]
    event["event"] = str(record.msg)
    event.pop("positional_args", None)
    if status := getattr(record, "status_code", None):  # a request's template is "%s: %s", its path may name somebody
        matched = getattr(getattr(record, "request", None), "resolver_match", None)
        event.update(event="request_failed", status=status, route=matched.route if matched else None)
    return event


def _failure(_: Any, __: str, event: Event) -> Event:
    """Of an exception its type and where it was raised; its message may quote a row."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    if isinstance(told, BaseException):
        told = (type(told), told, told.__traceback__)
    if isinstance(told, tuple) and told[0] is not None:
        event["exception"] = told[0].__name__
        event["at"] = frames(told[2])
    return event


def frames(trace: TracebackType | None) -> list[str]:
    """The frames of a traceback, the innermost last, without values."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{PurePath(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-20:]


def _no_addresses(_: Any, __: str, event: Event) -> Event:
    for key, value in event.items():
        if isinstance(value, str) and "@" in value:
            event[key] = _ADDRESS.sub("[address]", value)
    return event


_COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _failure,
    _no_addresses,
]
