"""The demonstration tells a true story: its contract wants the leads that its own making calls good."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handfast.audit import read_export
from handfast.condition.model import Test
from handfast.contract.load import load
from handfast.simulate import draw_prospects, people, write_hubspot_export


@pytest.mark.parametrize("right", [True, False])
def test_the_contract_asks_for_the_industries_that_are_drawn_as_targets(
    root: Path, tmp_path: Path, right: bool
) -> None:
    prospects = draw_prospects(3, 300)
    contract = load((root / "src/handfast/simulate/demo-contract.yaml").read_bytes()).contract
    assert contract is not None
    assert contract.score is not None
    export = read_export(write_hubspot_export(prospects, tmp_path), zone="UTC", contract=contract)
    industry = export.attributes["industry"]
    wanted = contract.score.fit.signals["target_industry"].when
    assert isinstance(wanted, Test)
    assert isinstance(wanted.operand, frozenset | tuple)
    drawn = {str(each.number) for each in prospects if (each.industry in people.TARGET_INDUSTRIES) is right}
    rows = np.array([key in drawn for key in export.key]) & (industry.codes >= 0)
    words = {industry.words[code] for code in industry.codes[rows]}
    assert words
    assert {word in wanted.operand for word in words} == {right}
