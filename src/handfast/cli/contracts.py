"""Reading contract files for commands: one place that refuses with every problem shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handfast.cli.output import read_file
from handfast.errors import ContractRefused
from handfast.problem import Severity

if TYPE_CHECKING:
    from handfast.contract.model import Contract
    from handfast.measure.money import Rates


def load_contract(path: Path) -> Contract:
    """The contract of a file. Raises ContractRefused with every problem when it cannot be read."""
    from handfast.contract.load import load

    loaded = load(read_file(path), file=str(path))
    if loaded.contract is None:
        raise ContractRefused([problem for problem in loaded.problems if problem.severity is Severity.ERROR])
    return loaded.contract


def load_rates(path: Path, contract: Contract) -> Rates:
    """The rates of a file against the contract's currency. Raises RatesRefused with every problem."""
    from handfast.measure.rates import read_rates

    return read_rates(read_file(path).decode("utf-8", errors="replace"), contract.currency, file=str(path))
