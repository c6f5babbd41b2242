"""A provider of sign-in (OpenID Connect) on loopback, made with authlib: it asks nobody for a password."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import RSAKey

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]


class _App:
    """What is registered there: our service."""

    client_id = "handfast"
    secret = "of the test alone"  # noqa: S105 # it is

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return urlsplit(redirect_uri).path == "/account/oidc/company/login/callback/"

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


APP = _App()


@dataclass
class _Code:
    """A code that is on its way."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: dict[str, Any]

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Provider:
    """``person`` is who sits before the browser: sub, email, email_verified, name."""

    person: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, _Code] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}))

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path == "/authorize":
            status, body, headers = self._agreed(environ)
        elif path == "/token":
            status, body, headers = self._server.create_token_response(environ)
        else:
            status, body, headers = 200, self._document(path, environ), [("Content-Type", "application/json")]
        start(f"{status} -", list(headers))
        return [(body if isinstance(body, str) else json.dumps(body)).encode()]

    def _document(self, path: str, environ: Environ) -> Any:
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return self.tokens[environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")]
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def __post_init__(self) -> None:
        self._server = _Server(self)
        self._server.register_token_generator("default", BearerTokenGenerator(lambda **_: secrets.token_urlsafe(30)))
        self._server.register_grant(_Codes, [_Ids(self), CodeChallenge(required=True)])

    def _agreed(self, environ: Environ) -> Any:
        grant = self._server.get_consent_grant(environ, end_user=self.person)
        return self._server.create_authorization_response(environ, grant_user=self.person, grant=grant)


class _Server(AuthorizationServer):  # type: ignore[misc] # authlib has no types
    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider

    def query_client(self, client_id: str) -> _App | None:
        return APP if client_id == APP.client_id else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        self.provider.tokens[token["access_token"]] = dict(request.user)

    def send_signal(self, name: str, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Environ) -> OAuth2Request:
        return _request(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers


class _Codes(AuthorizationCodeGrant):  # type: ignore[misc] # authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def save_authorization_code(self, code: str, request: Any) -> None:
        said = request.payload.data
        challenge = said.get("code_challenge", ""), said.get("code_challenge_method", "")
        made = _Code(code, said["redirect_uri"], said["scope"], said.get("nonce", ""), *challenge, request.user)
        self.server.provider.codes[code] = made

    def query_authorization_code(self, code: str, _client: _App) -> _Code | None:
        found: _Code | None = self.server.provider.codes.get(code)
        return found

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        del self.server.provider.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: _Code) -> dict[str, Any]:
        return authorization_code.user


class _Ids(OpenIDCode):  # type: ignore[misc] # authlib has no types
    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=False)
        self.provider = provider

    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        return False

    def resolve_client_private_key(self, _client: _App) -> RSAKey:
        return self.provider.key

    def get_client_algorithm(self, _client: _App) -> str:
        return "RS256"

    def get_encode_header(self, _client: _App) -> dict[str, str]:
        return {"alg": "RS256", "kid": "1"}

    def get_client_claims(self, client: _App) -> dict[str, Any]:
        return {"iss": self.provider.address, "aud": [client.client_id]}

    def generate_user_info(self, user: dict[str, Any], _scope: str) -> UserInfo:
        return UserInfo(**user)


class _Asked(OAuth2Request):  # type: ignore[misc] # authlib has no types
    said: dict[str, str]

    @property
    def form(self) -> dict[str, str]:
        return self.said


def _request(environ: Environ) -> OAuth2Request:
    said = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    form = dict(parse_qsl(body))
    made = _Asked(
        environ["REQUEST_METHOD"],
        f"https://provider.example{environ['PATH_INFO']}",
        headers={"Authorization": environ["HTTP_AUTHORIZATION"]} if "HTTP_AUTHORIZATION" in environ else {},
    )
    made.payload = BasicOAuth2Payload(said | form)
    made.said = form
    return made


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    made = Provider()
    server: WSGIServer = make_server("127.0.0.1", 0, made, handler_class=_Quiet)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
