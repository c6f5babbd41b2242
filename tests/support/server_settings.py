"""Django's settings under test: a home folder of their own, and the database that HANDFAST_TEST_DATABASE asks for.

Pytest's own process makes the home and starts PostgreSQL, once; its workers find both in their environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.support import postgres

_WHICH = os.environ.get("HANDFAST_TEST_DATABASE", "sqlite")
if _WHICH not in {"sqlite", "postgres"}:
    raise RuntimeError(f"HANDFAST_TEST_DATABASE is {_WHICH!r}; it is sqlite or postgres.")

if "HANDFAST_TEST_HOME" not in os.environ:
    os.environ["HANDFAST_TEST_HOME"] = tempfile.mkdtemp(prefix="handfast-test-")
    atexit.register(shutil.rmtree, os.environ["HANDFAST_TEST_HOME"], ignore_errors=True)
os.environ["HANDFAST_HOME"] = os.environ["HANDFAST_TEST_HOME"]
os.environ["HANDFAST_SECRET_KEY"] = "for tests alone"  # noqa: S105 # nothing else is signed with it
os.environ.pop("DATABASE_URL", None)

if _WHICH == "postgres":
    if "HANDFAST_TEST_CLUSTER" not in os.environ:
        _cluster = postgres.start()
        atexit.register(_cluster.stop)
        os.environ["HANDFAST_TEST_CLUSTER"] = _cluster.address
    os.environ["DATABASE_URL"] = f"{os.environ['HANDFAST_TEST_CLUSTER']}/handfast"

from handfast_server.settings import *  # noqa: E402, F403 # what was set above is read by it
from handfast_server.settings import DATABASES  # noqa: E402

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
if _WHICH == "sqlite":
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(os.environ["HANDFAST_HOME"]) / "test.sqlite3")
    }  # a file: threads and processes share it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a password costs nothing here
