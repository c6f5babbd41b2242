"""A fence around libraries that send for us: whatever they resolve, follow or retry, they reach the internet alone.

Chats go through Apprise, whose plugins open connections of their own: they resolve a name again after it was looked at,
and follow redirects. So it is the connection itself that is looked at, where Python makes it: every address to which a
socket of this thread connects or sends. What the fence could not see is refused: a program of their own, and a thread
(of which Python 3.11 tells no hook; the kinds that begin one are no chats at all, see ``chat``).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings

from handfast_server.delivery.net import AddressRefused, is_public

_ADDRESS_AT = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
"""Events of the interpreter that name an address, and where it stands among what they tell (PEP 578)."""

_UNSEEN = frozenset(
    ("_thread.start_new_thread", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
)

_INSIDE = "Its address belongs to a private network, or to this machine."
_HIDDEN = "What sends to that address would do so where nobody could look where it connects to."


class _Here(threading.local):
    """How it is with a thread; ``refused`` is what the fence said, whatever the library made of it."""

    fenced = False
    refused = ""


_here = _Here()


@contextmanager
def fenced() -> Iterator[None]:
    """Whatever this thread connects to within is of the open internet. Raises AddressRefused where it was not."""
    if settings.WEBHOOKS_TO_PRIVATE:
        yield
        return
    _listen()
    _here.fenced, _here.refused = True, ""
    try:
        yield
    finally:
        _here.fenced = False
        if _here.refused:
            raise AddressRefused(_here.refused)


@cache
def _listen() -> None:
    """Once in a process, and for good: a hook cannot be taken away, as nobody should be able to."""
    sys.addaudithook(_look)


def _look(event: str, told: tuple[Any, ...]) -> None:
    if event in _ADDRESS_AT and _here.fenced:
        if _is_inside(told[_ADDRESS_AT[event]]):
            _refuse(_INSIDE)
    elif event in _UNSEEN and _here.fenced:
        _refuse(_HIDDEN)


def _refuse(why: str) -> None:
    """By an error that libraries know, and after which they close what they opened."""
    _here.refused = why
    raise PermissionError(why)


def _is_inside(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) and address else None
    return not isinstance(host, str) or not is_public(host)
