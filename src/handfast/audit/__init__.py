"""Audit of a CRM export under a contract: no server, one report."""

from handfast.audit.export import Export
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.mapping_text import ReadMapping, read_mapping
from handfast.audit.mapping_write import write_mapping
from handfast.audit.reader import read_export

__all__ = ["Export", "ExportMapping", "FileMapping", "ReadMapping", "read_export", "read_mapping", "write_mapping"]
