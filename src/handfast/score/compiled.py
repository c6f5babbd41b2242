"""The kernel in machine code, where numba is installed: the same functions, compiled once for every contract."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handfast.score import kernel

WORTH_COMPILING = 300_000
"""Rows from which on the compiled kernel, once it is in the cache, gains more than its start costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The loops over rows. They take arrays where plain Python takes lists."""

    join: Callable[..., None]
    a_row_of_each: Callable[..., None]
    tally: Callable[..., None]
    place: Callable[..., None]
    put_in_time_order: Callable[..., None]
    first_passing: Callable[..., None]
    behaviour_at: Callable[..., None]


@functools.cache
def compiled() -> Compiled | None:
    """The compiled kernel, or None without numba.

    The first call costs numba's import, a third of a second; the first use of each loop a few seconds of compilation,
    which numba keeps beside this package or, where that cannot be written, in the user's cache folder.
    """
    try:
        import numba  # noqa: PLC0415 a third of a second that only large inputs are worth
        from numba.extending import register_jitable  # noqa: PLC0415 the same
    except ImportError:
        return None
    for function in kernel.INNER:
        register_jitable(**kernel.INNER_OPTIONS)(function)
    jit = functools.partial(_jitted, numba)
    return Compiled(
        join=jit(kernel.join),
        a_row_of_each=jit(kernel.a_row_of_each),
        tally=jit(kernel.tally),
        place=jit(kernel.place),
        put_in_time_order=jit(kernel.put_in_time_order),
        first_passing=jit(kernel.first_passing),
        behaviour_at=jit(kernel.behaviour_at),
    )


def _jitted(numba: Any, function: Callable[..., None]) -> Callable[..., None]:
    options = kernel.LOOP_OPTIONS
    try:
        return numba.njit(cache=True, **options)(function)  # type: ignore[no-any-return] # numba has no types
    except RuntimeError:  # no folder can be written: compile anew each time
        return numba.njit(**options)(function)  # type: ignore[no-any-return] # numba has no types


def loops_for(rows: int, *, fast: bool | None = None) -> Compiled | None:
    """The compiled loops if they are wanted for so many rows (``fast``: whatever the number) and can be had."""
    if fast is None:
        fast = rows >= WORTH_COMPILING
    return compiled() if fast else None
