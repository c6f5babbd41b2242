"""Parquet files are read as CSV files are; without pyarrow a sentence says what to install."""

from __future__ import annotations

import builtins
import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from handfast.audit import read_export
from handfast.audit.file import parquet
from handfast.audit.file.problem import NotATable
from handfast.audit.file.source import find_sources
from handfast.errors import ExportRefused

from .conftest import deals, stages, words

AT = dt.datetime(2026, 3, 5, 9, 30, tzinfo=dt.UTC)


def _leads(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table({"Lead ID": [1, 2, 3], "Email": ["a@x.example", "b@x.example", None], **columns}), path)
    return path


def test_types_become_the_texts_a_csv_would_hold(tmp_path: Path) -> None:
    path = _leads(
        tmp_path / "leads.parquet",
        **{
            "Created Date": pa.array([AT, None, AT], pa.timestamp("us", "Europe/Berlin")),
            "MQL Date": pa.array([AT.replace(tzinfo=None), None, None], pa.timestamp("ms")),
            "SQL Date": pa.array([dt.date(2026, 3, 7), None, None]),
            "Deleted": [False, False, True],
            "Employees": [51.0, 2.5, None],
            "Lead Source": pa.array(["Web", "Web", None]).dictionary_encode(),
        },
    )
    export = read_export([path], zone="America/New_York")
    assert export.key == ["1", "2"]
    assert stages(export) == {
        "inquiry": ["2026-03-05 09:30", ""],
        "mql": ["2026-03-05 14:30", ""],  # no zone in it: the export's
        "sql": ["2026-03-07 05:00", ""],
    }
    assert words(export.source) == ["Web", "Web"]
    assert (export.files[0].encoding, export.files[0].rows) == ("Parquet", 3)


def test_lists_decimals_and_nested_values(tmp_path: Path) -> None:
    _leads(tmp_path / "leads.parquet", **{"Created Date": ["2026-03-05"] * 3, "Notes": [{"a": 1}, None, {"a": 2}]})
    table = {"Record ID": [7], "Deal Stage": ["Closed Won"], "Deal Name": ["x"], "Amount": [Decimal("12.50")],
             "Close Date": [dt.date(2026, 3, 9)], "Associated Contact IDs": [[2, 1]]}  # fmt: skip
    pq.write_table(pa.table(table), tmp_path / "deals.parquet")
    export = read_export([tmp_path], zone="UTC")
    assert deals(export) == [("7", "1", "", "2026-03-09 00:00", 1, 1_250)]


def test_batches_and_refusals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 2)
    rows = 7
    table = {
        "Lead ID": [None if n == 4 else n for n in range(rows)],
        "Created Date": ["2026-03-05"] * rows,
        "MQL Date": [""] * rows,
    }
    pq.write_table(pa.table(table), tmp_path / "leads.parquet")
    told: list[int] = []
    export = read_export(
        [tmp_path], zone="UTC", refused_to=tmp_path / "r.csv", progress=lambda done, _: told.append(done)
    )
    assert len(export) == rows - 1
    assert "leads.parquet,5,no id that can be read" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert told[-1] == (tmp_path / "leads.parquet").stat().st_size


def test_a_packed_parquet_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = _leads(tmp_path / "leads.parquet", **{"Created Date": ["2026-03-05"] * 3})
    packed = tmp_path / "leads.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert len(read_export([packed], zone="UTC")) == 3
    monkeypatch.setattr(parquet, "LARGEST_PACKED", 10)
    with pytest.raises(ExportRefused, match="more than a gigabyte inside a packed file"):
        read_export([packed], zone="UTC")


def test_an_empty_parquet_table(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"Lead ID": pa.array([], pa.string()), "Created Date": pa.array([], pa.string())}),
        tmp_path / "leads.parquet",
    )
    with pytest.raises(ExportRefused, match="nothing under its header"):
        read_export([tmp_path], zone="UTC")


def test_a_damaged_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "leads.parquet"
    path.write_bytes(b"PAR1 and nothing that follows from it")
    with pytest.raises(ExportRefused, match="it is a damaged Parquet file"):
        read_export([path], zone="UTC")


def test_a_parquet_file_that_breaks_off(tmp_path: Path) -> None:
    path = _leads(tmp_path / "leads.parquet", **{"Created Date": ["2026-03-05"] * 3})
    (source,) = find_sources([path])
    table = parquet.open_parquet(source)
    path.write_bytes(b"PAR1")
    with pytest.raises(NotATable, match="it breaks off"):
        list(table.batches())


def test_without_pyarrow_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _leads(tmp_path / "leads.parquet")
    honest = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return honest(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExportRefused, match=r'pip install "handfast\[parquet\]"'):
        read_export([path], zone="UTC")
