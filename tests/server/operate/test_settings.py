"""Settings: each has a sentence and a row in the docs; files stand in for values; what cannot be is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast_server.config import LISTENS, SAYS, ConfigRefused, keep_key, read
from handfast_server.operate.settings_page import page


def test_every_setting_that_is_read_says_what_it_is_for() -> None:
    asked: dict[str, str] = {}
    read({}, asked=asked)
    assert set(asked) == set(SAYS)


def test_the_page_of_settings_is_what_the_code_reads(root: Path) -> None:
    assert (root / "docs/operations/settings.md").read_text(encoding="utf-8") == page(), "run: make generated"


def test_a_file_stands_in_for_a_value(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("a key in a file\n")
    assert read({"HANDFAST_SECRET_KEY_FILE": str(secret)}).secret_key == secret.read_text().strip()
    with pytest.raises(ConfigRefused, match="both set"):
        read({"HANDFAST_SECRET_KEY_FILE": str(secret), "HANDFAST_SECRET_KEY": "another"})
    with pytest.raises(ConfigRefused, match="cannot be read"):
        read({"HANDFAST_SECRET_KEY_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HANDFAST_DEBUG", "maybe", "yes or no"),
        ("HANDFAST_CLOCK_SHIFT", "1.5", "whole number"),
        ("HANDFAST_LOG_FORMAT", "xml", "json, text"),
        ("HANDFAST_BASE_URL", "ftp://handfast.example", "such as https://"),
        ("HANDFAST_BASE_URL", "http://handfast.example:port", "such as https://"),
        ("HANDFAST_MAIL_URL", "smtp://mail:port", "not such as smtp://"),
        ("HANDFAST_MAIL_URL", "smtp://[::1", "not such as smtp://"),
        ("HANDFAST_OIDC_URL", "foo", "such as https://login"),
        ("HANDFAST_PROXIES", "-1", "from 0"),
        ("HANDFAST_DEMO_PAUSE", "-1", "from 0"),
        ("DATABASE_URL", "oracle://x/y", "postgresql:// or sqlite:///"),
        ("DATABASE_URL", "postgresql://x@127.0.0.1:port/none", "no number"),
        ("DATABASE_URL", "sqlite://", "names no file"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigRefused, match=said) as refused:
        read({name: value})
    assert name in str(refused.value)


def test_further_hosts_come_to_those_by_which_it_is_reached_anyhow() -> None:
    own = ("handfast.example", "127.0.0.1", "localhost", "[::1]")
    base = {"HANDFAST_BASE_URL": "https://handfast.example"}
    assert read(base).hosts == own
    assert read({**base, "HANDFAST_HOSTS": "a.example, b.example,"}).hosts == (*own, "a.example", "b.example")
    for listened, named in (("192.0.2.7", ("192.0.2.7",)), ("2001:db8::7", ("[2001:db8::7]",)), ("0.0.0.0", ())):  # noqa: S104 # told, not listened on
        assert read({**base, LISTENS: listened}).hosts == (*own, *named)


def test_a_database_is_named_by_its_address(tmp_path: Path) -> None:
    database = read({"DATABASE_URL": "postgresql://us%40er:p%2Fw@db.example:5433/hand?sslmode=require"}).database
    assert [database[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "us@er",
        "p/w",
        "db.example",
        "5433",
        "hand",
    ]
    assert database["OPTIONS"] == {"prepare_threshold": 5, "sslmode": "require"}
    assert read({"HANDFAST_HOME": str(tmp_path)}).database["NAME"] == str(tmp_path / "handfast.sqlite3")


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keep_key(home)
    first = read({"HANDFAST_HOME": str(home)}).secret_key
    keep_key(home)
    assert read({"HANDFAST_HOME": str(home)}).secret_key == first
    assert len(first) > 50
    assert oct((home / "secret-key").stat().st_mode)[-3:] == "600"
