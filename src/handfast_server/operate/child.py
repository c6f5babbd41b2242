"""``python -m handfast_server.operate.child COMMAND …``: a command of the service that ends with its parent."""

from __future__ import annotations

import sys

from handfast.cli import main
from handfast_server.config import BESIDE
from handfast_server.operate.orphan import end_with_parent
from handfast_server.operate.up import up

DEMONSTRATION = "demonstration"
"""The made-up leads that go on coming; no command, since it makes things up."""

if __name__ == "__main__":
    end_with_parent()
    if sys.argv[1:] == [DEMONSTRATION]:
        up()
        from handfast_server.demo.live import live

        live()
    elif sys.argv[1:] == [BESIDE]:
        from handfast_server.config import read
        from handfast_server.demo.alone import run

        run(read().demo_leads)
    else:
        main()
