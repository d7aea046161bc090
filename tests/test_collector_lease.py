"""Who may test throughput: one agent of a site at a time, whoever dies, repeats itself or comes too late."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.intake import Intake
from collector.lease import LONGEST_SECONDS, after, answer
from collector.present import Present
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import Held
from collector.subscribe import Received
from contract.messages import Lease, LeaseRequest, decode, encode
from inventory.schools import Schools

NOW = 1_800_000_000_000
MINUTE = 60_000
ASKED = LeaseRequest("pc-1", "a", 60.0)
BACK = LeaseRequest("pc-1", "a", release=True)
MINE, OTHERS = Held("pc-1", "a", NOW + MINUTE), Held("pc-2", "b", NOW + 20_000)
GRANTED, REFUSED = Lease("a", True, 60.0), Lease("a", False, 20.0, "pc-2")

TABLE = {
    "nobody holds it": (None, ASKED, MINE, GRANTED),
    "another one holds it": (OTHERS, ASKED, OTHERS, REFUSED),
    "the other's has ended": (Held("pc-2", "b", NOW), ASKED, MINE, GRANTED),
    "the same is asked for twice": (MINE, ASKED, MINE, GRANTED),
    "it asks anew after a crash": (Held("pc-1", "before", NOW + MINUTE), ASKED, MINE, GRANTED),
    "it gives it back": (MINE, BACK, None, None),
    "it gives back an earlier one": (Held("pc-1", "later", NOW + 5), BACK, Held("pc-1", "later", NOW + 5), None),
    "it gives back another one's": (OTHERS, BACK, OTHERS, None),
    "it gives back what nobody holds": (None, BACK, None, None),
    "it gives back what has ended": (Held("pc-1", "a", NOW - 1), BACK, None, None),
    "the server's clock was set back": (Held("pc-2", "b", NOW + 86_400_000), ASKED, MINE, GRANTED),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_site_has_one_holder(name: str) -> None:
    held, request, holds, told = TABLE[name]
    assert after(held, request, NOW) == holds
    assert answer(holds, request, NOW) == told


@pytest.mark.parametrize(("asked", "given_ms"), [(-5.0, 1_000), (0.0, 1_000), (1e9, int(LONGEST_SECONDS * 1000))])
def test_no_lease_is_longer_than_the_longest(asked: float, given_ms: int) -> None:
    held = after(None, LeaseRequest("pc-1", "a", asked), NOW)
    assert held == Held("pc-1", "a", NOW + given_ms)


REQUESTS = st.builds(
    LeaseRequest,
    st.sampled_from(["pc-1", "pc-2", "pc-3"]),
    st.sampled_from(["a", "b"]),
    st.floats(-10, 400),
    st.booleans(),
)


@given(st.lists(st.tuples(REQUESTS, st.integers(0, 100_000))))
def test_whatever_is_asked_no_two_agents_hold_it_at_once(asked: list[tuple[LeaseRequest, int]]) -> None:
    held, now, granted = None, NOW, dict[str, tuple[str, int]]()
    for request, later in asked:
        now += later
        held = after(held, request, now)
        told = answer(held, request, now)
        if request.release:
            if granted.get(request.agent, ("",))[0] == request.lease:
                del granted[request.agent]
        elif told is not None and told.granted:
            assert not [agent for agent, (_, until) in granted.items() if agent != request.agent and until > now]
            granted[request.agent] = request.lease, now + int(told.seconds * 1000)


class NotedLine:
    """Notes what would have been sent."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bytes]] = []

    def acknowledge(self, messages: Sequence[Received]) -> None:
        self.said.append((f"acknowledged {len(messages)}", b""))

    def publish(self, topic: str, payload: bytes, **_more: object) -> None:
        self.said.append((topic, payload))


def test_the_collector_answers_on_the_agents_own_topic_and_refuses_what_is_none(tmp_path: Path) -> None:
    state, line = State(f"sqlite:///{tmp_path}/state.db").open(), NotedLine()
    store = SqliteStore(tmp_path / "series.db").open()
    intake = Intake(store, state, line, Schools([]), Present(state, listening_since=NOW), lambda _site: None)
    topic = "sonca/v1/hoa-mai/pc-1/lease-requests"
    bad = [encode(LeaseRequest("pc-2", "b", 60.0)), encode(LeaseRequest("pc-1", "")), b"{", b'{"agent": "pc-1"}']
    payloads = [*bad, encode(ASKED), encode(BACK)]
    intake.settle([Received(topic, payload, False, 1, 1) for payload in payloads], NOW)
    [first, (where, told)] = line.said
    assert first == ("acknowledged 6", b"")
    assert (where, decode(told, Lease)) == ("sonca/v1/hoa-mai/pc-1/leases", GRANTED)
    assert state.refused_counts() == {"wrong_agent": 1, "wrong_shape": 2, "not_json": 1}
    store.close()
    state.close()


def test_it_outlives_the_collector_and_is_each_sites_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('state')}/state.db"
    first, second = State(url).open(), State(url).open()
    assert first.move_lease("hoa-mai", lambda held: after(held, ASKED, NOW)) == MINE
    first.close()
    other = LeaseRequest("pc-2", "b", 60.0)
    assert second.move_lease("hoa-mai", lambda held: after(held, other, NOW)) == MINE
    assert second.move_lease("hoa-sen", lambda held: after(held, other, NOW)) == Held("pc-2", "b", NOW + MINUTE)
    assert second.move_lease("hoa-mai", lambda held: after(held, BACK, NOW)) is None
    assert second.move_lease("hoa-mai", lambda held: after(held, other, NOW)) == Held("pc-2", "b", NOW + MINUTE)
    second.close()
