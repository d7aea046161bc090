"""What is stored of a payload, what is refused, and that no payload can break the collector."""

import dataclasses
import json
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.accept import FUTURE_MS, accept_batch, decode_fast
from collector.store.protocol import StoredMeasurement
from contract.messages import BadMessage, Batch, Measurement, Outcome, decode, encode
from contract.topics import Channel, Topic

NOW = 1_800_000_000_000
TOPIC = Topic("hoa-mai", "pc-1", Channel.MEASUREMENTS)
GOOD = Measurement("host", NOW - 5_000, Outcome.OK, "", 1.5, {"cpu_percent": 12.34})
BATCH = Batch("pc-1", "boot-1", 7, (GOOD,), clock_offset_ms=1_000)


def only_itself(topic: Topic, device: str) -> bool:
    return topic.agent == device


def test_it_stores_a_good_batch_in_the_servers_time() -> None:
    accepted = accept_batch(TOPIC, encode(BATCH), NOW, only_itself)
    assert accepted.measurements == [
        StoredMeasurement("hoa-mai", "pc-1", "host", "", NOW - 4_000, Outcome.OK, 1.5, {"cpu_percent": 12.34})
    ]
    assert (accepted.boot, accepted.sequence, accepted.settled, accepted.newest) == ("boot-1", 7, True, NOW - 4_000)


def test_a_compressed_batch_is_the_same() -> None:
    plain = accept_batch(TOPIC, encode(BATCH), NOW, only_itself)
    assert accept_batch(TOPIC, encode(BATCH, compress=True), NOW, only_itself) == plain


def test_without_a_known_clock_error_times_are_uncertain_and_move_nothing() -> None:
    accepted = accept_batch(TOPIC, encode(dataclasses.replace(BATCH, clock_offset_ms=None)), NOW, only_itself)
    [stored] = accepted.measurements
    assert (stored.taken_at, stored.uncertain, accepted.newest) == (NOW - 5_000, True, 0)


def test_unknown_fields_of_newer_agents_are_left_out_and_counted() -> None:
    newer = dataclasses.replace(GOOD, fields={"cpu_percent": 1.0, "cpu_mood": "fine"})
    accepted = accept_batch(TOPIC, encode(dataclasses.replace(BATCH, measurements=(newer, newer))), NOW, only_itself)
    assert accepted.unknown_fields == 2
    assert [entry.fields for entry in accepted.measurements] == [{"cpu_percent": 1.0}] * 2


BAD_MEASUREMENTS = {
    "unknown_probe": {"probe": "mood"},
    "wrong_type": {"fields": {"cpu_percent": "high"}},
    "out_of_range": {"fields": {"cpu_percent": 101.0}},
    "not_its_device": {"device": "pc-2"},
    "bad_target": {"target": "x" * 121},
    "bad_time": {"taken_at": -5_000},
    "time_in_future": {"taken_at": NOW + FUTURE_MS},
    "bad_duration": {"duration_ms": -1.0},
}


@pytest.mark.parametrize("reason", BAD_MEASUREMENTS)
def test_one_bad_measurement_is_refused_and_the_rest_stored(reason: str) -> None:
    bad = dataclasses.replace(GOOD, **BAD_MEASUREMENTS[reason])  # type: ignore[arg-type]
    accepted = accept_batch(TOPIC, encode(dataclasses.replace(BATCH, measurements=(bad, GOOD))), NOW, only_itself)
    assert [entry.reason for entry in accepted.refused] == [reason]
    assert len(accepted.measurements) == 1
    assert (accepted.settled, accepted.wholly_refused) == (True, False)


def test_a_batch_of_only_bad_measurements_is_settled_as_refused() -> None:
    bad = dataclasses.replace(GOOD, probe="mood")
    accepted = accept_batch(TOPIC, encode(dataclasses.replace(BATCH, measurements=(bad,))), NOW, only_itself)
    assert (accepted.settled, accepted.wholly_refused) == (True, True)


def test_an_agent_may_speak_for_the_devices_the_register_gives_it() -> None:
    projector = dataclasses.replace(BATCH, measurements=(dataclasses.replace(GOOD, device="projector-1"),))
    accepted = accept_batch(TOPIC, encode(projector), NOW, lambda _topic, device: device == "projector-1")
    assert [entry.device for entry in accepted.measurements] == ["projector-1"]


BAD_PAYLOADS = {
    "not_json": b"hello",
    "not_zlib": b"\x78\x9cnonsense",
    "wrong_shape": b'{"agent":"pc-1","boot":"b"}',
    "unknown_version": encode(dataclasses.replace(BATCH, version=99)),
    "wrong_agent": encode(dataclasses.replace(BATCH, agent="pc-2")),
    "bad_boot": encode(dataclasses.replace(BATCH, boot="")),
    "bad_sequence": encode(dataclasses.replace(BATCH, sequence=-1)),
    "too_large": zlib.compress(b" " * 20_000_000),
}


@pytest.mark.parametrize("reason", BAD_PAYLOADS)
def test_a_payload_that_cannot_be_a_batch_gets_no_receipt(reason: str) -> None:
    accepted = accept_batch(TOPIC, BAD_PAYLOADS[reason], NOW, only_itself)
    assert [entry.reason for entry in accepted.refused] == [reason]
    assert not accepted.settled
    assert accepted.measurements == []


def _mutated(seed: int) -> bytes:
    """A good payload after a few random cuts, swaps and wild values; some are compressed, some pure noise."""
    chance = random.Random(seed)
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(200))
    tree = json.loads(encode(BATCH))
    for _ in range(chance.randrange(3)):
        _damage(tree, chance)
    payload = bytearray(json.dumps(tree).encode())
    for _ in range(chance.choice((0, 0, 1, 5))):
        payload[chance.randrange(len(payload))] = chance.randrange(256)
    cut = bytes(payload[: chance.randrange(len(payload))] if chance.random() < 0.2 else payload)
    return zlib.compress(cut) if chance.random() < 0.2 else cut


def _damage(tree: object, chance: random.Random) -> None:
    wild: tuple[object, ...] = (
        None,
        True,
        -1,
        2**70,
        1e308,
        "",
        "\0",
        "ố" * 300,
        [],
        {},
        [[]],
        {"a": {}},
        "1",
        -0.0,
        "9" * 5_000,
    )
    place = tree
    while isinstance(place, dict | list) and place:
        key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.4:
            place[key] = chance.choice(wild)
            return
        place = inner


def test_ten_thousand_mutated_payloads_are_each_stored_or_refused_with_a_reason() -> None:
    counted = 0
    for seed in range(10_000):
        accepted = accept_batch(TOPIC, _mutated(seed), NOW, only_itself)
        # An empty list of measurements is the one way to bring nothing and still be settled.
        assert accepted.measurements or accepted.refused or accepted.settled
        counted += 1
        for refused in accepted.refused:
            assert refused.reason.isidentifier()
    assert counted == 10_000


@given(st.integers(0, 2**32))
def test_the_fast_decoder_agrees_with_the_contract(seed: int) -> None:
    payload = _mutated(seed)
    outcomes = []
    for read in (decode_fast, decode):
        try:
            outcomes.append(repr(read(payload, Batch)))
        except BadMessage as error:
            outcomes.append("refused" if error.reason in ("not_json", "wrong_shape") else error.reason)
    assert outcomes[0] == outcomes[1]
