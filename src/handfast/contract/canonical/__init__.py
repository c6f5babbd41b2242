"""A contract as canonical content: one sequence of bytes for one meaning.

Content is every field of the model: titles, references and examples too, since they are part of what is signed. How a
phrase was spelled, in which order keys and unordered lists stood, comments and layout are not content. Text is
NFC; decimals are text without trailing zeros; instants are whole microseconds; there are no floats. The bytes
are JSON as RFC 8785 writes it. The same types lead the way back, so that bytes alone give the values again.
"""

from __future__ import annotations

import typing
from typing import Any

from handfast.contract.canonical.codec import canonical_bytes, codec
from handfast.contract.canonical.condition import lists_known
from handfast.contract.canonical.leaf import Plain, decimal_text
from handfast.contract.model import Contract

__all__ = ["Plain", "canonical_bytes", "content", "contract_from", "decimal_text", "from_plain", "same", "to_plain"]


def content(contract: Contract) -> dict[str, Plain]:
    """The canonical content of a contract, as plain data."""
    return typing.cast("dict[str, Plain]", to_plain(Contract, contract))


def contract_from(plain: Plain) -> Contract:
    """The contract whose canonical content this is; raises ValueError when it is none."""
    lists = plain.get("lists") if isinstance(plain, dict) else None
    if not isinstance(lists, dict):
        raise ValueError("this is no content of a contract")  # noqa: TRY004 whoever reads bytes expects one error
    with lists_known(typing.cast("dict[str, list[str]]", lists)):
        return typing.cast("Contract", from_plain(Contract, plain))


def same(kind: Any, before: object, after: object) -> bool:
    """Whether two values of one type mean the same."""
    return to_plain(kind, before) == to_plain(kind, after)


def to_plain(kind: Any, value: object) -> Plain:
    """A value of a type of the model as plain data."""
    return codec(kind).to(value)


def from_plain(kind: Any, plain: Plain) -> Any:
    """The value of a type of the model from plain data; raises ValueError when it does not fit."""
    try:
        return codec(kind).back(plain)
    except (TypeError, KeyError, AttributeError, ArithmeticError) as problem:
        raise ValueError(f"this is no {getattr(kind, '__name__', kind)}: {problem!r}") from problem
