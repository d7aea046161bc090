"""Where a fault most likely lies: a table of situations, and what must hold for any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.cause import Verdict, causes, verdict
from collector.store.protocol import Reach
from collector.store.state_protocol import Cause, Layer, Scope
from contract.messages import Outcome
from tests.measurements import measured


def fine(name: str) -> Verdict:
    return Verdict(name, True, True, True)


def cut(name: str) -> Verdict:
    """Does not even reach the gateway."""
    return Verdict(name, False, False, False)


def offline(name: str, *, portal: bool = False) -> Verdict:
    """Reaches the gateway, and nothing beyond."""
    return Verdict(name, True, False, portal=portal)


def nameless(name: str) -> Verdict:
    return Verdict(name, True, True, False)


def gone(name: str) -> Verdict:
    return Verdict(name, silent=True)


OFF = Verdict("off")

SITUATIONS: dict[str, tuple[dict[str, list[Verdict]], dict[str, Cause]]] = {
    "all is well": ({"a": [fine("1"), fine("2")], "b": [fine("3")]}, {}),
    "everything is off": ({"a": [OFF], "b": [OFF]}, {}),
    "one PC of a room is cut": (
        {"a": [fine("1"), cut("2")], "b": [fine("3")]},
        {"a": Cause(Layer.DEVICE, Scope.DEVICE, 1, 2, ("2",))},
    ),
    "a room is cut, its neighbour is not": (
        {"a": [cut("1"), cut("2")], "b": [fine("3")]},
        {"a": Cause(Layer.LINK, Scope.ROOM, 1, 2)},
    ),
    "no room reaches the gateway": (
        {"a": [cut("1")], "b": [cut("2")], "c": [OFF]},
        {name: Cause(Layer.GATEWAY, Scope.SCHOOL, 2, 2) for name in "ab"},
    ),
    "the only room that is on is cut": ({"a": [cut("1")], "b": [OFF]}, {"a": Cause(Layer.LINK, Scope.ROOM, 1, 1)}),
    "the line is gone for all": (
        {"a": [offline("1"), offline("2")], "b": [offline("3")]},
        {name: Cause(Layer.LINE, Scope.SCHOOL, 2, 2) for name in "ab"},
    ),
    "one room is barred from the internet": (
        {"a": [offline("1")], "b": [fine("2")], "c": [fine("3")]},
        {"a": Cause(Layer.LINE, Scope.ROOM, 1, 3)},
    ),
    "a cut room while the line is gone": (
        {"a": [cut("1")], "b": [offline("2")]},
        {"a": Cause(Layer.LINK, Scope.ROOM, 1, 2), "b": Cause(Layer.LINE, Scope.SCHOOL, 2, 2)},
    ),
    "a login page stands before all": (
        {"a": [offline("1", portal=True)], "b": [offline("2", portal=True)]},
        {name: Cause(Layer.PORTAL, Scope.SCHOOL, 2, 2) for name in "ab"},
    ),
    "names are resolved nowhere": (
        {"a": [nameless("1")], "b": [nameless("2")]},
        {name: Cause(Layer.DNS, Scope.SCHOOL, 2, 2) for name in "ab"},
    ),
    "names are resolved in the next room": (
        {"a": [nameless("1")], "b": [fine("2")]},
        {"a": Cause(Layer.DNS, Scope.ROOM, 1, 2)},
    ),
    "a room went silent, others speak": (
        {"a": [gone("1"), gone("2")], "b": [fine("3")], "c": [OFF]},
        {"a": Cause(Layer.POWER, Scope.ROOM, 1, 2)},
    ),
    "the whole school went silent": (
        {"a": [gone("1")], "b": [gone("2")]},
        {name: Cause(Layer.POWER, Scope.SCHOOL, 2, 2) for name in "ab"},
    ),
    "one PC of a room went silent": ({"a": [gone("1"), fine("2")]}, {}),
    "a gateway that answers no pings": ({"a": [Verdict("1", True, True)], "b": [Verdict("2", True, True)]}, {}),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_cause_is_found_by_comparing_with_the_neighbours(situation: str) -> None:
    rooms, expected = SITUATIONS[situation]
    assert causes(rooms) == expected


def test_a_verdict_is_made_of_what_was_reached() -> None:
    dns = measured("pc-1", "dns", 0, target="dns/system", outcome=Outcome.NAME_NOT_FOUND)
    login = measured("pc-1", "web", 0, {"captive": True}, target="internet/a", outcome=Outcome.BAD_ANSWER)
    assert verdict("pc-1", Reach("pc-1", 9, 3, 0, 1, 1), [dns, login], silent=False) == Verdict(
        "pc-1", True, False, False, portal=True
    )
    assert verdict("pc-1", None, [dns], silent=True) == Verdict("pc-1", silent=True)


def test_who_gets_out_gets_past_a_gateway_that_answers_no_pings() -> None:
    assert verdict("pc-1", Reach("pc-1", 9, 3, 1, 2, 0), [], silent=False).gateway is True
    assert verdict("pc-1", Reach("pc-1", 9, 3, 0, 0, 0), [], silent=False).gateway is None


def test_what_was_measured_blind_tells_nothing_about_names() -> None:
    blind = measured("pc-1", "dns", 0, target="dns/system", outcome=Outcome.TIMEOUT, blind=True)
    assert verdict("pc-1", Reach("pc-1", 1, 1, 0), [blind], silent=False).names is None


TOLD = st.sampled_from([True, False, None])
VERDICTS = st.builds(Verdict, st.sampled_from("abcdef"), TOLD, TOLD, TOLD, st.booleans(), st.booleans())


@given(st.dictionaries(st.sampled_from("123456"), st.lists(VERDICTS, max_size=4), max_size=6))
def test_a_cause_always_strikes_somebody_and_a_room_that_is_fine_has_none(rooms: dict[str, list[Verdict]]) -> None:
    found = causes(rooms)
    for name, cause in found.items():
        assert 1 <= cause.struck <= cause.compared
        assert (cause.scope is Scope.SCHOOL) <= (cause.struck == cause.compared > 1)
        assert any(False in (entry.gateway, entry.internet, entry.names) or entry.silent for entry in rooms[name])
    for name, verdicts in rooms.items():
        if all(entry.internet and entry.gateway and entry.names for entry in verdicts):
            assert name not in found
