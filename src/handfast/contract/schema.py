"""The JSON Schema (draft 2020-12) of a contract file, for editors: what stands where, with words for each key.

It says the shape. Names that must exist elsewhere, and rules that span clauses, are for ``handfast check`` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from handfast.condition import OPERATORS, Operator
from handfast.contract.builtin import (
    ACTIVITIES,
    ATTRIBUTES,
    BAND_NAME,
    BANDS,
    EXPECTED,
    EXPECTED_STATES,
    SCORE_NAMES,
    Expected,
)
from handfast.contract.defaults import ANY, DEFAULTS, Default
from handfast.contract.document import Document, Part
from handfast.contract.document import pattern as p

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_VALUE: Schema = {"type": ["string", "number", "boolean"]}
_ON: Schema = {"type": "string", "examples": list(ACTIVITIES)}
_CONDITION: Schema = {"$ref": "#/$defs/Condition"}


def json_schema() -> Schema:
    """The schema as plain data, fresh on every call."""
    schema = _tidy(Document.model_json_schema(by_alias=True))
    definitions = schema["$defs"] = {**schema["$defs"], "Condition": _condition(), "Asked": _asked()}
    top = {key: value for key, value in schema.items() if key != "$defs"}
    for name, part in [("Document", top), *definitions.items()]:
        _complete(name, part)
    for default in DEFAULTS:
        _say_default(default, {**top, "$defs": definitions})
    head = {"$schema": DIALECT, "title": "Handfast contract", "description": "The agreement of marketing and sales."}
    return {
        **head,
        **{key: value for key, value in top.items() if key not in head},
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as the file that the package carries."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(found: Schema) -> Schema:
    """Pydantic's schema without what editors need not see: inert defaults, made-up titles, ``null`` as a value."""
    return cast("Schema", _tidied(found, names=False))


def _tidied(found: Any, *, names: bool) -> Any:
    """``names``: the keys here are names of the contract, not words of JSON Schema."""
    if isinstance(found, list):
        return [_tidied(item, names=False) for item in found]
    if not isinstance(found, dict):
        return found
    if names:
        return {key: _tidied(value, names=False) for key, value in found.items()}
    found = _without_null(found)
    return {
        key: _tidied(value, names=key in ("properties", "patternProperties", "$defs"))
        for key, value in found.items()
        if key not in ("title", "default", "propertyNames")
    } | ({"additionalProperties": False} if "patternProperties" in found else {})


def _without_null(found: Schema) -> Schema:
    options = found.get("anyOf", [])
    if {"type": "null"} not in options:
        return found
    left = [option for option in options if option != {"type": "null"}]
    rest = {key: value for key, value in found.items() if key != "anyOf"}
    return {**rest, **left[0]} if len(left) == 1 else {**rest, "anyOf": left}


def _condition() -> Schema:
    groups = {
        word: {"type": "array", "items": _CONDITION, "minItems": 1, "description": text}
        for word, text in (("all", "Every one holds."), ("any", "At least one holds."), ("none", "None holds."))
    }
    return {
        "type": "object",
        "description": "Several keys mean that all hold; a bare value means is.",
        "minProperties": 1,
        "properties": {**groups, **_known_names()},
        "additionalProperties": {"$ref": "#/$defs/Asked"},
    }


def _known_names() -> Schema:
    """The built-in names, so that editors can offer them; own attributes and properties stand beside them."""
    return {
        name: {"$ref": "#/$defs/Asked", "description": f"{known.title} ({known.type})."}
        for name, known in {**ATTRIBUTES, **SCORE_NAMES, **BAND_NAME}.items()
    }


def _asked() -> Schema:
    """What may be asked of one name."""
    operators = {operator.value: _operand_of(operator) for operator in _operators()}
    return {
        "anyOf": [
            _VALUE,
            {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": operators},
        ]
    }


def _operators() -> Iterator[Operator]:
    yield from dict.fromkeys(operator for operators in OPERATORS.values() for operator in operators)


def _operand_of(operator: Operator) -> Schema:
    values: Schema = {"type": "array", "items": _VALUE}
    match operator:
        case Operator.IN | Operator.NOT_IN | Operator.HAS_ANY_WORD:
            return {**values, "minItems": 1}
        case Operator.BETWEEN:
            return {**values, "minItems": 2, "maxItems": 2, "description": "Both ends included."}
        case Operator.KNOWN:
            return {"type": "boolean"}
        case Operator.IN_LIST:
            return {"type": "string", "description": "The name of a list."}
        case _:
            return _VALUE


def _complete(name: str, part: Schema) -> None:
    """What the types alone do not say."""
    needed = _needed().get(name, ())
    if needed:
        part["required"] = list(needed)
    for key, schema in part.get("properties", {}).items():
        schema.update({"when": _CONDITION, "on": _ON}.get(key, {}))
    part.update(_MORE.get(name, {}))
    if name in _BARE:
        body = {key: part.pop(key) for key in list(part) if key != "description"}
        part["anyOf"] = [_BARE[name], body]
    if name == "Property":
        body["anyOf"] = [{"required": ["type"]}, {"required": ["one_of"]}]
    if name == "Example":
        part["properties"]["given"]["additionalProperties"] = _VALUE
        part["properties"]["did"]["items"] = _act()
        part["properties"]["expect"].update(_expect())


def _needed() -> dict[str, tuple[str, ...]]:
    return {part.__name__: part.needed for part in Part.__subclasses__()}


_MORE: dict[str, Schema] = {
    "BehaviourSignal": {"dependentRequired": {"fades": ["most_recent"], "expires": ["most_recent"]}},
    "Routing": {"oneOf": [{"required": ["to"]}, {"required": ["rules"]}]},
    "Calendars": {"propertyNames": {"pattern": p.NAME}},
    "Reason": {
        "allOf": [
            {
                "if": {"properties": {"verb": {"enum": ["reject", "either"]}}, "required": ["verb"]},
                "then": {"required": ["kind"]},
            },
            {
                "if": {"properties": {"kind": {"const": "definitional"}}, "required": ["kind"]},
                "then": {"required": ["clause"]},
            },
            {
                "if": {"properties": {"verb": {"const": "return"}}, "required": ["verb"]},
                "then": {"properties": {"kind": False, "clause": False, "needs": False, "then": False}},
                "else": {"properties": {"credit": False}},
            },
        ]
    },
}

_BARE: dict[str, Schema] = {
    "Property": {"enum": ["text", "number", "money", "boolean", "date", "country"]},
    "Within": {"type": "string", "pattern": p.WINDOW, "examples": ["4 business hours", "as first_touch"]},
}


def _act() -> Schema:
    return {
        "type": "object",
        "properties": {
            "on": {**_ON, "description": "The activity."},
            "at": {"type": "string", "pattern": p.MOMENT, "description": "When, if not at the example's instant."},
        },
        "required": ["on"],
        "additionalProperties": _VALUE,
    }


_EXPECTED: dict[Expected, Schema] = {
    Expected.STATE: {"enum": list(EXPECTED_STATES)},
    Expected.BAND: {"enum": list(BANDS)},
    Expected.POOL: {"type": "string"},
    Expected.POINTS: {"type": "number"},
    Expected.FLAG: {"type": "boolean"},
    Expected.DISQUALIFIER: {"type": "string"},
    Expected.INSTANT: {"type": "string", "pattern": p.MOMENT},
}


def _expect() -> Schema:
    return {"properties": {key: _EXPECTED[kind] for key, kind in EXPECTED.items()}, "additionalProperties": False}


def _say_default(default: Default, schema: Schema) -> None:
    """Write a default at its key, unless the key is shared by clauses with other defaults (the clocks)."""
    if default.value is None or default.path[0] == "clocks":
        return
    found = schema
    for part in default.path[:-1]:
        found = _resolved(schema, _below(_resolved(schema, found), part))
    found["properties"][default.path[-1]]["default"] = default.value


def _below(found: Schema, part: str) -> Schema:
    if part != ANY:
        return cast("Schema", found["properties"][part])
    entries = found.get("patternProperties") or found["properties"]
    return cast("Schema", found["additionalProperties"] or next(iter(entries.values())))


def _resolved(schema: Schema, found: Schema) -> Schema:
    return cast("Schema", schema["$defs"][found["$ref"].rpartition("/")[2]]) if "$ref" in found else found
