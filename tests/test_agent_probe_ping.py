"""Pings for real: over each rung of the ladder, and where there is no way or no permission."""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agent.probes.echo import Pace
from agent.probes.finding import Task
from agent.probes.ping import probe
from agent.probes.ping_program import program_echoes
from contract.messages import Outcome, Target
from tests.namespaces import PC, ROUTER, SchoolNetwork, ip, within
from tests.peers import need, need_root
from tests.probe_inside import NOBODY, NOBODY_WITHOUT_RIGHTS, probe_inside
from tests.waiting import best_of


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    for program in ("ip", "nft", "setpriv", "ping", "sysctl"):
        need(program)
    need_root("a network of its own")


@pytest.fixture(scope="module")
def school() -> Iterator[SchoolNetwork]:
    with SchoolNetwork() as network:
        yield network


@pytest.fixture
def lonely() -> Iterator[str]:
    """A namespace with nothing but its loopback."""
    name = f"sonca-lonely-{secrets.token_hex(3)}"
    ip("netns", "add", name)
    ip("-n", name, "link", "set", "lo", "up")
    yield name
    ip("netns", "delete", name)


def pinged(
    prefix: Sequence[str], address: str = "", outcome: str = "ok", received: int | None = 5, deadline: float = 6.0
) -> dict[str, Any]:
    """What a ping under `prefix` finds, and its steps; again when the machine was too busy for some of its echoes."""

    def is_so(result: dict[str, Any]) -> bool:
        [found] = result["findings"]
        return (found["outcome"], found["fields"].get("received")) == (outcome, received)

    result = best_of(lambda: probe_inside(prefix, "ping", address, deadline), is_so)
    assert is_so(result), result
    return result


def allow_unprivileged(namespace: str) -> tuple[str, ...]:
    return (
        *within(namespace, "sh", "-c", 'sysctl -qw net.ipv4.ping_group_range="0 65535" && exec "$@"', "sh"),
        *NOBODY,
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_it_measures_loopback(address: str) -> None:
    steps: list[str] = []
    task = Task(Target("services", "self", "ping", address), 6.0, steps.append)
    (found,) = best_of(lambda: probe(task), lambda found: float(found[0].fields.get("received", 0)) == 5)
    assert found.outcome is Outcome.OK
    assert (found.fields["sent"], found.fields["received"], found.fields["loss_percent"]) == (5, 5, 0.0)
    times = [found.fields[name] for name in ("round_trip_min_ms", "round_trip_ms", "round_trip_max_ms")]
    assert times == sorted(times, key=float)
    assert 0 < float(times[0]) < 3_200
    assert found.fields["address"] in ("127.0.0.1", "::1")
    assert "5 echoes sent, 5 answered" in steps[-1]


def test_the_ladder_starts_with_an_unprivileged_socket(lonely: str) -> None:
    result = pinged(allow_unprivileged(lonely), "127.0.0.1")
    assert "sending echoes over an unprivileged ICMP socket" in result["steps"]


def test_an_unprivileged_socket_works_over_ipv6(lonely: str) -> None:
    result = pinged(allow_unprivileged(lonely), "::1")
    assert "sending echoes over an unprivileged ICMP socket" in result["steps"]


def test_the_ladder_goes_on_with_a_raw_socket(lonely: str) -> None:
    result = pinged(within(lonely), "127.0.0.1")
    assert "sending echoes over a raw ICMP socket" in result["steps"]


def test_the_ladder_ends_with_the_ping_program(lonely: str) -> None:
    result = pinged((*within(lonely), *NOBODY), "127.0.0.1")
    assert "sending echoes with the ping program" in result["steps"]


@pytest.mark.parametrize("path", ["/usr/bin:/bin", "/nonexistent"])
def test_without_any_permission_the_outcome_says_so(lonely: str, path: str) -> None:
    result = probe_inside((*within(lonely), *NOBODY_WITHOUT_RIGHTS, "env", f"PATH={path}"), "ping", "127.0.0.1")
    (found,) = result["findings"]
    assert found["outcome"] == "no_permission"
    assert "loss_percent" not in found["fields"]
    assert any("ping_group_range" in step for step in result["steps"])


def test_it_finds_the_gateway_by_itself(school: SchoolNetwork) -> None:
    (found,) = pinged(within(school.pc))["findings"]
    assert found["fields"]["address"] == ROUTER


def test_no_gateway_is_unreachable_and_says_what_to_check(lonely: str) -> None:
    result = probe_inside(within(lonely), "ping")
    assert result["findings"] == [{"outcome": "unreachable", "fields": {}, "target": None}]
    assert "no default gateway" in result["steps"][-1]


def test_no_route_is_unreachable(lonely: str) -> None:
    (found,) = probe_inside(within(lonely), "ping", "203.0.113.9")["findings"]
    assert (found["outcome"], found["fields"]) == ("unreachable", {"address": "203.0.113.9"})


@pytest.mark.parametrize("user", ["root", "nobody"])
def test_a_neighbour_that_is_off_is_unreachable(school: SchoolNetwork, user: str) -> None:
    prefix = within(school.pc) if user == "root" else allow_unprivileged(school.pc)
    pinged(prefix, "10.77.1.99", "unreachable", 0)


@pytest.mark.parametrize("user", ["root", "nobody"])
def test_a_router_that_knows_no_way_is_unreachable(school: SchoolNetwork, user: str) -> None:
    school.run(school.router, "ip", "route", "replace", "unreachable", "203.0.113.0/24")
    school.run(school.router, "sysctl", "-qw", "net.ipv4.icmp_ratelimit=0")  # Linux says it once a second otherwise
    prefix = within(school.pc) if user == "root" else allow_unprivileged(school.pc)
    pinged(prefix, "203.0.113.9", "unreachable", 0, deadline=2.0)


def test_silence_is_a_timeout_within_the_deadline(school: SchoolNetwork) -> None:
    school.run(school.router, "ip", "route", "replace", "blackhole", "192.0.2.0/24")
    ping = partial(probe_inside, within(school.pc), "ping", "192.0.2.9", deadline=1.5)
    result = best_of(ping, lambda result: result["seconds"] < 2.5)
    assert result["seconds"] < 2.5
    (found,) = result["findings"]
    assert (found["outcome"], found["fields"]["loss_percent"]) == ("timeout", 100.0)


def test_a_lossy_way_is_measured_as_loss(school: SchoolNetwork) -> None:
    school.run(school.router, "nft", "add table ip lossy; add chain ip lossy in { type filter hook input priority 0; }")
    rule = f"add rule ip lossy in ip saddr {PC} icmp type echo-request numgen inc mod 5 0 drop"
    school.run(school.router, "nft", rule)
    try:
        (found,) = pinged(within(school.pc), ROUTER, received=4)["findings"]
    finally:
        school.run(school.router, "nft", "delete table ip lossy")
    assert found["fields"]["loss_percent"] == 20.0


def test_a_pulled_cable_is_no_answer_from_the_gateway(school: SchoolNetwork) -> None:
    school.set_classroom(False)
    try:
        (found,) = probe_inside(within(school.pc), "ping")["findings"]
    finally:
        school.set_classroom(True)
    assert found["outcome"] in ("unreachable", "timeout")
    assert "round_trip_ms" not in found["fields"]


def test_two_pings_at_once_do_not_take_each_others_answers(school: SchoolNetwork) -> None:
    addresses = ("127.0.0.1", "127.0.0.2")

    def ping(address: str) -> int:
        (found,) = probe(Task(Target("services", "self", "ping", address), 6.0))
        return int(found.fields["received"])

    with ThreadPoolExecutor(2) as pool:
        assert best_of(lambda: list(pool.map(ping, addresses)), [5, 5].__eq__) == [5, 5]


def test_the_ping_program_works_over_ipv6(lonely: str) -> None:
    pinged((*within(lonely), *NOBODY), "::1")


def test_the_ping_program_tells_unreachable_too(school: SchoolNetwork) -> None:
    pinged((*within(school.pc), *NOBODY), "10.77.1.99", "unreachable", 0)


def test_a_ping_program_that_knows_whole_seconds_only_is_asked_without_spacing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simple = tmp_path / "ping"
    simple.write_text(
        f'#!/bin/sh\ncase "$*" in *-i*) echo "ping: invalid number \'0.2\'"; exit 1;; esac\nexec {need("ping")} "$@"\n'
    )
    simple.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    ping = partial(program_echoes, "127.0.0.1", Pace.within(6.0), 6.0)
    echoes = best_of(ping, lambda echoes: len(echoes.round_trips) == echoes.sent)
    assert (echoes.sent, len(echoes.round_trips)) == (2, 2)
