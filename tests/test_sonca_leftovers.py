"""The list of processes that `sonca up` keeps: it never names a process of somebody else."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from sonca.leftovers import ProcessList


@pytest.mark.parametrize("spoil", [lambda noted: {**noted, "boot": "another"}, lambda noted: noted["processes"]])
def test_processes_of_an_earlier_run_of_the_machine_are_nobody_now(
    tmp_path: Path, spoil: Callable[[dict[str, object]], object]
) -> None:
    """After a power cut somebody else has the number, and with a clock that starts anew the same time, too."""
    noted = ProcessList(tmp_path / "processes.json")
    noted.write({"up": os.getpid()})
    assert noted.running() == {"up": psutil.Process()}
    (tmp_path / "processes.json").write_text(json.dumps(spoil(json.loads((tmp_path / "processes.json").read_text()))))
    assert noted.running() == {}
