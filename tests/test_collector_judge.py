"""The state of a room, by a table of what its devices reached."""

import pytest

from collector.judge import judge
from collector.store.protocol import Reach, RoomReason, RoomState
from collector.store.state_protocol import Presence
from inventory.school import Device, Limits

DEVICES = (Device("pc-1"), Device("pc-2"))
LIMITS = Limits(loss_percent=5.0, round_trip_ms=200.0)


def reach(
    device: str, internet: str, gateway: str = "0/0", loss: float | None = None, trip: float | None = None
) -> Reach:
    reached, tries = map(int, internet.split("/"))
    gateway_reached, gateway_tries = map(int, gateway.split("/"))
    return Reach(device, 10, tries, reached, gateway_tries, gateway_reached, loss, trip)


TABLE = {
    "one device got out": ([reach("pc-1", "1/9"), reach("pc-2", "0/9")], {}, "connected", "reached"),
    "packets lost": ([reach("pc-1", "9/9", loss=5.1, trip=10.0)], {}, "degraded", "loss_high"),
    "at the limit is still fine": ([reach("pc-1", "9/9", loss=5.0, trip=200.0)], {}, "connected", "reached"),
    "slow": ([reach("pc-1", "9/9", loss=0.0, trip=200.1)], {}, "degraded", "slow"),
    "the best device counts": (
        [reach("pc-1", "9/9", loss=50.0, trip=900.0), reach("pc-2", "9/9", loss=1.0, trip=20.0)],
        {},
        "connected",
        "reached",
    ),
    "gateway fine, internet gone": ([reach("pc-1", "0/9", "3/3")], {}, "disconnected", "internet_unreachable"),
    "no gateway": ([reach("pc-1", "0/9", "0/3")], {}, "disconnected", "gateway_unreachable"),
    "nobody tried": ([reach("pc-1", "0/0")], {}, "disconnected", "not_tried"),
    "all off": ([], {"pc-1": Presence.OFFLINE}, "dark", "all_off"),
    "gone without a goodbye": ([], {"pc-1": Presence.OFFLINE, "pc-2": Presence.LOST}, "dark", "silent"),
    "someone else's device": ([reach("pc-9", "9/9")], {}, "dark", "all_off"),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_room_is_judged_by_what_its_devices_reached(case: str) -> None:
    reaches, presences, state, reason = TABLE[case]
    found = judge(DEVICES, {entry.device: entry for entry in reaches}, presences, LIMITS)
    assert (found.state, found.reason) == (RoomState(state), RoomReason(reason))


WATCHED = {
    "answers its sentinel at night": (reach("router", "0/0", "0/0"), RoomState.DARK, RoomReason.ALL_OFF),
    "tries the internet itself": (reach("router", "9/9"), RoomState.CONNECTED, RoomReason.REACHED),
}


@pytest.mark.parametrize("case", WATCHED)
def test_a_watched_device_lights_its_room_only_by_trying_the_internet_itself(case: str) -> None:
    found, state, reason = WATCHED[case]
    judgement = judge((*DEVICES, Device("router", reported_by=("pc-9",))), {"router": found}, {}, LIMITS)
    assert (judgement.state, judgement.reason) == (state, reason)


def test_a_room_without_devices_is_dark_for_that_reason() -> None:
    assert judge((), {}, {}, LIMITS).reason is RoomReason.NO_DEVICES


def test_the_numbers_of_the_sentence_come_along() -> None:
    found = judge(DEVICES, {"pc-1": reach("pc-1", "9/9", loss=12.34, trip=50.0)}, {}, LIMITS)
    assert found.evidence == {"loss_percent": 12.3, "round_trip_ms": 50.0}
    assert (found.devices_on, found.devices_reaching) == (1, 1)
