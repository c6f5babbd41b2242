"""Whatever stands in a file: problems in words, never a traceback, never a hang, never much memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import PROOF, examples
from tests.support.hostile import GOOD, costly, mutant

from handfast.contract import load
from handfast.contract.load import MOST_PROBLEMS
from handfast.problem import Severity

# Seconds of CPU a text may cost. A tracer that follows branches costs a multiple of its own.
LONGEST = 1.0 if sys.gettrace() is None else 5.0
LARGEST = 100  # MB a process that reads texts may grow by

COSTLY = dict(costly())


def read(text: bytes) -> bool:
    """Load a text, look at what is told, and say whether it came to a contract."""
    started = time.process_time()
    loaded = load(text, file="contract.yaml")
    cost = time.process_time() - started
    assert cost <= LONGEST
    assert len(loaded.problems) <= 2 * MOST_PROBLEMS + 1
    refused = any(problem.severity is Severity.ERROR for problem in loaded.problems)
    assert (loaded.contract is None) == refused
    for problem in loaded.problems:
        shown = str(problem)
        assert shown.isprintable() or "\u2026" in shown, shown
        assert len(problem.message) < 400, shown
        assert problem.message.endswith("."), shown
        assert problem.mark is None or (problem.mark.line >= 1 and problem.mark.column >= 1)
    return loaded.contract is not None


def test_what_is_mutated_is_good() -> None:
    assert all(read(text) for text in GOOD)


@given(st.integers(0, 2**64 - 1))
@settings(max_examples=examples(150))
def test_a_good_contract_changed_at_random_is_read_or_refused(seed: int) -> None:
    read(mutant(seed))


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_refused(text: bytes) -> None:
    assert not read(text)


@given(st.text(alphabet=list("ab:-[]{},#&*!|>'\"%@`? \n\t~<.=0"), max_size=200))
def test_any_play_with_the_signs_of_yaml_is_refused(text: str) -> None:
    assert not read(text.encode())


@pytest.mark.parametrize("name", COSTLY)
def test_no_text_is_dear(name: str) -> None:
    read(COSTLY[name])


COST = """
import resource, sys, time
from handfast.example import check
from tests.support.hostile import GOOD, costly, mutant
assert sys.gettrace() is None
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024**2 if sys.platform == "darwin" else 1024)
texts = {**dict(costly()), **{f"mutant {seed}": mutant(seed) for seed in range(int(sys.argv[1]))}}
for text in GOOD:
    check(text)
before, dearest = peak(), (0.0, "")
for name, text in texts.items():
    started = time.process_time()
    check(text)
    dearest = max(dearest, (time.process_time() - started, name))
print(*dearest, peak() - before, sep="|")
"""


def test_no_text_is_dear_to_check(root: Path) -> None:
    """Read, checked as a whole and tried on its examples, in a process that nothing traces; one that hangs is ended."""
    done = subprocess.run(
        [sys.executable, "-c", COST, str(examples(60))],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=120 if not PROOF else 1200,
    )
    seconds, name, grown = done.stdout.split("|")
    assert float(seconds) <= 1, name
    assert int(grown) <= LARGEST


GROWTH = """
import resource, sys
from handfast.contract import load
from tests.support.hostile import GOOD, costly, mutant
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024**2 if sys.platform == "darwin" else 1024)
texts = [text for _, text in costly()] + [mutant(seed) for seed in range({mutants})]
for text in GOOD:
    load(text)
before = peak()
for text in texts:
    load(text)
print(peak() - before)
"""


def growth(root: Path, mutants: int) -> int:
    """MB by which a process of its own grows over every costly text and some mutants."""
    done = subprocess.run(
        [sys.executable, "-c", GROWTH.format(mutants=mutants)], cwd=root, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.proof
def test_a_hundred_thousand_mutants() -> None:
    good = sum(read(mutant(seed)) for seed in range(100_000))
    print(f"100,000 mutants read: {good:,} are still contracts, the rest was refused in words")  # noqa: T201 the proof's record
    assert good > 1_000


@pytest.mark.proof
def test_ten_thousand_mutants_take_no_memory(root: Path) -> None:
    grown = growth(root, mutants=10_000)
    print(f"10,000 mutants and {len(COSTLY)} costly texts grew a process by {grown} MB")  # noqa: T201 the proof's record
    assert grown <= LARGEST
