"""What follows from what is stated: contact accepts, a refusal has the right name, skipped stages are stamped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handfast.audit.judge.stages import Stages
from handfast.audit.judge.touches import Touched
from handfast.contract.model import Contract, Verb
from handfast.instant import NEVER
from handfast.measure.columns import Coded
from handfast.measure.question import Mask


@dataclass(frozen=True, slots=True)
class Declined:
    """Leads whose refusal the export calls by the other name."""

    to_disqualified: Mask
    to_rejected: Mask


def accept_by_contact(stages: Stages, touches: Touched) -> Mask:
    """A two-way contact accepts by implication, at its instant, a lead not accepted before; returns those.

    A lead accepted at an instant that nobody knows was accepted by then, at the latest.
    """
    stated = stages.at["accepted"]
    contact = touches.contact_at
    earlier = (contact != NEVER) & ((stated == NEVER) | (contact < stated))
    only: Mask = earlier & (stated == NEVER) & ~stages.undated["accepted"]
    stages.inferred["accepted"] |= earlier & stages.undated["accepted"]
    stages.at["accepted"] = np.where(earlier, contact, stated)
    stages.undated["accepted"] &= ~earlier
    if touches.contact_by_day.any():
        stages.by_day["accepted"] = np.where(earlier, touches.contact_by_day, stages.by_day.get("accepted", False))
    if only.any():
        stages.stated.add("accepted")
    return only


def settle_declined(stages: Stages, touches: Touched, reason: Coded, contract: Contract) -> Declined:
    """Call a refusal what it is: rejection before acceptance, disqualification after (vocabulary.md).

    A lead rejected after it was accepted was disqualified. One disqualified with nothing to show that sales had taken
    it on, neither a stage nor contact nor a reason that only disqualifies, was rejected.
    """
    taken = stages.happened("accepted") | stages.happened("sql") | stages.happened("opportunity")
    rejected_at, accepted_at = stages.at["rejected"], stages.at["accepted"]
    in_order = (accepted_at == NEVER) | (rejected_at == NEVER) | (accepted_at <= rejected_at)
    to_disqualified = stages.happened("rejected") & stages.happened("accepted") & in_order
    stages.move("rejected", "disqualified", to_disqualified)
    shown = taken | (touches.contact_at != NEVER) | _only_disqualifies(reason, contract)
    to_rejected: Mask = stages.happened("disqualified") & ~shown & ~to_disqualified
    stages.move("disqualified", "rejected", to_rejected)
    return Declined(to_disqualified, to_rejected)


def _only_disqualifies(reason: Coded, contract: Contract) -> Mask:
    verbs = [word in contract.reasons and contract.reasons[word].verb is Verb.DISQUALIFY for word in reason.words]
    found: Mask = np.array([*verbs, False], np.bool_)[reason.codes]
    return found


def skipped(stages: Stages) -> None:
    """Stamp the stages that a delivered lead skipped with the next one that it reached, and mark them inferred.

    On a lead that was never delivered a deal is only attached; nothing follows from it (semantics.md).
    """
    delivered = stages.happened("qualified")
    stages.infer("opportunity", ("won", "lost"), delivered)
    stages.infer("sql", ("opportunity",), delivered)
    stages.infer("accepted", ("sql", "disqualified"), delivered)
