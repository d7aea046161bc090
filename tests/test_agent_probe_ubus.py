"""OpenWrt routers asked over HTTP: a stand-in of uhttpd that behaves well, refuses, forgets, or answers garbage."""

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.equipment_router import report, ubus_equipment
from agent.jobs import jobs
from agent.polled import PolledDevice
from agent.probes import ubus_session
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.registry import PROBES
from agent.probes.wifi_network import networks
from agent.run_probe import Job, run_probe
from agent.settings import read_agent_settings
from agent.ubus_settings import UbusSettings
from contract.messages import Measurement, Outcome, Target
from contract.metrics import PROBES as CATALOGUE
from contract.metrics import Misfit, fitted
from tests.ports import free_port
from tests.rpcd import DENIED, PASSWORD, USER, RunningRouter
from tests.web_server import make_certificate

ASKED = ("host", "wan", "wifi_network")


@pytest.fixture
def router() -> Iterator[RunningRouter]:
    with RunningRouter() as running:
        yield running


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "router-password"
    path.write_text(f"{PASSWORD}\n")
    return path


def device_of(router: RunningRouter, password_file: Path, **more: object) -> PolledDevice:
    settings = UbusSettings(USER, str(password_file), router.port, **more)  # type: ignore[arg-type]
    return PolledDevice("router-1", "127.0.0.1", ubus=settings)


def measured(device: PolledDevice, probe: str, deadline: float = 60.0) -> list[Measurement]:
    return run_probe(PROBES[probe], Job(Target("", "", probe, device.address), 60, deadline, device), lambda: 1)


def test_what_a_router_says(router: RunningRouter, password_file: Path) -> None:
    device = device_of(router, password_file)
    found = {
        f"{entry.probe} {entry.target}".strip(): entry.fields for name in ASKED for entry in measured(device, name)
    }
    assert found == {
        "host": {
            "uptime_seconds": 2925,
            "load_1m": 0.07,
            "memory_total_bytes": 125026304,
            "memory_available_bytes": 54865920,
            "memory_used_percent": 56.1,
            "swap_total_bytes": 0,
        },
        "wan wan": {"connected": True, "protocol": "pppoe", "connected_seconds": 16448},
        "wifi_network radio0/hoa-mai-1": {
            "on_air": True,
            "channel": 7,
            "frequency_mhz": 2442,
            "noise_dbm": -87,
            "channel_used_percent": 40.0,
            "clients": 2,
        },
        "wifi_network radio1/default_radio1": {"on_air": False},
    }


def test_it_is_reported_under_the_routers_name_and_fits_the_catalogue(
    router: RunningRouter, password_file: Path
) -> None:
    device = device_of(router, password_file)
    for name in ASKED:
        for entry in measured(device, name):
            assert (entry.device, entry.outcome) == ("router-1", Outcome.OK)
            assert not isinstance(fitted(CATALOGUE[name], entry.fields), Misfit)


def test_one_login_serves_many_questions_and_is_renewed_when_it_has_ended(
    router: RunningRouter, password_file: Path
) -> None:
    device = device_of(router, password_file)
    for name in ASKED:
        measured(device, name)
    assert router.site.calls.count("session.login") == 1
    router.site.sessions.clear()  # as a restart of the router does, or 300 quiet seconds
    assert measured(device, "wan")[0].outcome is Outcome.OK
    assert router.site.calls.count("session.login") == 2


def test_probes_at_the_same_time_log_in_once(router: RunningRouter, password_file: Path) -> None:
    device = device_of(router, password_file)
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=lambda name=name: outcomes.append(measured(device, name)[0].outcome)) for name in ASKED
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Outcome.OK] * 3
    assert router.site.calls.count("session.login") == 1


def test_a_wrong_password_is_no_permission(router: RunningRouter, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    assert {measured(device_of(router, wrong), name)[0].outcome for name in ASKED} == {Outcome.NO_PERMISSION}


def test_a_password_file_that_is_missing_is_no_permission(router: RunningRouter, tmp_path: Path) -> None:
    assert measured(device_of(router, tmp_path / "missing"), "wan")[0].outcome is Outcome.NO_PERMISSION
    assert router.site.calls == []


def test_a_user_without_rights_is_no_permission(router: RunningRouter, password_file: Path) -> None:
    router.site.denied = {"system", "network.interface.wan", "network.wireless", "luci-rpc"}
    device = device_of(router, password_file)
    steps: list[str] = []
    job = Job(Target("", "", "wan", device.address), 60, 60, device)
    assert run_probe(PROBES["wan"], job, lambda: 1, steps.append)[0].outcome is Outcome.NO_PERMISSION
    assert any("acl.d" in step for step in steps)
    assert not any(PASSWORD in step for step in steps)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(DENIED, Outcome.NO_PERMISSION), (4, Outcome.UNSUPPORTED), (7, Outcome.TIMEOUT), (9, Outcome.BAD_ANSWER)],
)
def test_what_ubus_itself_says_becomes_a_word(
    router: RunningRouter, password_file: Path, status: int, outcome: Outcome
) -> None:
    router.site.answers["network.interface.wan.status"] = status
    assert measured(device_of(router, password_file), "wan")[0].outcome is outcome


def test_an_interface_that_the_router_does_not_have_is_unsupported(router: RunningRouter, password_file: Path) -> None:
    assert measured(device_of(router, password_file, wan="wwan"), "wan")[0].outcome is Outcome.UNSUPPORTED


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"", Outcome.BAD_ANSWER),
        (b"220 ftp.example ready\r\n", Outcome.BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>login</html>", Outcome.BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", Outcome.BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n\r\n[1]", Outcome.BAD_ANSWER),
        (b'HTTP/1.1 200 OK\r\n\r\n[{"result": [0, {"ubus_rpc_session": 7}]}]', Outcome.BAD_ANSWER),
        (b'HTTP/1.1 200 OK\r\n\r\n[{"result": [true]}]', Outcome.BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 60_000, Outcome.BAD_ANSWER),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 70_000, Outcome.BAD_ANSWER),
        (b"HTTP/1.1 302 Found\r\nLocation: /cgi-bin/luci\r\n\r\n", Outcome.BAD_ANSWER),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", Outcome.NO_PERMISSION),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Outcome.UNSUPPORTED),
    ],
)
def test_garbage_is_a_word(router: RunningRouter, password_file: Path, raw: bytes, outcome: Outcome) -> None:
    router.site.raw = raw
    assert [entry.outcome for entry in measured(device_of(router, password_file), "host")] == [outcome]


@pytest.mark.parametrize("answer", [{}, {"uptime": "long"}, {"up": "yes"}, {"radio0": []}, {"radio 0": {}}])
def test_an_answer_of_another_shape_is_bad(
    router: RunningRouter, password_file: Path, answer: Mapping[str, object]
) -> None:
    for name in ("system.info", "network.interface.wan.status"):
        router.site.answers[name] = answer
    device = device_of(router, password_file)
    assert {measured(device, name)[0].outcome for name in ("host", "wan")} == {Outcome.BAD_ANSWER}


def test_a_router_that_is_silent_times_out_and_one_that_is_off_is_refused(
    router: RunningRouter, password_file: Path
) -> None:
    router.site.delay = threading.Event()
    assert measured(device_of(router, password_file), "host", 0.3)[0].outcome is Outcome.TIMEOUT
    off = PolledDevice("router-1", "127.0.0.1", ubus=UbusSettings(USER, str(password_file), free_port()))
    assert measured(off, "host")[0].outcome is Outcome.REFUSED


def test_openwrt_25_12_tells_its_radios_through_luci(router: RunningRouter, password_file: Path) -> None:
    radios = router.site.answers["network.wireless.status"]
    router.site.answers |= {"network.wireless.status": 2, "luci-rpc.getWirelessDevices": radios}
    found = measured(device_of(router, password_file), "wifi_network")
    assert [entry.target for entry in found] == ["radio0/hoa-mai-1", "radio1/default_radio1"]


def test_a_router_without_wifi_has_none(router: RunningRouter, password_file: Path) -> None:
    device = device_of(router, password_file)
    router.site.answers["network.wireless.status"] = {}
    assert measured(device, "wifi_network")[0].outcome is Outcome.UNSUPPORTED
    del router.site.answers["network.wireless.status"]
    assert measured(device, "wifi_network")[0].outcome is Outcome.UNSUPPORTED


def test_one_of_iwinfo_and_hostapd_is_enough(router: RunningRouter, password_file: Path) -> None:
    device = device_of(router, password_file)
    for name in ("hostapd.wlan0.get_clients", "hostapd.wlan0.get_status"):
        del router.site.answers[name]
    first = measured(device, "wifi_network")[0]
    assert (first.outcome, "clients" in first.fields, first.fields["channel"]) == (Outcome.OK, False, 7)
    router.site.answers["iwinfo.info.wlan0"] = 7
    first = measured(device, "wifi_network")[0]
    assert (first.outcome, first.fields) == (Outcome.TIMEOUT, {"on_air": True})


words = st.sampled_from(["ap", "a", "A b", "@a[1]", "Lớp", "\n", ""]) | st.none() | st.integers(0, 9)
configs = st.fixed_dictionaries({}, optional={"mode": st.just("ap") | words, "ssid": words}) | words
entries = st.fixed_dictionaries({}, optional={"section": words, "ifname": words, "config": configs}) | words
radios = words | st.fixed_dictionaries(
    {}, optional={"up": st.booleans() | words, "disabled": st.booleans(), "interfaces": st.lists(entries) | words}
)


@given(wireless=st.dictionaries(st.sampled_from(["radio0", "radio1", "", "a b", "é"]), radios, max_size=3))
def test_any_list_of_radios_gives_networks_with_names_that_can_be_stored(wireless: dict[str, object]) -> None:
    try:
        found = list(networks(wireless))
    except BadAnswer:
        return
    assert len({network.target for network in found}) == len(found)
    assert all(len(network.target) <= 120 and network.target.isprintable() for network in found)


def test_over_https_the_routers_own_certificate_is_known_and_another_is_not(
    tmp_path: Path, password_file: Path
) -> None:
    own = make_certificate(tmp_path, 30, "DNS:OpenWrt")
    (tmp_path / "other").mkdir()
    other = make_certificate(tmp_path / "other", 30, "DNS:OpenWrt")
    with RunningRouter((own.certificate, own.key)) as router:
        for certificate, outcome in ((own, Outcome.OK), (other, Outcome.BAD_ANSWER), (None, Outcome.BAD_ANSWER)):
            file = None if certificate is None else str(certificate.certificate)
            device = device_of(router, password_file, https=True, certificate_file=file)
            assert measured(device, "host")[0].outcome is outcome


def test_equipment(router: RunningRouter, password_file: Path) -> None:
    device = device_of(router, password_file)
    kind, content = ubus_equipment(Task(Target("", "", "wan", device.address), 60, device=device))
    assert kind == "router"
    assert content == {
        "bios": {"smodel": "GL.iNet GL-AR750"},
        "hardware": {"name": "gl-ar750", "memory": 119},
        "cpus": [{"name": "Qualcomm Atheros QCA9533 ver 2 rev 0"}],
        "operatingsystem": {
            "name": "OpenWrt",
            "version": "SNAPSHOT",
            "full_name": "OpenWrt SNAPSHOT r6222+89-e1d4aa36b0",
            "kernel_name": "linux",
            "kernel_version": "4.9.82",
            "arch": "ar71xx/generic",
        },
    }
    made = report("pc-1", device, 7)
    assert (made.agent, made.device, made.taken_at, made.kind, made.content) == ("pc-1", "router-1", 7, kind, content)
    router.site.answers["system.board"] = {"hostname": "OpenWrt"}
    with pytest.raises(BadAnswer, match="model"):
        report("pc-1", device, 7)


def test_this_machine_is_still_asked_itself(password_file: Path) -> None:
    findings: list[Finding] = PROBES["host"](Task(Target("", "", "host"), 60))
    assert "uptime_seconds" in findings[0].fields
    with pytest.raises(Unsupported):
        PROBES["wan"](Task(Target("", "", "wan"), 5))


def test_settings_bring_the_probes_and_paths_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text(
        json.dumps(
            {
                "site": "hoa-mai",
                "agent": "pc-1",
                "broker": {"host": "127.0.0.1", "username": "hoa-mai.pc-1", "password_file": "password"},
                "devices": [
                    {
                        "id": "router-1",
                        "address": "192.0.2.1",
                        "ubus": {"username": "sonca", "password_file": "router", "certificate_file": "router.pem"},
                    }
                ],
            }
        )
    )
    settings = read_agent_settings(tmp_path / "agent.yaml")
    [device] = settings.devices
    assert device.ubus == UbusSettings("sonca", str(tmp_path / "router"), certificate_file=str(tmp_path / "router.pem"))
    assert [job.probe for job in jobs(settings) if job.device] == list(ASKED)


@pytest.fixture(autouse=True)
def new_agent() -> Iterator[None]:
    """One that has no session yet: a port may have been another router's in an earlier test."""
    yield
    ubus_session._router.cache_clear()
