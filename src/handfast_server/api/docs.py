"""The description of the interface for people: as a page of the service, and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from textwrap import fill
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from handfast_server.access import ACTIONS
from handfast_server.api.app import api
from handfast_server.api.guard import KEY, action_of, operations

Schema = Mapping[str, Any]


@gzip_page  # long, and nothing in it is secret
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page: nothing of it comes from elsewhere, and nothing of it is a script."""
    return render(request, "api/docs.html", {"topics": topics(), "version": api.version})


@cache
def topics() -> dict[str, list[dict[str, Any]]]:
    """Every operation by the topic that it belongs to."""
    schema = api.get_openapi_schema(path_prefix="/api/")
    actions = {api.get_openapi_operation_id(each): action_of(each) for each in operations(api)}
    named = {each.operation_id: action_of(each) for each in operations(api) if each.operation_id}
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            one = _operation(path, method, operation, schema, {**actions, **named})
            found.setdefault((operation.get("tags") or ["other"])[0], []).append(one)
    return dict(sorted(found.items()))


def _operation(path: str, method: str, told: Schema, schema: Schema, actions: Mapping[str, str]) -> dict[str, Any]:
    action = actions.get(told["operationId"], "")
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": told["summary"],
        "description": told.get("description", ""),
        "action": action,
        "scope": ACTIONS[action].scope.value if action in ACTIONS else "",
        "roles": sorted(ACTIONS[action].roles) if action in ACTIONS else [],
        "fields": [*_parameters(told, schema), *_body(told, schema)],
        "answers": [(code, answer["description"]) for code, answer in told["responses"].items()],
    }


def _parameters(told: Schema, schema: Schema) -> Iterator[dict[str, str]]:
    for each in told.get("parameters", ()):
        where = each["schema"]
        words = each.get("description") or where.get("description") or ""
        yield {"name": each["name"], "in": each["in"], "type": _type(where, schema), "what": words}


def _body(told: Schema, schema: Schema) -> Iterator[dict[str, str]]:
    content = told.get("requestBody", {}).get("content", {})
    for body in content.values():
        where = _resolved(body["schema"], schema)
        needed = where.get("required", ())
        for name, field in where.get("properties", {}).items():
            kind = _type(field, schema)
            words = (
                _resolved(field, schema).get("description", "") if "description" not in field else field["description"]
            )
            yield {
                "name": name,
                "in": "body" if name in needed else "body, optional",
                "type": kind,
                "what": " ".join(str(words).split()),
            }


def _resolved(where: Schema, schema: Schema) -> Schema:
    for each in (where, *where.get("anyOf", ()), *where.get("allOf", ())):
        if "$ref" in each:
            found: Schema = schema["components"]["schemas"][each["$ref"].rsplit("/", 1)[1]]
            return found
    return where


def _type(where: Schema, schema: Schema) -> str:
    if "anyOf" in where:
        return " or ".join(dict.fromkeys(_type(each, schema) for each in where["anyOf"] if each != {"type": "null"}))
    if "$ref" in where or "allOf" in where:
        found = _resolved(where, schema)
        return "one of " + ", ".join(map(str, found["enum"])) if "enum" in found else str(found.get("title", "object"))
    if "enum" in where:
        return "one of " + ", ".join(map(str, where["enum"]))
    if where.get("type") == "array":
        return f"list of {_type(where.get('items', {}), schema)}"
    return str(where.get("format") or where.get("type") or "anything")


_TOP = """# The interface for programs

Made from the interface itself by `make generated`. The service publishes it as OpenAPI at `/api/openapi.json`, and as
a page at `/api/docs`.

Who signed in asks with the session, and sends `X-CSRFToken` with what changes something; a program asks with a token:
`Authorization: Bearer hf_…`. Every operation names the action that has to be open to the caller, see
[permissions](permissions.md), and the scope that a token needs.

Every error has the same shape: `{"code", "message", "path", "request_id"}`. 409 means that the contract, or how things
stand, does not allow it; the code says what, the message says why and whom to ask. Instants are RFC 3339 with an
offset; answers have them in UTC. Lists come in pages of 50, at most 200: ask on with `cursor` while there is a `next`.
Where an answer has an `ETag`, ask again with it as `If-None-Match`: 304 when nothing has changed.

{keyed}
Every other `POST` refuses it with 422 and `key_not_taken`; a `PUT`, `PATCH` or `DELETE` says how things are to be, so
that sending it again changes nothing more.

A body is JSON in UTF-8 and says so (`Content-Type: application/json`, else 415), has at most 10 MB, and may come in
chunks; of a name that an object has twice the last counts. Every address answers `OPTIONS`, and `HEAD` where it answers
`GET`. 429 means too fast: each process of the service lets a person ask 50 times a second in the long run and 200 at
once, a token 1,000 and 2,000, so that two web processes let through twice as much. What anybody may reach counts in the
database, for all processes together: forms, tracking, webhooks, by source and address, and guesses at passwords.
"""


def page() -> str:
    """docs/reference/api.md."""
    return (
        "\n".join(
            [
                _TOP.replace("{keyed}", _keyed()),
                *(line for topic, found in topics().items() for line in _topic(topic, found)),
            ]
        ).rstrip()
        + "\n"
    )


def _keyed() -> str:
    """The sentence about the operations that take a key."""
    found = [each for topic in topics().values() for each in topic if any(one["name"] == KEY for one in each["fields"])]
    names = ", ".join(f"`{each['method']} {each['path']}`" for each in found)
    says = f"A request with an `{KEY}` is done once, however often it is sent, where the operation takes the header"
    return fill(f"{says}: {names}.", 120, break_long_words=False, break_on_hyphens=False)


def _topic(topic: str, found: list[dict[str, Any]]) -> Iterator[str]:
    yield f"## {topic.capitalize()}\n"
    for each in found:
        yield from _shown(each)


def _shown(each: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{each['method']} {each['path']}`\n"
    yield f"{each['description'] or each['summary']}\n"
    if each["action"]:
        yield f"Action `{each['action']}`, scope `{each['scope']}`: {', '.join(each['roles'])}.\n"
    if each["fields"]:
        yield "| field | in | type | |\n|---|---|---|---|"
        yield from (f"| `{one['name']}` | {one['in']} | {one['type']} | {one['what']} |" for one in each["fields"])
        yield ""
    yield f"Answers: {', '.join(code for code, _ in each['answers'])}.\n"
