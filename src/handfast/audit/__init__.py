"""Audit of a CRM export under a contract: no server, one report."""

from handfast.audit.export import Export
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.reader import read_export

__all__ = ["Export", "ExportMapping", "FileMapping", "read_export"]
