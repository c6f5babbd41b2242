from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.cycle.log import Log, Seen


def test_a_log_stays_what_it_is_while_longer_ones_grow_from_it() -> None:
    short = Log([1, 2])
    long, other = short.appended(3), short.appended(4)
    assert (list(short), list(long), list(other)) == ([1, 2], [1, 2, 3], [1, 2, 4])
    assert (len(short), len(long)) == (2, 3)
    assert long.since(1) == [2, 3]
    assert short.since(1) == [2]
    assert long == Log([1, 2, 3])
    assert long != other
    assert long != [1, 2, 3]
    assert repr(other) == "Log([1, 2, 4])"


def test_a_set_of_ids_stays_what_it_is_while_larger_ones_grow_from_it() -> None:
    small = Seen(["a", "b", "a"])
    large, other = small.including("c"), small.including("d")
    assert small.including("a") is small
    assert ("c" in small, "c" in large, "c" in other, "d" in other) == (False, True, False, True)
    assert 3 not in small
    assert (len(small), len(large)) == (2, 3)
    assert list(large) == ["a", "b", "c"]
    assert large == Seen("bac")
    assert large != other
    assert large != {"a", "b", "c"}
    assert repr(small) == "Seen(['a', 'b'])"


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.integers(0, 20), st.text("abc", max_size=2)), max_size=30))
def test_every_version_keeps_its_own_content(steps: list[tuple[int, str]]) -> None:
    logs: list[tuple[Log[str], list[str]]] = [(Log(), [])]
    sets: list[tuple[Seen, set[str]]] = [(Seen(), set())]
    for place, one in steps:
        log, content = logs[place % len(logs)]
        logs.append((log.appended(one), [*content, one]))
        seen, ids = sets[place % len(sets)]
        sets.append((seen.including(one), ids | {one}))
    assert all(list(log) == content for log, content in logs)
    assert all(set(seen) == ids and len(seen) == len(ids) for seen, ids in sets)
