"""What it costs to find that nothing is due, over a million leads with a due to come."""

from __future__ import annotations

from serving.million import COUNT, fill_leads
from serving.place import on_both
from timing import Figure, measure

POLLS = 1_000


def main() -> None:
    on_both("Idle poll", measured, notes=["The worker polls twice a second."])


def measured() -> list[Figure]:
    """A thousand polls a run."""
    fill_leads()
    from handfast_server.worker.sweep import sweep

    def polls() -> None:
        for _ in range(POLLS):
            if sweep():
                raise SystemExit("nothing is due")

    return [measure(f"nothing is due among {COUNT:,} leads", polls, units=POLLS, reach="≤ 1", waits=True)]


if __name__ == "__main__":
    main()
