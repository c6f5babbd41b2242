"""Chats, and whatever else Apprise reaches. Its addresses hold passwords: they are encrypted, and never shown."""

from __future__ import annotations

import warnings
from typing import Any

from handfast_server.delivery import lease
from handfast_server.delivery.fence import fenced
from handfast_server.delivery.lease import Leased, Outcome, Result
from handfast_server.delivery.models import Channel
from handfast_server.delivery.net import AddressRefused, check_host
from handfast_server.delivery.outbox import CHAT
from handfast_server.delivery.words import say
from handfast_server.now import now
from handfast_server.secrets import SecretLost, decrypt

BATCH = 10

_OF_THIS_MACHINE = frozenset(
    "dbus kde qt glib gnome macosx windows syslog termux file exec script python py aprs smbios".split()
)
"""Kinds that do something on the machine itself instead of sending."""

_OUT_OF_SIGHT = frozenset("mqtt mqtts xmpp xmpps".split())
"""Kinds that connect from a thread of their own, where the fence could not look."""


def send() -> bool:
    """Send to chats what is due; whether there may be more."""
    found = lease.lease(CHAT, BATCH)
    for message in found:
        lease.finish(message, _guarded(message))
    return bool(found)


def _guarded(message: Leased) -> Result:
    try:
        return _send(message)
    except Exception as broken:  # noqa: BLE001 # plugins raise what they like; the others go on
        return Result(Outcome.AGAIN, type(broken).__name__)


def _send(message: Leased) -> Result:
    over = lease.over(message, now())
    if over is not None:
        return over
    channel = Channel.objects.filter(pk=message.to, active=True).select_related("user").first()
    if channel is None:
        return Result(Outcome.SKIPPED, "channel_gone")
    said = say(message, channel.user)
    if said is None:
        return Result(Outcome.SKIPPED, "nothing_to_say")
    try:
        plugin = plugin_of(decrypt(channel.address))
        with fenced():
            sent = plugin.notify(title=said.title, body=said.plain())
    except SecretLost:
        return Result(Outcome.AGAIN, "secret_lost")
    except AddressRefused:
        return Result(Outcome.AGAIN, "address_refused")
    return Result(Outcome.SENT) if sent else Result(Outcome.AGAIN, "refused")


def plugin_of(address: str) -> Any:
    """What sends to an address. Raises AddressRefused for one that Apprise does not know, or that lies inside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what a library of Apprise imports
        import apprise  # noqa: PLC0415 # half a second, for whoever has channels

        plugin = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    schema = address.split(":", 1)[0].lower()
    if plugin is None or schema in _OF_THIS_MACHINE or schema in _OUT_OF_SIGHT:
        raise AddressRefused("That is no address that a message can be sent to; Apprise's documentation lists them.")
    host = getattr(plugin, "host", None)
    if host:
        try:
            check_host(host)
        except OSError as unknown:
            raise AddressRefused("The host of that address is not known.") from unknown
    return plugin
