"""Writes late and repeated measurements into a store and seals in between, for ever: a process to be killed.

python -m tests.sealing_process FOLDER SEED
"""

import random
import sys
from pathlib import Path

from collector.store.protocol import DAY_MS, SLICE_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from tests.measurements import START, measured

DEVICES, DAYS, BATCH = 4, 3, 30
NOW = START + 9 * DAY_MS


def everything() -> list[StoredMeasurement]:
    """All that is ever measured, in the order of its numbers."""
    return [
        measured(f"pc-{device}", "host", at, {"cpu_percent": at / SLICE_MS, "uptime_seconds": at // 1_000})
        for at in range(0, DAYS * DAY_MS, SLICE_MS)
        for device in range(DEVICES)
    ]


def main() -> None:
    folder, chance = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
    store, all_of_it = SqliteStore(folder / "series.db").open(), everything()
    with (folder / "noted.txt").open("a") as notes:
        print("it runs", flush=True)
        while True:
            numbers = chance.sample(range(len(all_of_it)), BATCH)
            store.write([all_of_it[number] for number in numbers])
            notes.write(" ".join(map(str, numbers)) + "\n")
            notes.flush()
            store.roll_up(NOW)
            store.seal(chance.choice([0, 0.002, 0.01]))


if __name__ == "__main__":
    main()
