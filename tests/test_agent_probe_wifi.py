"""Wi-Fi: what iw, nmcli, the kernel and wlanapi say. No machine with Wi-Fi was at hand: the texts and structures below
are written from the programs' and Microsoft's documentation, not recorded; the station's counters are an example that
the authors of iw published."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.finding import Task
from agent.probes.outcomes import Unsupported
from agent.probes.wifi import channel_of, probe
from agent.probes.wifi_linux import read_iw, read_nmcli, read_sent, read_wireless, wifi_cards
from agent.probes.wifi_roaming import Links, Sent
from agent.probes.wifi_windows import access_point, connection_fields, interfaces
from agent.probes.wifi_windows import read_sent as read_statistics
from contract.messages import Outcome, Target
from contract.metrics import PROBES, Misfit, fitted
from tests.tree import ROOT

IW = """Connected to 00:11:22:33:44:55 (on wlan0)
\tSSID: L\\xe1\\xbb\\x9bp 1
\tfreq: 5180.0
\tRX: 123456 bytes (789 packets)
\tTX: 23456 bytes (123 packets)
\tsignal: -57 dBm
\trx bitrate: 433.3 MBit/s VHT-MCS 9 80MHz short GI VHT-NSS 1
\ttx bitrate: 6.0 MBit/s

\tbss flags:\tshort-slot-time
"""
NMCLI = "no:Neighbour:1:2412 MHz:54 Mbit/s:30\nyes:L\\:A:36:5180 MHz:270 Mbit/s:72\n"
WIRELESS = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   53.  -57.  -256        0      0      0      0      0        0
 wlan1: 0000    0.    0.     0        0      0      0      0      0        0
"""
STATION = ROOT / "tests" / "recorded" / "published-iw-station-of-several-links.txt"


def test_it_reads_iw() -> None:
    assert read_iw(IW) == {
        "frequency_mhz": 5180,
        "signal_dbm": -57.0,
        "receive_rate_mbps": 433.3,
        "send_rate_mbps": 6.0,
        "network_name": "Lớp 1",
        "channel": 36,
    }
    assert read_iw("Not connected.\n") == {}


def test_it_reads_nmcli() -> None:
    assert read_nmcli(NMCLI) == {
        "network_name": "L:A",
        "channel": 36,
        "frequency_mhz": 5180,
        "send_rate_mbps": 270.0,
        "signal_percent": 72.0,
    }
    assert read_nmcli("no:Neighbour:1:2412 MHz:54 Mbit/s:30\n") == {}


def test_it_reads_the_kernels_table_and_leaves_out_cards_without_link() -> None:
    assert read_wireless(WIRELESS) == {"wlan0": {"signal_percent": 75.7, "signal_dbm": -57.0}}


def test_a_card_is_wifi_when_the_kernel_says_so(tmp_path: Path) -> None:
    (tmp_path / "eth0").mkdir()
    (tmp_path / "wlp3s0" / "wireless").mkdir(parents=True)
    (tmp_path / "wlan1" / "phy80211").mkdir(parents=True)
    assert wifi_cards(tmp_path) == ["wlan1", "wlp3s0"]
    assert wifi_cards(tmp_path / "missing") == []


def test_iw_completes_what_the_kernel_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net" / "wlan0" / "wireless").mkdir(parents=True)
    (tmp_path / "net" / "wlan1" / "wireless").mkdir(parents=True)
    (tmp_path / "wireless").write_text(WIRELESS)
    (tmp_path / "link").write_text(IW)
    program = tmp_path / "iw"
    program.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        f'"dev wlan0 link") cat {tmp_path}/link ;;\n'
        f'"dev wlan0 station get 00:11:22:33:44:55") cat {STATION} ;;\n'
        "*dump*) exit 9 ;;\n"
        "*) echo Not connected. ;;\nesac\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr("agent.probes.wifi_linux.LINKS", Links())
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("agent.probes.wifi_linux.SYS_CLASS_NET", tmp_path / "net")
    monkeypatch.setattr("agent.probes.wifi_linux.WIRELESS", tmp_path / "wireless")
    found, without_link = probe(Task(Target("", "wifi", "wifi"), 60.0))
    assert (found.outcome, found.target) == (Outcome.OK, "wlan0")
    assert (found.fields["signal_percent"], found.fields["receive_rate_mbps"]) == (75.7, 433.3)
    assert found.fields["roams"] == 0
    assert not isinstance(fitted(PROBES["wifi"], found.fields), Misfit)
    assert (without_link.outcome, without_link.fields, without_link.target) == (Outcome.UNREACHABLE, {}, "wlan1")


def test_it_reads_the_counters_of_the_whole_link() -> None:
    assert read_sent(STATION.read_text()) == Sent(9, 3, 0)
    assert read_sent("Station 00:11:22:33:44:55 (on wlan0)\n\ttx packets:\t9\n") is None
    assert read_sent("command failed: No such file or directory (-2)\n") is None


def test_a_change_of_the_access_point_is_a_roam_and_only_counted() -> None:
    links = Links()
    told = [links.follow("wlan0", point, None) for point in ("0a:01", "0a:01", "0a:02", "", "0a:02", "0a:01")]
    assert told == [{"roams": 0}, {"roams": 0}, {"roams": 1}, {}, {"roams": 1}, {"roams": 2}]
    assert links.follow("wlan1", "0a:09", None) == {"roams": 0}


def test_repeated_packets_are_a_share_of_those_sent_since_the_last_sample() -> None:
    links = Links()
    assert links.follow("wlan0", "0a:01", Sent(1_000, 900, 90)) == {"roams": 0}
    assert links.follow("wlan0", "0a:01", Sent(1_200, 950, 91)) == {
        "roams": 0,
        "sent_again_percent": 25.0,
        "send_failed_percent": 0.5,
    }


@pytest.mark.parametrize(
    ("point", "sent"),
    [
        ("0a:02", Sent(2_000, 950, 91)),  # another access point: Linux counts anew
        ("0a:01", Sent(10, 1, 0)),  # joined again
        ("0a:01", Sent(1_000, 900, 90)),  # nothing sent
        ("0a:01", Sent(1_200, 10, 90)),
        ("0a:01", None),
    ],
)
def test_what_cannot_be_compared_has_no_share(point: str, sent: Sent | None) -> None:
    links = Links()
    links.follow("wlan0", "0a:01", Sent(1_000, 900, 90))
    assert links.follow("wlan0", point, sent).keys() == {"roams"}


def test_a_machine_without_wifi_is_unsupported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.probes.wifi_linux.SYS_CLASS_NET", tmp_path)
    with pytest.raises(Unsupported, match="no Wi-Fi card"):
        probe(Task(Target("", "wifi", "wifi"), 60.0))


@pytest.mark.parametrize(
    ("frequency", "channel"),
    [(2412, 1), (2472, 13), (2484, 14), (5180, 36), (5885, 177), (5955, 1), (9, None)],
)
def test_a_frequency_has_its_channel(frequency: int, channel: int | None) -> None:
    assert channel_of(frequency) == channel


def test_it_reads_the_structures_of_wlanapi() -> None:
    name = "Intel(R) Wi-Fi 6 AX201".encode("utf-16-le").ljust(512, b"\0")
    card = bytes(range(16)) + name + struct.pack("<I", 1)
    assert interfaces(struct.pack("<II", 1, 0) + card) == [(bytes(range(16)), "Intel(R) Wi-Fi 6 AX201", True)]
    ssid = "Lớp 1".encode()
    association = struct.pack("<I32sI6s2xIIIII", len(ssid), ssid, 1, b"\0" * 6, 7, 0, 86, 433_300, 866_700)
    assert connection_fields(bytes(520) + association + bytes(16)) == {
        "signal_percent": 86.0,
        "receive_rate_mbps": 433.3,
        "send_rate_mbps": 866.7,
        "network_name": "Lớp 1",
    }


def test_it_reads_the_counters_of_every_radio_of_wlanapi() -> None:
    radios = [(1_000, 7, 5, 30), (200, 1, 1, 2)]
    blocks = b"".join(struct.pack("<QQQQ", *radio).ljust(144, b"\0") for radio in radios)
    statistics = bytes(216) + struct.pack("<II", len(radios), 0) + blocks
    assert read_statistics(statistics) == Sent(1_200, 32, 6)
    assert read_statistics(bytes(224 + 144)) is None
    assert read_statistics(b"") is None


def test_an_access_point_that_windows_hides_is_none() -> None:
    association = struct.pack("<I32sI6s2xIIIII", 0, b"", 1, b"\0\1\2\3\4\5", 7, 0, 86, 0, 0)
    assert access_point(bytes(520) + association) == "00:01:02:03:04:05"
    assert access_point(bytes(520 + len(association))) == ""
    assert access_point(b"") == ""


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers_and_what_they_read_fits(text: str) -> None:
    lines = (f"\tSSID: {text}\n\tfreq: {text}\n\tsignal: {text} dBm\n", f"yes:{text}:{text}:5:6:7\n{text}")
    for fields in (read_iw(text), read_iw(lines[0]), read_nmcli(lines[1]), *read_wireless("a\nb\n" + text).values()):
        assert not isinstance(fitted(PROBES["wifi"], fields), Misfit)


@given(st.binary(max_size=700))
def test_no_bytes_break_the_readers_of_wlanapi(data: bytes) -> None:
    assert not isinstance(fitted(PROBES["wifi"], connection_fields(data)), Misfit)
    assert not isinstance(fitted(PROBES["wifi"], connection_fields(bytes(520) + data)), Misfit)
    assert len(interfaces(data)) <= 1
    assert read_statistics(bytes(216) + data) != Sent(0, 0, 0)


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_whatever_a_card_counts_fits(samples: list[tuple[str, int, int]]) -> None:
    links, roams = Links(), 0
    for point, packets, again in samples:
        fields = links.follow("wlan0", point, Sent(packets, again, again))
        assert not isinstance(fitted(PROBES["wifi"], fields), Misfit)
        roams, before = int(fields.get("roams", roams)), roams
        assert before <= roams <= before + 1
