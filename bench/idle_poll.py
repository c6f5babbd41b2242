"""What it costs to find that nothing is due, over a million leads with a due to come."""

from __future__ import annotations

from serving.place import both, hand_over, stand_up, within
from timing import measure, report

LEADS, POLLS = 1_000_000, 1_000


def main() -> None:
    if not within():
        notes = ["The worker polls twice a second. PostgreSQL's own processes are not in the CPU time."]
        report("Idle poll", both(__file__), notes=notes)
        return
    stand_up()
    from django.db import connection

    from handfast.instant import DAY
    from handfast_server.now import now
    from handfast_server.worker.sweep import sweep

    columns = "id, created_at, state, told_at, acts, due_at, email, name, company, phone, title, fit, behaviour, band"
    values = "'lead' || n, 0, '', 0, 0, %s + n, '', '', '', '', '', 0, 0, ''"
    numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
    rest = ", ".join(name for name in _others(columns))
    nothing = ", ".join("''" if name != "erased" else "false" for name in _others(columns))
    with connection.cursor() as cursor:
        fill = f"INSERT INTO leads_lead ({columns}, {rest}) {numbers} SELECT {values}, {nothing} FROM numbers"
        if connection.vendor == "sqlite":
            fill = f"{numbers} INSERT INTO leads_lead ({columns}, {rest}) SELECT {values}, {nothing} FROM numbers"
            cursor.execute(fill, [LEADS, now() + DAY])
        else:
            cursor.execute(fill, [LEADS, now() + DAY])
        cursor.execute("ANALYZE")

    def polls() -> None:
        for _ in range(POLLS):
            if sweep():
                raise SystemExit("nothing is due")

    hand_over([measure("nothing is due among 1,000,000 leads", polls, units=POLLS, reach="≤ 1")])


def _others(columns: str) -> list[str]:
    """The other columns that may not be null."""
    from handfast_server.leads.models import Lead

    named = set(columns.split(", "))
    fields = Lead._meta.concrete_fields  # noqa: SLF001 # Django's documented way to a model's columns
    return [str(field.column) for field in fields if field.column not in named and not field.null]


if __name__ == "__main__":
    main()
