from __future__ import annotations

from handfast.cycle.life import ENDED, TABLE, CycleEvent, CycleState, after


def test_nothing_but_the_table_is_possible() -> None:
    for state in (None, *CycleState):
        for event in CycleEvent:
            assert after(state, event) == TABLE.get((state, event))


def test_an_ended_cycle_never_changes() -> None:
    assert {state for state in CycleState if state.ended} == ENDED
    assert not [event for state in ENDED for event in CycleEvent if after(state, event)]


def test_every_state_is_reached_and_every_event_leads_somewhere() -> None:
    assert set(TABLE.values()) == set(CycleState)
    assert {event for _, event in TABLE} == set(CycleEvent)
    assert {state for state, _ in TABLE if state is not None} == set(CycleState) - ENDED
