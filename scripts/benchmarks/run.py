"""Runs the rows that scripts/bench was asked for, and prints the table.

python -m scripts.benchmarks.run DAYS DEVICES ROW...
"""

import sys
from collections.abc import Callable, Mapping, Sequence

from contract.trouble import Trouble
from scripts.benchmarks import (
    agent_cost,
    board_time,
    collector_cost,
    influx_cost,
    live_page,
    school_documents,
    sentinel_cost,
    stored_bytes,
    upgrade_plan,
    visible,
)
from scripts.benchmarks.measured import Measured, Options, Tell

Row = Callable[[Options, Tell], list[Measured]]
ROWS: Mapping[str, Row] = {
    "agent": agent_cost.measure,
    "sentinel": sentinel_cost.measure,
    "collector": collector_cost.measure,
    "influx": influx_cost.measure,
    "boards": board_time.measure,
    "visible": visible.measure,
    "page": live_page.measure,
    "bytes": stored_bytes.measure,
    "plan": upgrade_plan.measure,
    "documents": school_documents.measure,
}


def main() -> int:
    options = Options(int(sys.argv[1]), int(sys.argv[2]))
    try:
        found = [entry for name in sys.argv[3:] for entry in ROWS[name](options, _tell)]
    except Trouble as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(table(found))
    return 1 if any(entry.missed for entry in found) else 0


def table(found: Sequence[Measured]) -> str:
    """One line a number: what, measured, goal, verdict, compared to."""
    head = ("what", "measured", "goal", "", "compared to")
    rows = [head, *((entry.what, entry.shown, entry.goal, entry.verdict, entry.compared) for entry in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip()
        for row in rows
    )


def _tell(sentence: str) -> None:
    print(f"... {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
