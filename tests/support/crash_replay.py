"""Run as a program: the stored facts alone are judged again, and what stands is held against it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from handfast_server.operate.up import up

_TABLE = re.compile(r'(?:FROM|JOIN) "?(\w+)"?', re.IGNORECASE)


def replayed() -> dict[str, Any]:
    """Which tables were read before everything was judged, how much was judged, and what differs."""
    from django.db import connection

    from handfast_server.decide.replay import again, verify

    read: set[str] = set()

    def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        read.update(_TABLE.findall(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(noted):
        world = again()
    found = verify()
    assert world.facts == found.facts
    return {
        "read": sorted(read),
        "replayed": [found.facts, found.leads, found.compared],
        "differences": [[str(part) for part in each] for each in found.differences[:20]],
    }


if __name__ == "__main__":
    up()
    print(json.dumps(replayed()))  # noqa: T201 # read by the test
