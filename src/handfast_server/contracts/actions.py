"""Everything that can be done to drafts, versions and seats."""

from handfast_server.contracts.comments import do_comment, do_settle, do_take_back
from handfast_server.contracts.drafts import do_change, do_drop, do_propose, do_recall, do_remind, do_write
from handfast_server.contracts.signing import SETTLES, do_sign
from handfast_server.contracts.successions import do_ask_appointment, do_confirm_appointment

__all__ = [
    "SETTLES",
    "do_ask_appointment",
    "do_change",
    "do_comment",
    "do_confirm_appointment",
    "do_drop",
    "do_propose",
    "do_recall",
    "do_remind",
    "do_settle",
    "do_sign",
    "do_take_back",
    "do_write",
]
