"""The words of a contract: attributes, activities with their properties, evidence."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.condition import ValueType
from handfast.contract import builtin
from handfast.contract import document as doc
from handfast.contract.model import ActivityType, Attribute, Evidence
from handfast.contract.resolve.names import Ground, words_of
from handfast.problem import Path

ACT_KEYS = ("on", "at")
"""What an act of an example says beside the properties of its activity."""


def attributes(document: doc.Document, ground: Ground) -> Mapping[str, Attribute]:
    """Built-in attributes and the contract's own."""
    own = {}
    for name, declared in document.attributes.items():
        path: Path = ("attributes", name)
        if name in builtin.ATTRIBUTES:
            kind = builtin.ATTRIBUTES[name].type
            message = f"{name} is built in, as {kind}; it needs no definition."
            ground.problems.add("built_in", path, message)
        own[name] = _attribute(name, declared, path, ground)
    return {**builtin.ATTRIBUTES, **own}


def _attribute(name: str, declared: doc.Property, path: Path, ground: Ground) -> Attribute:
    if name in builtin.RESERVED_NAMES:
        ground.problems.add("reserved_name", path, f"{name} is a word of conditions; choose another name.")
    kind = _kind(declared, path, ground)
    return Attribute(name=name, type=kind, one_of=tuple(declared.one_of or ()), title=declared.title)


def _kind(declared: doc.Property, path: Path, ground: Ground) -> ValueType:
    """The type that ``type`` and ``one_of`` say together."""
    if ground.cuts.within(path):
        return ValueType.TEXT
    if declared.one_of is None and declared.type in (None, ValueType.CHOICE):
        missing = "one_of" if declared.type is ValueType.CHOICE else "type"
        message = f"{missing!r} is missing; say how values compare."
        allowed = "one_of: [WORD, …]" + ("" if missing == "one_of" else ", or type: " + ", ".join(ValueType))
        ground.problems.add("missing", (*path, missing), message, allowed=allowed)
    if declared.one_of is not None and declared.type not in (None, ValueType.CHOICE):
        message = f"With one_of this is a choice, not {declared.type}; leave one of the two out."
        ground.problems.add("two_types", (*path, "type"), message)
    if declared.one_of is not None:
        ground.different(declared.one_of, (*path, "one_of"))
        return ValueType.CHOICE
    return declared.type or ValueType.TEXT


def activities(document: doc.Document, ground: Ground) -> Mapping[str, ActivityType]:
    """Built-in activities, own ones, and own properties of built-in ones."""
    found = dict(builtin.ACTIVITIES)
    for name, properties in document.activities.items():
        given = builtin.ACTIVITIES.get(name)
        known = given.properties if given else {}
        own = {}
        for prop, declared in properties.items():
            path: Path = ("activities", name, prop)
            if prop in known:
                ground.problems.add("built_in", path, f"{prop} of {name} is built in; it needs no definition.")
            if prop in ACT_KEYS:
                ground.problems.add("reserved_name", path, f"{prop} has a meaning of its own; choose another name.")
            own[prop] = _attribute(prop, declared, path, ground)
        found[name] = ActivityType(name=name, properties={**known, **own}, built_in=given is not None)
    return found


def evidence(document: doc.Document, ground: Ground) -> Mapping[str, Evidence]:
    """What a rep records to make a lead an SQL."""
    return {
        name: Evidence(
            name=name,
            type=_kind(declared, ("evidence", name), ground),
            title=declared.title or words_of(name),
            one_of=tuple(declared.one_of or ()),
        )
        for name, declared in document.evidence.items()
    }
