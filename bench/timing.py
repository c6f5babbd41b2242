"""How every script here measures: CPU time, medians of five, ratios taken in one run, raw runs shown.

    from timing import command, measure, race, ratio, report

    ours, theirs = race({"handfast": ours_once, "peer": peer_once}, units=1000)
    report("Business time", [ours, theirs], ratios=[ratio(theirs, ours)], notes=["units: one call of add"])

A script prints Markdown; with ``--json`` it prints the same as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

Work = Callable[[], object]

# A program is started from a small interpreter: the system counts the memory of whoever starts one as its own.
_START = """
import os, sys, time
quiet = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[quiet])
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one piece of work cost: CPU and wall milliseconds per unit of work, one value a run."""

    label: str
    units: int  # of work in one run
    cpu_ms: tuple[float, ...]
    wall_ms: tuple[float, ...]
    reach: str = ""  # what performance.md asks for
    peak_mb: float | None = None  # resident memory, where a process of its own was measured
    waits: bool = False  # the reach is of the time that passes, which others' work is part of

    @property
    def cpu(self) -> float:
        """Median CPU milliseconds per unit."""
        return statistics.median(self.cpu_ms)

    @property
    def wall(self) -> float:
        """Median wall milliseconds per unit."""
        return statistics.median(self.wall_ms)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times one figure is of another: the median over pairs of runs made side by side."""

    label: str
    pairs: tuple[float, ...]
    reach: str = ""

    @property
    def median(self) -> float:
        """The median of the pairs."""
        return statistics.median(self.pairs)


def measure(
    label: str,
    work: Work,
    *,
    repeat: int = 5,
    units: int = 1,
    reach: str = "",
    warm: bool = True,
    waits: bool = False,
) -> Figure:
    """Run ``work`` ``repeat`` times, after one run that is not counted unless ``warm`` is false."""
    return replace(race({label: work}, repeat=repeat, units=units, reach={label: reach}, warm=warm)[0], waits=waits)


def race(
    works: Mapping[str, Work],
    *,
    repeat: int = 5,
    units: int | Mapping[str, int] = 1,
    reach: Mapping[str, str] | None = None,
    warm: bool = True,
) -> list[Figure]:
    """Run several works in turn, round after round, so that what disturbs one disturbs all.

    Works may differ in how many units one run of them is: a peer a thousand times slower is given fewer.
    """
    sizes = units if isinstance(units, Mapping) else dict.fromkeys(works, units)
    if warm:
        for work in works.values():
            work()
    runs: dict[str, list[tuple[float, float]]] = {label: [] for label in works}
    for _ in range(repeat):
        for label, work in works.items():
            runs[label].append(_once(work, sizes[label]))
    asked = reach or {}
    return [
        Figure(
            label, sizes[label], tuple(cpu for cpu, _ in pairs), tuple(wall for _, wall in pairs), asked.get(label, "")
        )
        for label, pairs in runs.items()
    ]


def command(
    label: str,
    arguments: Sequence[str],
    *,
    repeat: int = 5,
    units: int = 1,
    reach: str = "",
    accept: Sequence[int] = (0,),
) -> Figure:
    """Run a program ``repeat`` times: its own and its children's CPU, and the most memory it held.

    Raises RuntimeError, with what it said, when it ends with a code that is not in ``accept``.
    """
    runs = [_program(arguments, accept) for _ in range(repeat)]
    cpu = tuple(cpu / units for cpu, _, _ in runs)
    wall = tuple(wall / units for _, wall, _ in runs)
    return Figure(label, units, cpu, wall, reach, max(peak for _, _, peak in runs))


def ratio(of: Figure, to: Figure, *, label: str = "", reach: str = "") -> Ratio:
    """``of`` ÷ ``to`` in CPU time, run by run; both from one ``race``."""
    pairs = tuple(mine / other for mine, other in zip(of.cpu_ms, to.cpu_ms, strict=True))
    return Ratio(label or f"{of.label} ÷ {to.label}", pairs, reach)


def report(title: str, figures: Sequence[Figure], *, ratios: Sequence[Ratio] = (), notes: Sequence[str] = ()) -> None:
    """Print the table of one script, as Markdown or, with ``--json`` on the command line, as JSON."""
    if "--json" in sys.argv[1:]:
        print(json.dumps(_document(title, figures, ratios, notes), indent=2))
        return
    print(f"### {title}\n\n{machine()}\n")
    print("| work | reach | CPU ms a unit, median | wall ms | peak MB | raw runs, CPU ms |")
    print("|---|---|---|---|---|---|")
    for figure in figures:
        peak = "" if figure.peak_mb is None else f"{figure.peak_mb:.0f}"
        reach = _verdict(figure.reach, figure.wall if figure.waits else figure.cpu, figure.peak_mb)
        row = (figure.label, reach, _number(figure.cpu), _number(figure.wall), peak, _numbers(figure.cpu_ms))
        print("| " + " | ".join(row) + " |")
    if ratios:
        print("\n| ratio, in one run | reach | median | pairs |\n|---|---|---|---|")
    for each in ratios:
        print(
            f"| {each.label} | {_verdict(each.reach, each.median)} | {_number(each.median)} | {_numbers(each.pairs)} |"
        )
    for note in notes:
        print(f"\n{note}")


SHORT = " **short**"
"""What stands behind a reach that was not reached; the record of all timings lists those lines first."""

_LIMIT = re.compile(r"(?:≤ )?([0-9.]+) ?(MB|ms|s)?")


def _verdict(reach: str, found: float, peak_mb: float | None = None) -> str:
    """What was asked for, and whether it was missed: ``≤ 5 s, ≤ 500 MB``; milliseconds where no unit is said."""
    for amount, unit in _LIMIT.findall(reach.partition("(")[0]):
        measured = peak_mb if unit == "MB" else found
        if measured is not None and measured > float(amount) * (1000 if unit == "s" else 1):
            return reach + SHORT
    return reach


def machine() -> str:
    """One line that names the machine, the interpreter, and how busy the machine was."""
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory_gib():.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _once(work: Work, units: int) -> tuple[float, float]:
    """CPU and wall milliseconds per unit of one run."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu * 1000 / units, wall * 1000 / units


def _program(arguments: Sequence[str], accept: Sequence[int]) -> tuple[float, float, float]:
    """CPU ms, wall ms and peak MB of one run of a program."""
    starter = [sys.executable, "-I", "-S", "-c", _START, *arguments]
    done = subprocess.run(starter, capture_output=True, text=True, check=False)
    code, cpu, wall, peak = done.stdout.split() if done.returncode == 0 else ("127", "0", "0", "0")
    if int(code) not in accept:
        raise RuntimeError(f"{arguments[0]} ended with {code}: {done.stderr[-2000:]}")
    return float(cpu) * 1000, float(wall) * 1000, float(peak) / 1024


def _document(
    title: str, figures: Sequence[Figure], ratios: Sequence[Ratio], notes: Sequence[str]
) -> dict[str, object]:
    """The report as plain values."""
    return {
        "title": title,
        "machine": machine(),
        "figures": [{**asdict(figure), "cpu": figure.cpu, "wall": figure.wall} for figure in figures],
        "ratios": [{**asdict(each), "median": each.median} for each in ratios],
        "notes": list(notes),
    }


def _number(value: float) -> str:
    """Three significant digits."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(_number(value) for value in values)


def _processor() -> str:
    """The processor's model, where the system tells."""
    lines = _lines("/proc/cpuinfo")
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unnamed")


def _memory_gib() -> float:
    """All the machine's memory, or 0 where the system does not tell."""
    total = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return int(total) / 2**20


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
