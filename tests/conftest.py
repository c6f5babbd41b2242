"""What every test shares: where things are, and how hypothesis runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.support.examples import examples
from tests.support.keeper import keep

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = ROOT.parent / "shared" / "data"

# Properties that name a number of examples name it through ``examples``: ten times as many under `make proof`.
# Derandomised: the same tree gives the same verdict. `make proof` searches on with fresh seeds.
settings.register_profile(
    "test", max_examples=examples(40), derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("proof", parent=settings.get_profile("test"), derandomize=False, max_examples=examples(100))
settings.load_profile(os.environ.get("HANDFAST_HYPOTHESIS", "test"))

LONGEST = (
    "tests/browser/test_axe_in_browser.py",
    "tests/docs/test_console_blocks.py",
    "tests/packaging/",
    "tests/properties/test_contract_fuzz.py",
    "tests/server/crash/",
)
"""Where single tests take longest: begun first, so that no core waits for one of them at the end."""


_KEPT = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_configure(config: pytest.Config) -> None:
    """Whatever tests start ends with the run, however that ends."""
    if not hasattr(config, "workerinput"):
        config.stash[_KEPT] = keep()


def pytest_unconfigure(config: pytest.Config) -> None:
    """What is left of the run is ended now."""
    if _KEPT in config.stash:
        config.stash[_KEPT].communicate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first, everything else in its order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports; skips, saying what is missing, where it is not to be had."""
    if not REAL_DATA.is_dir():
        pytest.skip("real data are not here: expected the folder shared/data beside the repository")
    return REAL_DATA
