"""docs/reference/events.md, from the table of events."""

from __future__ import annotations

from handfast_server.delivery.audiences import Audience
from handfast_server.delivery.events import EVENTS, PERSONAL, EventKind

_HEAD = """# Events

Every name that a webhook's `type` can have, and what stands in its `data` beside `lead` and `cycle`. Data hold ids,
names of the team and words of the contract; who the lead is stands in none of them: ask
`GET /api/leads/{lead}` with a token that may know. Names may be added; none changes its meaning. This page is written
from the table in `handfast_server.delivery.events`.

```json
{"type": "lead.assigned", "timestamp": "2026-11-23T09:00:00+00:00",
 "data": {"lead": "0190f0e1c2", "cycle": "0190f0e1c2/1", "rep": "lena", "pool": "home", "way": "routed",
          "assignment": "0190f0e1c2/1/a1"}}
```

An endpoint gets all of them, or those that it names; a name that ends in a dot, such as `clock.`, stands for all that
begin so. Events marked *by name* are frequent, and go only to endpoints that name them.

| event | when | data |
|---|---|---|
"""

_TAIL = """
## Audiences

`audience.entered` and `audience.left` name one of {audiences}. A lead is in one of them at most; leaving is told before
entering. `GET /api/audiences/{{audience}}` and `…/csv` list the same leads.
"""


def page() -> str:
    """The page."""
    rows = [
        f"| `{name}`{' (by name)' if kind.noisy else ''} | {kind.says} | {_data(kind)} |"
        for name, kind in EVENTS.items()
        if name not in PERSONAL or name == "endpoint.test"
    ]
    audiences = ", ".join(f"`{each.value}`" for each in Audience)
    return _HEAD + "\n".join(rows) + "\n" + _TAIL.format(audiences=audiences)


def _data(kind: EventKind) -> str:
    return ", ".join(f"`{each}`" for each in kind.data)
