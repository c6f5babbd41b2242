"""The worker seals the audit log."""

from __future__ import annotations

from handfast_server.audit.seals import BATCH, try_seal
from handfast_server.worker.loops import Loop

LOOPS = (Loop("seal", lambda: try_seal() == BATCH, rest=5.0),)
