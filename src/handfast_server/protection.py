"""What protects browsers and the service itself, as Django's settings: one policy for every page, with no exception."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from handfast_server.config import Config

LARGEST_BODY = 10 * 2**20
"""Bytes of one request: 5,000 leads of two kilobytes each."""

_YEAR = 365 * 24 * 60 * 60

_PLAIN = (r"^healthz$", r"^readyz$", r"^metrics$")
"""Asked from beside the service, before any proxy."""


def protection_settings(config: Config) -> dict[str, Any]:
    """Headers, cookies and limits. Under an https address everything is asked for through TLS, and stays there."""
    return {
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": _policy(config)},
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_TRUSTED_ORIGINS": [_origin(config.base_url)],
        "DATA_UPLOAD_MAX_MEMORY_SIZE": LARGEST_BODY,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 1_000,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 10,
        **(_with_tls() if config.base_url.startswith("https://") else {}),
    }


def _with_tls() -> dict[str, Any]:
    return {
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),  # granian speaks plain HTTP behind the proxy
        "SECURE_SSL_REDIRECT": True,
        "SECURE_REDIRECT_EXEMPT": list(_PLAIN),
        "SECURE_HSTS_SECONDS": _YEAR,
        # Other hosts below this name, and the browsers' own list, are for the owner of the name to decide upon.
        "SILENCED_SYSTEM_CHECKS": ["security.W005", "security.W021"],
    }


def _policy(config: Config) -> dict[str, list[str]]:
    """Nothing but our own files, nothing inline, in nobody's frame."""
    own = ["'self'"]
    # After a form is sent, the company's own sign-in is where the browser is led; Chrome holds that to form-action.
    sign_in = [_origin(config.oidc_url)] if config.oidc_url else []
    return {
        "default-src": ["'none'"],
        "script-src": own,
        "style-src": own,
        "img-src": [*own, "data:"],  # the code that an authenticator scans
        "font-src": own,
        "connect-src": own,
        "form-action": [*own, *sign_in],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
