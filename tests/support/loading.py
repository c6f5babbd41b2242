"""``python -m tests.support.loading STOP``: leads come and are handed over, one transaction each, until STOP exists."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from handfast_server.operate.up import up

if __name__ == "__main__":
    up()
    from tests.support.service import new_lead

    stop = Path(sys.argv[1])
    while not stop.exists():
        new_lead()
        time.sleep(0.01)  # load, and not all that a machine can do: what is tested beside it wants to run
