"""Reading contract files for commands: one place that refuses with every problem shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handfast.cli.output import read_file
from handfast.errors import ContractRefused
from handfast.problem import Severity

if TYPE_CHECKING:
    from handfast.contract.model import Contract


def load_contract(path: Path) -> Contract:
    """The contract of a file. Raises ContractRefused with every problem when it cannot be read."""
    from handfast.contract.load import load

    loaded = load(read_file(path), file=str(path))
    if loaded.contract is None:
        raise ContractRefused([problem for problem in loaded.problems if problem.severity is Severity.ERROR])
    return loaded.contract
