"""Two real exports: the figures stated with the data must come out of their rows, and other rows must give others."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.support.olist import WON_BY_ORIGIN

from handfast.audit import read_export
from handfast.audit.judge import Judged, judge
from handfast.audit.mapping_text import read_mapping
from handfast.contract.model import Contract
from handfast.instant import DAY
from handfast.measure import Board, board
from handfast.measure.value import Count, Durations, Ratio, Split, Table

Judge = Callable[[Path, str], tuple[Judged, Board]]


@pytest.fixture(scope="module")
def judge_folder(root: Path, acme: Contract) -> Judge:
    def judged(folder: Path, mapping: str) -> tuple[Judged, Board]:
        read = read_mapping((root / "examples" / "mappings" / mapping).read_text(encoding="utf-8"))
        assert read.mapping is not None, read.problems
        export = read_export(sorted(folder.iterdir()), mapping=read.mapping, zone=acme.zone, contract=acme)
        found = judge(export, acme)
        return found, board(found.columns, acme, None, found.as_of, calendars=found.calendars)

    return judged


def shares(split: Split | None) -> dict[str | None, tuple[int, int]]:
    found = {}
    for part in split or ():
        assert isinstance(part.figure, Ratio)
        found[part.word] = (part.figure.numerator.count, part.figure.denominator.count)
    return found


@pytest.fixture(scope="module")
def olist(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("olist")
    for packed in sorted((real_data / "olist").glob("*.csv.gz")):
        (folder / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return folder


def test_the_marketplace_has_the_figures_stated_with_it(olist: Path, judge_folder: Judge) -> None:
    _, scores = judge_folder(olist, "olist.yaml")
    delivered, won = scores["delivered"], scores["mql_to_won"]
    assert isinstance(delivered.figure, Count)
    assert delivered.figure.value == 8000
    assert isinstance(won.figure, Ratio)
    assert won.figure.value == Fraction(842, 8000)
    assert [part.figure.value for part in delivered.trend or () if isinstance(part.figure, Count)] == [
        *(4, 239, 386, 312, 416, 445, 200, 1141, 1028, 1174, 1352, 1303)
    ]
    assert (delivered.trend.parts[0].word if delivered.trend else None) == "2017-06"
    assert shares(won.splits["source"]) == WON_BY_ORIGIN


def test_the_marketplaces_days_to_won_are_exact(olist: Path, judge_folder: Judge) -> None:
    _, scores = judge_folder(olist, "olist.yaml")
    length = scores["cycle_length"].figure
    assert isinstance(length, Durations)
    assert (length.ended.count, length.negative.count) == (842, 1)
    values = {name: quantile.value for name, quantile in length.quantiles.items()}
    assert (values["median"] or 0) / DAY == pytest.approx(14.651, abs=5e-4)
    assert (values["p90"] or 0) / DAY == pytest.approx(162.589, abs=5e-4)
    assert [(one.label, one.records.count) for one in length.within] == [
        ("30 days", 547),
        ("60 days", 644),
        ("90 days", 691),
    ]


def test_another_marketplace_has_other_figures(olist: Path, tmp_path: Path, judge_folder: Judge) -> None:
    """Every third lead left out and every deal closed two days later: the figures follow, by an own count."""
    leads, deals = (pl.read_csv(path) for path in sorted(olist.iterdir(), reverse=True))
    leads = leads.with_row_index().filter(pl.col("index") % 3 != 0).drop("index")
    moved = deals.with_columns(
        (pl.col("won_date").str.to_datetime() + pl.duration(days=2)).dt.strftime("%Y-%m-%d %H:%M:%S")
    )
    leads.write_csv(tmp_path / "olist_marketing_qualified_leads_dataset.csv")
    moved.write_csv(tmp_path / "olist_closed_deals_dataset.csv")
    both = leads.join(moved, on="mql_id")
    days = both.select(
        (pl.col("won_date").str.to_datetime() - pl.col("first_contact_date").str.to_datetime()).dt.total_microseconds()
    ).to_series()
    _, scores = judge_folder(tmp_path, "olist.yaml")
    won, length = scores["mql_to_won"].figure, scores["cycle_length"].figure
    assert isinstance(won, Ratio)
    assert isinstance(length, Durations)
    assert (won.numerator.count, won.denominator.count) == (len(both), len(leads))
    assert length.quantiles["median"].value == round(days.median())  # type: ignore[arg-type]  # a number of microseconds
    assert length.within[0].records.count == int((days <= 30 * DAY).sum())


@pytest.fixture(scope="module")
def incidents(real_data: Path, tmp_path_factory: pytest.TempPathFactory, judge_folder: Judge) -> tuple[Judged, Board]:
    folder = tmp_path_factory.mktemp("incidents")
    with zipfile.ZipFile(
        io.BytesIO((real_data / "uci_incident_log" / "incident_event_log.zip").read_bytes())
    ) as packed:
        packed.extractall(folder)
    return judge_folder(folder, "incident_event_log.yaml")


def test_the_incidents_own_flag_and_count_come_out(incidents: tuple[Judged, Board]) -> None:
    stated = incidents[1]["stated_in_time"]
    assert isinstance(stated.figure, Ratio)
    assert stated.figure.denominator.count == 24918
    assert float(stated.figure.value or 0) == pytest.approx(0.6342, abs=5e-5)
    by_count = shares(stated.splits["stated_hand_offs"])
    found = [round(100 * top / bottom, 2) for top, bottom in by_count.values()]
    assert list(by_count) == ["0", "1", "2", "3", "4", "5+"]
    assert found == [78.39, 57.07, 39.86, 32.90, 25.18, 14.25]
    assert sum(bottom for word, (_, bottom) in by_count.items() if word != "0") == 11369


def test_hand_offs_are_counted_from_the_incidents_own_rows(incidents: tuple[Judged, Board], real_data: Path) -> None:
    """The log counts changes of group; those seen in its rows agree for six of seven, the rest it does not show."""
    found, scores = incidents
    packed = zipfile.ZipFile(real_data / "uci_incident_log" / "incident_event_log.zip")
    log = pl.read_csv(packed.read("incident_event_log.csv"), infer_schema_length=0).filter(
        pl.col("assignment_group") != "?"
    )
    order = ["number", pl.col("sys_updated_at").str.to_datetime("%d/%m/%Y %H:%M")]
    log = log.sort(order, maintain_order=True)
    changed = (pl.col("assignment_group") != pl.col("assignment_group").shift(1)).over("number").fill_null(value=False)
    counted = dict(log.group_by("number").agg(changed.sum()).iter_rows())
    ours = {key: int(turns) - 1 for key, turns in zip(found.columns.key, found.columns.turns, strict=True) if turns > 0}
    same = sum(counted[key] == hand_offs for key, hand_offs in ours.items())
    assert same / len(ours) > 0.99, "one holder at one minute can stand in either order"
    agree = scores["reassignments_agree"].figure
    assert isinstance(agree, Ratio)
    assert 0.85 < float(agree.value or 0) < 0.87


def test_the_flag_is_not_the_contracts_promise(incidents: tuple[Judged, Board]) -> None:
    """Its flag looks at resolution under targets of its own: what our working clock calls late it calls late too."""
    table = incidents[1]["stated_against_working"].figure
    assert isinstance(table, Table)
    stated, ours = table.rows.index("in time"), table.columns.index("late")
    assert table.counts[stated][ours] == 0
    assert table.counts[table.rows.index("late")][ours] > 1000
