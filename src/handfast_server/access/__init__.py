"""Who may do what: one table, asked by every address of the service."""

from handfast_server.access.principal import Principal, of_user
from handfast_server.access.table import ACTIONS, Action, Scope, allowed

__all__ = ["ACTIONS", "Action", "Principal", "Scope", "allowed", "of_user"]
