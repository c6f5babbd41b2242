"""What the environment sets, read once and refused with a sentence when it is wrong.

Every setting can stand in a file instead: ``HANDFAST_SECRET_KEY_FILE`` names the file that holds
``HANDFAST_SECRET_KEY``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from handfast.errors import HandfastError
from handfast.instant import SECOND


class ConfigRefused(HandfastError):
    """A setting that cannot be: the message names it, says what it is and what it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that an operator sets."""

    home: Path  # the SQLite file, the history, snapshots and what is kept beside them
    database: Mapping[str, object]  # as Django wants it
    secret_key: str
    old_keys: tuple[str, ...]
    hosts: tuple[str, ...]
    base_url: str
    debug: bool
    clock_shift: int  # microseconds
    log_level: str
    log_format: str
    metrics_token: str
    mail_url: str
    mail_from: str
    webhooks_to_private: bool
    demo_pause: int  # microseconds
    demo_leads: int
    proxies: int
    oidc_url: str
    oidc_client: str
    oidc_secret: str
    oidc_name: str
    demo: bool
    beside: bool


SAYS = {
    "HANDFAST_HOME": "Folder for the SQLite file, the key of this installation and what is kept beside them.",
    "DATABASE_URL": (
        "`postgresql://user:password@host:5432/name` for teams, `sqlite:////path/of/file` for a file elsewhere; "
        "empty: a SQLite file in the home folder."
    ),
    "HANDFAST_SECRET_KEY": (
        "Signs sessions and links and encrypts secrets at rest. Empty: made at the first start and kept in the home "
        "folder. Several machines must share one."
    ),
    "HANDFAST_SECRET_KEY_OLD": (
        "The keys before this one, with commas between them: sessions, links and secrets made under them still count."
    ),
    "HANDFAST_BASE_URL": "The address at which people reach the service; it stands in links.",
    "HANDFAST_HOSTS": (
        "Further host names that requests may ask for, with commas between them: beside that of the base address, "
        "those of this machine itself, and the address that is listened on."
    ),
    "HANDFAST_DEBUG": "`yes` shows errors in the browser. Never where others can reach it.",
    "HANDFAST_CLOCK_SHIFT": "Seconds by which the clock of the service is moved, to rehearse an outage.",
    "HANDFAST_LOG_LEVEL": "`debug`, `info`, `warning` or `error`: what is logged, and what is worse.",
    "HANDFAST_LOG_FORMAT": "`json`, a document a line, or `text` for people.",
    "HANDFAST_DEMO_PAUSE": "Milliseconds between one thing and the next in the demonstration, in the mean.",
    "HANDFAST_DEMO_LEADS": "How many leads the made-up year has that is offered while the service is set up.",
    "HANDFAST_MAIL_URL": (
        "The server that takes mail: `smtp://user:password@host:587` (with STARTTLS), `smtps://…:465`, or "
        "`smtp+plain://…:25` without encryption. Empty: no mail is sent."
    ),
    "HANDFAST_MAIL_FROM": "The sender of every mail, such as `Handfast <handfast@company.example>`.",
    "HANDFAST_WEBHOOKS_TO_PRIVATE": (
        "`yes` lets webhooks and chats go to addresses of private networks and of this machine. Needed when the "
        "receiver is in your own network; it also lets an administrator reach whatever else is there."
    ),
    "HANDFAST_PROXIES": (
        "How many proxies of yours stand before the service: so many of the last hops in `X-Forwarded-For` are "
        "believed when limits are counted by address. With 0 behind a proxy all visitors share its address."
    ),
    "HANDFAST_METRICS_TOKEN": "What who reads `/metrics` sends as bearer token; empty: only this machine may ask.",
    "HANDFAST_OIDC_URL": "The issuer of the company's own sign-in (OpenID Connect); empty: there is none.",
    "HANDFAST_OIDC_CLIENT": "The client id that this service has there.",
    "HANDFAST_OIDC_SECRET": "The client secret that this service has there.",
    "HANDFAST_OIDC_NAME": "What the button for the company's own sign-in says.",
}
"""What every setting is for. A setting that is read without a sentence here is a mistake, and a test finds it."""

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("json", "text")


def read(environment: Mapping[str, str] | None = None, *, asked: dict[str, str] | None = None) -> Config:
    """The configuration. Raises ConfigRefused. ``asked`` is told the usual value of every setting that was read."""
    given = _Given(os.environ if environment is None else environment, asked)
    home = Path(given.text("HANDFAST_HOME", "handfast-data")).resolve()
    base_url = given.text("HANDFAST_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(base_url) if _is_address(base_url, ("https", "http")) else None
    if parts is None or not parts.hostname:
        raise ConfigRefused(f"HANDFAST_BASE_URL is {base_url!r}; it is an address such as https://handfast.example.")
    hosts = (parts.hostname, *_LOOPBACKS, given.listened(), *given.text("HANDFAST_HOSTS", "").split(","))
    oidc_url, oidc_client = _oidc_url(given.text("HANDFAST_OIDC_URL", "")), given.text("HANDFAST_OIDC_CLIENT", "")
    if oidc_url and not oidc_client:
        raise ConfigRefused("HANDFAST_OIDC_URL is set, and HANDFAST_OIDC_CLIENT is not; sign-in elsewhere needs both.")
    return Config(
        home=home,
        database=_database(given.text("DATABASE_URL", ""), home),
        secret_key=given.text("HANDFAST_SECRET_KEY", "") or _own_key(home),
        old_keys=tuple(filter(None, given.text("HANDFAST_SECRET_KEY_OLD", "").split(","))),
        hosts=tuple(dict.fromkeys(filter(None, map(str.strip, hosts)))),
        base_url=base_url,
        debug=given.flag("HANDFAST_DEBUG"),
        clock_shift=given.whole("HANDFAST_CLOCK_SHIFT", 0) * SECOND,
        log_level=given.one_of("HANDFAST_LOG_LEVEL", "info", LOG_LEVELS),
        log_format=given.one_of("HANDFAST_LOG_FORMAT", "json", LOG_FORMATS),
        metrics_token=given.text("HANDFAST_METRICS_TOKEN", ""),
        mail_url=_mail_url(given.text("HANDFAST_MAIL_URL", "")),
        mail_from=given.text("HANDFAST_MAIL_FROM", f"Handfast <handfast@{parts.hostname}>"),
        webhooks_to_private=given.flag("HANDFAST_WEBHOOKS_TO_PRIVATE"),
        demo_pause=given.whole("HANDFAST_DEMO_PAUSE", 6000, least=0) * SECOND // 1000,
        demo_leads=given.whole("HANDFAST_DEMO_LEADS", 3000, least=300),
        proxies=given.whole("HANDFAST_PROXIES", 0, least=0),
        oidc_url=oidc_url,
        oidc_client=oidc_client,
        oidc_secret=given.text("HANDFAST_OIDC_SECRET", ""),
        oidc_name=given.text("HANDFAST_OIDC_NAME", "Company sign-in"),
        demo=given.is_demo(),
        beside=given.is_beside(),
    )


class _Given:
    def __init__(self, environment: Mapping[str, str], asked: dict[str, str] | None = None) -> None:
        self._environment = environment
        self._asked = asked

    def text(self, name: str, usual: str) -> str:
        if self._asked is not None:
            self._asked[name] = usual
        file = self._environment.get(f"{name}_FILE")
        if file is None:
            return self._environment.get(name, usual)
        if name in self._environment:
            raise ConfigRefused(f"{name} and {name}_FILE are both set; only one of them can count.")
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as broken:
            raise ConfigRefused(f"{name}_FILE names {file}, which cannot be read: {broken.strerror}.") from broken

    def flag(self, name: str) -> bool:
        value = self.text(name, "no").lower()
        if value not in {"yes", "no", "true", "false", "1", "0"}:
            raise ConfigRefused(f"{name} is {value!r}; it is yes or no.")
        return value in {"yes", "true", "1"}

    def one_of(self, name: str, usual: str, words: tuple[str, ...]) -> str:
        value = self.text(name, usual).lower()
        if value not in words:
            raise ConfigRefused(f"{name} is {value!r}; it is one of {', '.join(words)}.")
        return value

    def whole(self, name: str, usual: int, *, least: int | None = None) -> int:
        value = self.text(name, str(usual))
        try:
            number = int(value)
        except ValueError:
            raise ConfigRefused(f"{name} is {value!r}; it is a whole number.") from None
        if least is not None and number < least:
            raise ConfigRefused(f"{name} is {number}; it is a whole number from {least}.")
        return number

    def listened(self) -> str:
        """The host that this web process listens on, as a request would name it; its own command says so."""
        host = self._environment.get(LISTENS, "")
        if host in _EVERYWHERE:
            return ""
        return f"[{host}]" if ":" in host else host

    def is_demo(self) -> bool:
        """Whether ``serve --demo`` started this process, or an installation whose demonstration it is."""
        return self._environment.get(DEMONSTRATION) in {"yes", BESIDE}

    def is_beside(self) -> bool:
        """Whether an installation started this process, to which its visitors go back."""
        return self._environment.get(DEMONSTRATION) == BESIDE


LISTENS = "HANDFAST_LISTENS_ON"
"""Set by ``handfast web`` for the processes that it starts; nobody else's to set."""

DEMONSTRATION = "HANDFAST_DEMONSTRATION"
"""Set by ``serve --demo`` for the processes that it starts, and taken away by ``serve``; nobody else's to set."""

BESIDE = "beside"
"""What stands there in a demonstration beside an installation."""

DATABASE_SETTINGS = ("DATABASE_URL", "DATABASE_URL_FILE")
KEPT_BESIDE = frozenset(
    f"HANDFAST_{name}" for name in ("CLOCK_SHIFT", "LOG_LEVEL", "LOG_FORMAT", "DEMO_PAUSE", "DEMO_LEADS")
)
"""What a demonstration beside an installation is told of its environment; whatever leads to data or people is not."""

_LOOPBACKS = ("127.0.0.1", "localhost", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 # compared, not listened on


def _mail_url(url: str) -> str:
    if url and not _is_address(url, MAIL_PORTS):
        raise ConfigRefused("HANDFAST_MAIL_URL is not such as smtp://user:password@mail.company.example:587.")
    return url


def _oidc_url(url: str) -> str:
    if url and not _is_address(url, ("https", "http")):
        raise ConfigRefused(f"HANDFAST_OIDC_URL is {url!r}; it is an address such as https://login.company.example.")
    return url


def _is_address(url: str, schemes: Container[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is no number, or of half an IPv6 address
        return False


MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mail_settings(url: str) -> dict[str, object]:
    """The server that takes mail, as Django's settings name it."""
    parts = urlsplit(url)
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or MAIL_PORTS.get(parts.scheme, 0),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }


def _own_key(home: Path) -> str:
    """The key kept by ``keep_key``; before that, one that lasts as long as this process."""
    file = home / "secret-key"
    return file.read_text(encoding="utf-8") if file.exists() else secrets.token_urlsafe(50)


def given_key() -> bool:
    """Whether the environment names the key, so that none has to be kept."""
    return any(name in os.environ for name in ("HANDFAST_SECRET_KEY", "HANDFAST_SECRET_KEY_FILE"))


def check_home(home: Path) -> None:
    """Make the home folder where it is missing. Raises ConfigRefused where it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as broken:
        raise ConfigRefused(f"HANDFAST_HOME is {home}, which cannot be made: {broken.strerror}.") from broken
    if not os.access(home, os.W_OK | os.X_OK):
        raise ConfigRefused(f"HANDFAST_HOME is {home}, which may not be written.")


def keep_key(home: Path) -> None:
    """Make the key of this installation when it first starts; commands that serve or work do so before anything."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(home / "secret-key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(secrets.token_urlsafe(50))


def _database(url: str, home: Path) -> dict[str, object]:
    if not url:
        return _sqlite(home / "handfast.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        if not parts.path.strip("/"):
            raise ConfigRefused(
                "DATABASE_URL names no file; it is such as sqlite:////var/lib/handfast/handfast.sqlite3."
            )
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ConfigRefused(f"DATABASE_URL begins with {parts.scheme}://; it begins with postgresql:// or sqlite:///.")
    try:
        port = parts.port
    except ValueError:
        raise ConfigRefused("DATABASE_URL has a port that is no number between 1 and 65535.") from None
    return {
        "ENGINE": "handfast_server.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": 5, **dict(parse_qsl(parts.query))},  # else Django has nothing kept prepared
    }


def _sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
        },
    }
