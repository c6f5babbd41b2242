"""What an export cannot tell, and why: the sentence that stands where a measure would."""

from __future__ import annotations

import numpy as np

from handfast.audit.export import Export
from handfast.audit.judge.judged import Origin
from handfast.audit.judge.stages import SAID, Stages
from handfast.contract.model import Contract
from handfast.instant import NEVER
from handfast.measure.columns import Coded, CycleColumns


def why_absent(
    export: Export, contract: Contract, stages: Stages, columns: CycleColumns, origin: Coded
) -> dict[str, str]:
    """By what a measure needs, why this export does not have it."""
    found = _stages(stages, columns)
    if len(origin.codes) and (origin.codes == origin.words.index(Origin.ASSUMED.value)).all():
        found["delivery"] = "Every lead of the export counts as delivered; it does not tell delivery from arrival."
    if "opportunity" in stages.stated and not _some_not_won(export, columns):
        what = "deals" if len(export.deals.lead) else "opportunities"
        found["opportunity"] = f"The export knows only of {what} that were won; how many were opened it does not say."
    if (columns.inquiry_at == NEVER).all():
        found["inquiry"] = "The export does not say when leads came in."
    if (columns.raised_at == NEVER).all():
        found["raised"] = "The export does not hold the activities that qualified a lead."
    if not len(export.touches.lead) and (export.first_touch_at == NEVER).all():
        found["first_touch"] = (
            "The export holds no calls, e-mails or meetings of sales and no date of first contact. "
            "Without them it cannot be said whether anybody was touched."
        )
    for clock in ("first_touch", "decision", "working"):
        if (getattr(columns, f"{clock}_due_at") == NEVER).all():
            found[f"{clock}_due"] = "The export holds no instant from which this promise could be counted."
    if contract.definitions.icp is None:
        found["icp"] = "The contract does not define an ideal customer."
    elif (columns.icp < 0).all():
        found["icp"] = "The export knows nothing of what the definition of an ideal customer reads."
    return found | _others(export, columns)


def _some_not_won(export: Export, columns: CycleColumns) -> bool:
    """Whether the export shows an opportunity that was not won, be it a deal that is tied to no lead."""
    opened, won = columns.happened("opportunity"), columns.happened("won")
    return bool((export.deals.won != 1).any()) or bool((opened & ~won).any())


def _stages(stages: Stages, columns: CycleColumns) -> dict[str, str]:
    found = {
        stage: f"The export never says that a lead was {said}."
        for stage, said in SAID.items()
        if stage not in stages.stated and stage != "qualified"
    }
    if not columns.happened("qualified").any():
        found["qualified"] = "No lead of the export was delivered to sales."
    if {"rejected", "disqualified"} & stages.stated:
        found.pop("rejected", None)
        found.pop("disqualified", None)
    return found


NO_EXPORT_HAS = {
    "clocks": "An export has no clocks of its own. Promises kept and broken are shown as follow-up compliance, "
    "decided in time and concluded in time.",
    "contested": "The export does not tell a contested rejection from another.",
    "recycled": "Every lead of the export is one cycle; whether one came back it does not say.",
    "roster": "The export does not know who was to work how many leads.",
    "spend": "The export does not say what was spent.",
}
"""What an export of leads and deals never tells."""


def _others(export: Export, columns: CycleColumns) -> dict[str, str]:
    found = dict(NO_EXPORT_HAS)
    if (columns.contact_at == NEVER).all():
        found["contact"] = "The export does not tell a conversation from an attempt."
    if columns.touches is None:
        found["touches"] = "The export holds no single calls, e-mails or meetings with their instants."
    if columns.activities is None:
        found["activities"] = "The export holds no activities of leads, so nothing can be said of their part in a deal."
    if not columns.reason.words:
        found["reason"] = "The export gives no reasons."
    if not len(export.assignments.lead) or (columns.turns < 0).all():
        found["turns"] = "The export does not say when leads were assigned."
    if (export.stated_in_time < 0).all():
        found["stated_in_time"] = "The export carries no flag of its own that says whether a promise was kept."
    if (export.stated_reassignments < 0).all():
        found["stated_reassignments"] = "The export does not count reassignments itself."
    deals = columns.opportunities
    if deals is None:
        found["opportunities"] = "The export holds no deals."
    elif not np.any(deals.amount):
        found["amount"] = "No deal of the export has an amount in the contract's currency."
    return found
