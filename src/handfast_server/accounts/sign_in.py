"""How people sign in, as Django's settings: passwords, codes, a company's own sign-in (OIDC), limits on guessing."""

from __future__ import annotations

from typing import Any

from handfast_server.config import Config

APPS = (
    "django.contrib.humanize",  # the list of sessions says how long ago
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
)
"""After our own apps: a template of ours by the same name comes first."""

MIDDLEWARE = ("allauth.account.middleware.AccountMiddleware", "handfast_server.accounts.needs_code.NeedsCode")


def sign_in_settings(config: Config) -> dict[str, Any]:
    """Everything that allauth and Django's sessions are told."""
    secure = config.base_url.startswith("https://")
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "AUTH_PASSWORD_VALIDATORS": [{"NAME": f"django.contrib.auth.password_validation.{name}"} for name in _RULES],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "home",
        "ACCOUNT_ADAPTER": "handfast_server.accounts.adapter.People",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",  # an administrator vouches for addresses; nobody changes their own
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if secure else "http",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
        "ACCOUNT_SESSION_REMEMBER": None,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ALLAUTH_TRUSTED_PROXY_COUNT": config.proxies,
        "MFA_ADAPTER": "handfast_server.accounts.adapter.Codes",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Handfast",
        "SOCIALACCOUNT_ADAPTER": "handfast_server.accounts.adapter.Company",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,  # by an address that the company's own sign-in has verified
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
        "SOCIALACCOUNT_PROVIDERS": _providers(config),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_AGE": 14 * 24 * 60 * 60,
        "CSRF_COOKIE_SECURE": secure,
        "CACHES": {
            "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "handfast_cache"}
        },  # limits hold over all processes
    }


_RULES = (
    "UserAttributeSimilarityValidator",
    "MinimumLengthValidator",
    "CommonPasswordValidator",
    "NumericPasswordValidator",
)


def _providers(config: Config) -> dict[str, Any]:
    if not config.oidc_url:
        return {}
    app = {
        "provider_id": "company",
        "name": config.oidc_name,
        "client_id": config.oidc_client,
        "secret": config.oidc_secret,
        "settings": {"server_url": config.oidc_url},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
