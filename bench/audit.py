"""`handfast audit` as a whole process, over made-up exports of 100,000 to 1,000,000 contacts and their calls."""

import csv
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from timing import command, ratio, report

from handfast.simulate import TeamPlan, demo_contracts, simulate, usual_plan
from handfast.simulate.hubspot import write_hubspot_export

PROGRAM = str(Path(sys.executable).parent / "handfast")
DRAWN = 25_000
SIZES = {"25k": 25_000, "100k": 100_000, "200k": 200_000, "1M": 1_000_000}
ASKED = {"25k", "100k"}  # "a 100k-row export": a hundred thousand rows in all, or, read harder, of contacts alone


def enlarged(small: Path, place: Path, times: int) -> Path:
    """The same export ``times`` over, every record and address a new one: drawing a million people takes longer."""
    place.mkdir()
    for source in sorted(small.glob("*.csv")):
        with (
            source.open(encoding="utf-8-sig", newline="") as read,
            (place / source.name).open("w", encoding="utf-8", newline="") as written,
        ):
            rows = list(csv.reader(read))
            csv.writer(written).writerows(copies(rows, times))
    return place


def copies(rows: list[list[str]], times: int) -> Iterator[list[str]]:
    header, *body = rows
    yield header
    ids = [place for place, name in enumerate(header) if name in {"Record ID", "Associated Contact IDs", "Contact ID"}]
    email = header.index("Email") if "Email" in header else None
    for turn in range(times):
        for row in body:
            copy = list(row)
            for place in ids:
                if place < len(copy):
                    copy[place] = f"{turn}{copy[place].zfill(9)}"
            if email is not None and email < len(copy):
                copy[email] = f"{turn}.{copy[email]}"
            yield copy


def few_acts() -> TeamPlan:
    """The usual team whose leads do little: what is timed is an export of contacts and calls."""
    return replace(usual_plan(), acts=3)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        as_file(files("handfast.simulate") / "acme-demo-2.yaml") as contract,
    ):
        place = Path(folder)
        write_hubspot_export(simulate(7, DRAWN, demo_contracts(), few_acts()), place / "small")
        figures, notes = [], []
        for label, size in SIZES.items():
            export = enlarged(place / "small", place / label, size // DRAWN)
            megabytes = sum(path.stat().st_size for path in export.glob("*.csv")) / 1e6
            rows = sum(sum(1 for _ in path.open("rb")) for path in export.glob("*.csv"))
            arguments = [PROGRAM, "audit", str(export), "--contract", str(contract), "--quiet"]
            arguments += ["--report", str(place / f"{label}.html"), "--refused", str(place / f"{label}-refused.csv")]
            reach = "≤ 5 s, ≤ 500 MB" if label in ASKED else ""
            figures.append(command(f"{label} contacts", arguments, repeat=5 if size < 1_000_000 else 3, reach=reach))
            notes.append(f"{label}: {rows:,} rows in four files, {megabytes:,.0f} MB.")
        growth = ratio(figures[2], figures[1], label="200k ÷ 100k", reach="≤ 2.2")
        report("Audit of an export", figures, ratios=[growth], notes=notes)


if __name__ == "__main__":
    main()
