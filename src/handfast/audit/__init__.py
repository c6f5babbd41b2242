"""Audit of a CRM export under a contract: no server, one report."""
