"""Secrets at rest: encrypted with keys made from the installation's key, so that a stolen file of rows holds none.

A new installation's key is introduced by naming the old one in ``HANDFAST_SECRET_KEY_OLD``: what was written under it
is still read for as long as it is named, and what is written from then on is under the new one.
"""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from handfast.errors import HandfastError


class SecretLost(HandfastError):
    """A secret that was encrypted under a key that is not known here, or was changed since."""


def encrypt(secret: str) -> str:
    """A secret as it may stand in a row."""
    return _box(*_keys()).encrypt(secret.encode()).decode()


def decrypt(kept: str) -> str:
    """The secret again. Raises SecretLost."""
    try:
        return _box(*_keys()).decrypt(kept.encode()).decode()
    except InvalidToken as wrong:
        raise SecretLost(_LOST) from wrong


_LOST = (
    "A stored secret cannot be read with HANDFAST_SECRET_KEY; name the key it was written under in "
    "HANDFAST_SECRET_KEY_OLD, or enter the secret again."
)


def _keys() -> tuple[str, ...]:
    return settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS


@cache
def _box(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """A key for this one purpose: who learns it cannot sign sessions."""
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"handfast secrets at rest").derive(key.encode())
    return base64.urlsafe_b64encode(made)
