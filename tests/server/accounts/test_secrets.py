"""Secrets at rest."""

from __future__ import annotations

from typing import Any

import pytest

from handfast_server.secrets import SecretLost, decrypt, encrypt


def test_a_secret_is_read_again_and_looks_like_nothing() -> None:
    kept = encrypt("s3cret")
    assert "s3cret" not in kept
    assert decrypt(kept) == "s3cret"
    assert encrypt("s3cret") != kept


def test_a_new_key_reads_what_the_old_one_wrote_while_that_is_named(settings: Any) -> None:
    kept = encrypt("s3cret")
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [old]
    assert decrypt(kept) == "s3cret"
    again = encrypt("s3cret")
    settings.SECRET_KEY_FALLBACKS = []
    assert decrypt(again) == "s3cret"
    with pytest.raises(SecretLost, match="HANDFAST_SECRET_KEY_OLD"):
        decrypt(kept)
