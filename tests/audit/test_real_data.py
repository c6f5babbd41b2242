"""Two real exports, read by the mappings in examples/mappings: every figure comes out of rows and timestamps.

Neither export is part of this repository; the tests skip, naming what is missing, where they are not to be had.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import random
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.support.olist import WON_BY_ORIGIN

from handfast.audit import Export, read_export, read_mapping
from handfast.audit.stage import Stage
from handfast.instant import DAY, HOUR, NEVER, to_datetime

Row = dict[str, str]
LEADS, DEALS = "olist_marketing_qualified_leads_dataset.csv", "olist_closed_deals_dataset.csv"


def _read(root: Path, mapping: str, folder: Path) -> Export:
    rules = read_mapping((root / "examples" / "mappings" / mapping).read_bytes(), file=mapping)
    assert rules.problems == ()
    return read_export([folder], mapping=rules.mapping, zone="UTC")


def _folder(real_data: Path, name: str) -> Path:
    folder = real_data / name
    if not folder.is_dir():
        pytest.skip(f"the folder {name} is missing beside the other real data")
    return folder


@pytest.fixture(scope="module")
def olist(real_data: Path) -> Path:
    return _folder(real_data, "olist")


@pytest.fixture(scope="module")
def olist_export(root: Path, olist: Path) -> Export:
    return _read(root, "olist.yaml", olist)


def _by_source(export: Export) -> dict[str, tuple[int, int]]:
    """Won and all leads of each source; an empty name where there is none."""
    words = np.array([*export.source.words, ""])[export.source.codes]
    won = export.reached[Stage.WON]
    return {str(word): (int(won[words == word].sum()), int((words == word).sum())) for word in np.unique(words)}


def _days_to_won(export: Export) -> NDArray[np.float64]:
    won, inquiry = export.stage_at[Stage.WON], export.stage_at[Stage.INQUIRY]
    both = (won != NEVER) & (inquiry != NEVER)
    return np.asarray((won[both] - inquiry[both]) / DAY, dtype=np.float64)


def _months(export: Export) -> dict[str, int]:
    months = Counter(f"{to_datetime(int(at)):%Y-%m}" for at in export.stage_at[Stage.MQL] if at != NEVER)
    return dict(sorted(months.items()))


def test_olist_counts(olist_export: Export) -> None:
    export = olist_export
    assert len(export) == 8000
    assert export.reached[Stage.WON].sum() == 842
    assert [file.refused + file.duplicates for file in export.files] == [0, 0]
    assert list(_months(export)) == [f"2017-{month:02}" for month in range(6, 13)] + [
        f"2018-{month:02}" for month in range(1, 6)
    ]
    assert list(_months(export).values()) == [4, 239, 386, 312, 416, 445, 200, 1141, 1028, 1174, 1352, 1303]
    assert len(export.owner.words) == 32  # SDRs, who own the lead
    assert len(export.deals.owner.words) == 22  # SRs, who own the deal
    assert export.date_only == {"inquiry_at", "mql_at"}


def test_olist_won_by_origin(olist_export: Export) -> None:
    assert _by_source(olist_export) == {origin or "": counts for origin, counts in WON_BY_ORIGIN.items()}


def test_olist_days_to_won(olist_export: Export) -> None:
    days = _days_to_won(olist_export)
    assert round(float(np.median(days)), 3) == 14.651
    assert round(float(np.quantile(days, 0.9)), 3) == 162.589
    assert (days < 0).sum() == 1
    assert [int((days <= limit).sum()) for limit in (30, 60, 90)] == [547, 644, 691]


def _rows(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _other_leads(rows: list[Row], draw: random.Random) -> list[Row]:
    """Some rows dropped, dates moved, origins changed."""
    kept = []
    for row in rows:
        if draw.random() < 0.07:
            continue
        day = dt.date.fromisoformat(row["first_contact_date"]) + dt.timedelta(days=draw.randint(-40, 40))
        origin = draw.choice(["email", "billboard", ""]) if draw.random() < 0.2 else row["origin"]
        kept.append(row | {"first_contact_date": day.isoformat(), "origin": origin})
    return kept


def _other_deals(rows: list[Row], draw: random.Random) -> list[Row]:
    kept = []
    for row in rows:
        if draw.random() < 0.1:
            continue
        won = dt.datetime.fromisoformat(row["won_date"]) + dt.timedelta(seconds=draw.randint(0, 9_000_000))
        kept.append(row | {"won_date": f"{won:%Y-%m-%d %H:%M:%S}", "sdr_id": draw.choice(["a", "b", "c"])})
    return kept


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_olist_gives_other_and_correct_figures(root: Path, olist: Path, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    leads = _other_leads(_rows(olist / f"{LEADS}.gz"), draw)
    deals = _other_deals(_rows(olist / f"{DEALS}.gz"), draw)
    _write(tmp_path / LEADS, leads)
    _write(tmp_path / DEALS, deals)
    export = _read(root, "olist.yaml", tmp_path)

    won_on = {row["mql_id"]: dt.datetime.fromisoformat(row["won_date"]) for row in deals}
    by_origin: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    days = []
    for row in leads:
        by_origin[row["origin"]][1] += 1
        if row["mql_id"] in won_on:
            by_origin[row["origin"]][0] += 1
            first = dt.datetime.fromisoformat(row["first_contact_date"])
            days.append((won_on[row["mql_id"]] - first) / dt.timedelta(days=1))
    assert len(export) == len(leads) != 8000
    assert _by_source(export) == {origin: tuple(counts) for origin, counts in by_origin.items()}
    assert np.median(_days_to_won(export)) == pytest.approx(np.median(days), abs=1e-9)
    assert np.median(days) != pytest.approx(14.651, abs=0.01)
    assert sorted(_days_to_won(export)) == pytest.approx(sorted(days), abs=1e-9)
    assert _months(export) == dict(sorted(Counter(row["first_contact_date"][:7] for row in leads).items()))
    assert (export.deals.lead >= 0).sum() == sum(row["mql_id"] in {lead["mql_id"] for lead in leads} for row in deals)
    assert len(export.owner.words) == 3


@pytest.fixture(scope="module")
def incidents(root: Path, real_data: Path) -> Export:
    return _read(root, "incident_event_log.yaml", _folder(real_data, "uci_incident_log"))


@pytest.fixture(scope="module")
def incident_rows(real_data: Path) -> Mapping[str, list[Row]]:
    """The log by an ordinary reader: the rows of each incident in file order."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in _log(_folder(real_data, "uci_incident_log") / "incident_event_log.zip"):
        rows[row["number"]].append(row)
    return rows


def _log(path: Path) -> Iterator[Row]:
    with zipfile.ZipFile(path) as archive, archive.open("incident_event_log.csv") as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))


def test_incidents_and_their_flag(incidents: Export) -> None:
    assert len(incidents) == 24_918
    (file,) = incidents.files
    assert (file.rows, file.refused, file.duplicates, file.date_order) == (141_712, 0, 0, "dmy")
    met, stated = incidents.stated_in_time, incidents.stated_reassignments
    assert round(float(met.mean()) * 100, 2) == 63.42
    shares = [float(met[(stated == count) if count < 5 else (stated >= 5)].mean()) for count in range(6)]
    assert [round(share * 100, 2) for share in shares] == [78.39, 57.07, 39.86, 32.90, 25.18, 14.25]
    assert (stated > 0).sum() == 11_369


def _handed_over(export: Export) -> NDArray[np.int64]:
    """Changes of group of each lead, recomputed from the assignments."""
    told = export.assignments
    again = (
        (told.lead[1:] == told.lead[:-1]) & (told.pool.codes[1:] != told.pool.codes[:-1]) & (told.pool.codes[:-1] >= 0)
    )
    counts = np.zeros(len(export), dtype=np.int64)
    np.add.at(counts, told.lead[1:][again], 1)
    return counts


def test_reassignments_recomputed_from_rows(incidents: Export, incident_rows: Mapping[str, list[Row]]) -> None:
    recomputed = _handed_over(incidents)
    expected = []
    for key in incidents.key:
        groups = [row["assignment_group"] for row in incident_rows[key] if row["assignment_group"] != "?"]
        expected.append(sum(one != other for one, other in pairwise(groups)))
    assert recomputed.tolist() == expected


def test_where_the_rows_show_fewer_reassignments_than_are_stated(
    incidents: Export, incident_rows: Mapping[str, list[Row]]
) -> None:
    """14 % of incidents state more than their rows show, none fewer: the group was hidden, or it came back unseen."""
    missing = incidents.stated_reassignments - _handed_over(incidents)
    assert (missing >= 0).all()
    assert round(float((missing > 0).mean()) * 100, 2) == 14.17
    assert missing.sum() == 4_327
    hidden, unseen = 0, 0
    for key in np.array(incidents.key)[missing > 0]:
        for before, after in pairwise(incident_rows[key]):
            more = int(after["reassignment_count"]) - int(before["reassignment_count"])
            groups = (before["assignment_group"], after["assignment_group"])
            hidden += more if "?" in groups else 0
            unseen += more if "?" not in groups and groups[0] == groups[1] else 0
    assert unseen == 43  # counted between two rows of one group: it left and came back within one update
    assert hidden >= missing.sum() - unseen  # all others: counted next to a row whose group is "?"


def test_waiting_recomputed_from_rows(incidents: Export, incident_rows: Mapping[str, list[Row]]) -> None:
    opened, work, solved = (incidents.stage_at[stage] for stage in (Stage.MQL, Stage.ACCEPTED, Stage.WON))
    for row, key in enumerate(incidents.key[:3000]):
        states = [(_moment(each["sys_updated_at"]), each["incident_state"]) for each in incident_rows[key]]
        at = {
            name: min((when for when, state in states if state in some), default=NEVER) for name, some in STATES.items()
        }
        assert (work[row], solved[row]) == (at["work"], at["solved"]), key
        assert opened[row] == _moment(incident_rows[key][0]["opened_at"])
    begun = work != NEVER
    assert int(begun.sum()) == 16_808
    assert int((work[begun] < opened[begun]).sum()) == 2  # worked on before it was opened: clocks of two machines
    waited = np.where(begun, np.minimum(work, solved), solved) - opened  # to work or, without it, to the solution
    met = incidents.stated_in_time == 1
    assert [round(float(np.median(waited[rows])) / HOUR, 2) for rows in (met, ~met)] == [0.17, 4.33]
    assert [round(float(np.median((solved - opened)[rows])) / HOUR, 2) for rows in (met, ~met)] == [0.68, 191.93]


STATES = {
    "work": {"Active", "Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence"},
    "solved": {"Resolved", "Closed"},
}


def _moment(text: str) -> int:
    moment = dt.datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=dt.UTC)
    return int(moment.timestamp()) * 1_000_000


def test_the_flag_judges_closing_not_waiting(incidents: Export, incident_rows: Mapping[str, list[Row]]) -> None:
    """Why waiting and flag differ: one limit on opened-to-closed says 98 % of the flag, none on waiting does."""
    closed, waited, solved = [], [], []
    for row, key in enumerate(incidents.key):
        states = [each["incident_state"] for each in incident_rows[key]]
        done = _moment(incident_rows[key][states.index("Closed")]["sys_updated_at"]) if "Closed" in states else NEVER
        opened = int(incidents.stage_at[Stage.MQL][row])
        closed.append((done - opened) / HOUR if done != NEVER else np.inf)
        work = int(incidents.stage_at[Stage.ACCEPTED][row])
        won = int(incidents.stage_at[Stage.WON][row])
        waited.append((min(work, won) if work != NEVER else won) / HOUR - opened / HOUR)
        solved.append((won - opened) / HOUR)
    met = incidents.stated_in_time == 1
    moderate = np.array([incident_rows[key][-1]["priority"].startswith("3") for key in incidents.key])
    agreement = {name: _best(np.array(hours)[moderate], met[moderate]) for name, hours in
                 (("waiting", waited), ("solved", solved), ("closed", closed))}  # fmt: skip
    assert agreement["waiting"] < 0.75
    assert 0.89 < agreement["solved"] < 0.92
    assert agreement["closed"] > 0.975
    # And the flag turns on the row that closes the incident, days after it was solved.
    turned = Counter(
        next(row["incident_state"] for row in incident_rows[key] if row["made_sla"] == "false")
        for key in np.array(incidents.key)[~met]
    )
    assert turned == {"Closed": 9_113, "Active": 1, "Resolved": 1}


def _best(hours: NDArray[np.float64], met: NDArray[np.bool_]) -> float:
    """The share of a flag that the best single limit on some hours gets right."""
    order = np.argsort(hours)
    right = np.cumsum(np.where(met[order], 1, -1)) + (~met).sum()
    return float(max(right.max(), (~met).sum()) / len(met))
