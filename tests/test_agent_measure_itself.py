"""What the agent reports about itself."""

import pytest

from agent.measure_itself import Itself
from agent.outbox import Totals
from contract.metrics import PROBES, Misfit, fitted

NOW = 1_795_644_600_000


@pytest.mark.parametrize(
    ("oldest", "seconds"),
    [(None, 0), (NOW - 90_500, 92), (NOW + 5_000, 0)],
    ids=["nothing waits", "by the server's clock", "from a clock that was ahead"],
)
def test_it_says_how_old_the_oldest_waiting_batch_is(oldest: int | None, seconds: int) -> None:
    told = Itself().measure(Totals(0 if oldest is None else 1, 900, oldest, 2, 1), 3, NOW, 2_000)
    assert not isinstance(fitted(PROBES["agent"], told.fields), Misfit)
    assert told.fields["outbox_age_seconds"] == seconds
    assert told.fields["lost_measurements"] == 5
