"""What the cases have to show: every row of both tables, the hard cases, and traps of clocks, routing and contracts."""

from __future__ import annotations

ROWS = """
opened; qualified; accepted; accepted by implication; returned; rejected; contested; upheld; lapsed; overturned;
qualified by sales; opportunity opened; disqualified; won; lost; withdrawn;
assigned; assigned: human; assigned: give-back; assigned: manager as last resort;
re-routed: breach; re-routed: absence; re-routed: rep gone; re-routed: human; re-routed: bulk;
held; hold over; reassigned;
hand-raise again, waiting; hand-raise again, accepted; paused
"""

HARD = """
Friday-evening lead with a Monday holiday and a DST change; rep on leave or gone mid-clock;
one member left after a breach; reject, credit, re-route, reject again; recycled lead that would qualify a minute later;
auto-reply logged as a call; a form posted three times and a merge; second person at an account with an open deal;
two candidate accounts; contract amended mid-month; skipped and backward stages and an un-won deal;
300 leads in one second into a weighted pool with caps
"""

TRAPS = """
Saturday evening lead starts at the next opening; lunch breaks, overnight spans, 24:00; both DST edges;
regional and moved holidays; no open day for a month;
an untouched lead breaches by itself; breach time is the due time after two hours of outage;
two workers, one transition; a touch that lands while the breach is being written; null and sentinel deadlines;
clock running after the outcome; opening an old backlog breaches everything at once;
editing a calendar or contract restates closed clocks; reminders at midnight; reassigning to hide a breach;
KPI in wall hours against a target in business hours;
300 leads in one second into a weighted pool with caps; cap;
rep deactivated or on leave at assignment and mid-clock; everyone away; one member left after a breach;
flood on return from leave; new joiner gets everything; removed member shifts the order;
small quotas rounding to zero; credit given twice, reimbursement loops; owner of the matched account inactive;
rejected → re-routed → same rep; owner changed directly in the CRM;
recycled lead qualifies again a minute later; lead fires once and never again;
CRM back-fill starting five-minute clocks; event exactly at the expiry edge; late and out-of-order events;
same webhook twice; out of order; a day late; merge of two leads with open cycles; opt-out surviving a merge;
amended mid-month; reason removed while handoffs use it; pool removed while leads wait in it
"""


def _words(text: str, prefix: str = "") -> set[str]:
    return {prefix + " ".join(each.split()) for each in text.split(";")}


REQUIRED = frozenset(_words(ROWS) | _words(HARD, "hard: ") | _words(TRAPS, "trap: "))
