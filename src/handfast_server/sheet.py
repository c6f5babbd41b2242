"""Files for spreadsheets: lines of CSV in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

from handfast.audit.file.refused import harmless


def line(cells: Sequence[object]) -> str:
    """One line; nothing that somebody typed is taken for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()


def sheet(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """The answer that a browser keeps as a file, sent while it is written."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
