"""bench/score.c, built with gcc -O2 and called in this process, so that it sees our arrays and is timed as we are."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handfast.condition import Condition, ValueType, tests_in
from handfast.condition.columns import Column, answers, column_of
from handfast.score.columns import attribute_columns
from handfast.score.kernel import HUGE
from scoring.workload import END, KINDS, READS, Integers, Workload


class CWork(ctypes.Structure):
    """``Work`` of score.c."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("signals", "leads", "rows", "kinds", "fits", "outs")),
        *((name, ctypes.c_int64) for name in ("fit_low", "fit_high", "low", "high", "bar_total", "bar_fit")),
        *((name, ctypes.c_int64 * 32) for name in ("points", "keep", "expires", "percent", "every", "fit_points")),
        *((name, ctypes.c_void_p * 32) for name in ("fit_codes", "out_codes", "fit_holds", "out_holds")),
        *((name, ctypes.c_void_p * 32) for name in ("property", "matched")),
        *((name, ctypes.c_void_p) for name in ("lead", "kind", "at")),
    ]


class CProgram:
    """score.c, compiled, with the workload in its own tables."""

    def __init__(self, work: Workload, folder: str) -> None:
        library = f"{folder}/score.so"
        source = Path(__file__).parents[1] / "score.c"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, str(source)], check=True)
        self.library, self.leads = ctypes.CDLL(library), work.leads
        self.kept: list[NDArray[Any]] = []  # arrays that C points into
        self.work = CWork()
        self.fill(work)

    def pointer(self, array: NDArray[Any]) -> int:
        self.kept.append(np.ascontiguousarray(array))
        return self.kept[-1].ctypes.data

    def fill(self, work: Workload) -> None:
        c, score, known = self.work, work.contract.score, attribute_columns(work.table, work.known)
        c.leads, c.rows, c.kinds = work.leads, len(work.activities.at), len(KINDS)
        c.fit_low, c.fit_high, c.low, c.high = -HUGE, 6000, -HUGE, 8000
        c.bar_total, c.bar_fit = 7000, 2000
        for place, fit in enumerate(score.fit.signals.values()):
            c.fit_points[place] = fit.points
            c.fit_codes[place], c.fit_holds[place] = self.lookup(fit.when, known)
        for place, out in enumerate(work.contract.definitions.mql.unless.values()):
            c.out_codes[place], c.out_holds[place] = self.lookup(out.when, known)
        c.fits, c.outs = len(score.fit.signals), len(work.contract.definitions.mql.unless)
        for place, signal in enumerate(score.behaviour.signals.values()):
            c.points[place], c.keep[place] = signal.points, signal.most_recent or 0
            c.expires[place] = signal.expires or 0
            if signal.fades:
                c.percent[place], c.every[place] = signal.fades.percent, signal.fades.every
        c.signals = len(score.behaviour.signals)
        self.fill_matches(work)
        c.lead, c.at = self.pointer(work.activities.lead), self.pointer(work.activities.at)
        c.kind = self.pointer(work.activities.kind.codes)

    def lookup(self, when: Condition, columns: dict[str, Column]) -> tuple[int, int]:
        """A condition of one test as codes and a table over them."""
        (test,) = tests_in(when)
        column = columns[test.name]
        return self.pointer(column.codes), self.pointer(np.roll(answers(test, column.values), 1).astype(np.uint8))

    def fill_matches(self, work: Workload) -> None:
        for place, kind in enumerate(KINDS):
            read = work.activities.properties.get(READS.get(kind, ""))
            words = () if read is None else read.words
            bits = np.zeros(len(words) + 1, dtype=np.uint32)
            for bit, signal in enumerate(work.contract.score.behaviour.signals.values()):
                if signal.on == kind:
                    bits |= self.matches(signal.when, words) << np.uint32(bit)
            self.work.matched[place] = self.pointer(bits)
            self.work.property[place] = None if read is None else self.pointer(read.codes)

    def matches(self, when: Condition | None, words: tuple[str, ...]) -> NDArray[np.uint32]:
        if when is None:
            return np.ones(len(words) + 1, dtype=np.uint32)
        (test,) = tests_in(when)
        column = column_of(np.zeros(0, dtype=np.int32), words, ValueType.TEXT)
        return np.roll(answers(test, column.values), 1).astype(np.uint32)

    def first_passing(self, *, skipping: bool = True) -> Integers:
        first = np.empty(self.leads, dtype=np.int64)
        self.library.first_passing(
            ctypes.byref(self.work), ctypes.c_int64(skipping), ctypes.c_void_p(first.ctypes.data)
        )
        return first

    def behaviour_at(self) -> Integers:
        found = np.empty(self.leads, dtype=np.int64)
        self.library.behaviour_at(ctypes.byref(self.work), ctypes.c_int64(END), ctypes.c_void_p(found.ctypes.data))
        return found
