from __future__ import annotations

from pathlib import Path

from handfast.contract import load

GOLDEN = Path(__file__).parent.parent / "golden" / "acme-inbound.yaml"


def test_the_example_of_the_specification_loads_without_a_word() -> None:
    loaded = load(GOLDEN.read_bytes())
    assert loaded.problems == ()
    assert loaded.contract is not None
    assert loaded.contract.name == "acme-inbound"
