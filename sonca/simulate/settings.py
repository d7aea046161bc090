"""What `sonca simulate` can be told, and the refusal of what it must not do."""

import argparse
from dataclasses import dataclass
from typing import Literal

from contract import defaults
from contract.connection import BrokerConnection
from contract.settings_file import SettingsError
from contract.topics import SIMULATED_PREFIX, check_slug, is_simulated
from sonca.simulate.clock import NOW, start_of
from sonca.simulate.faults import Fault, FaultKind, read_fault
from sonca.simulate.school_day import DEFAULT_SITE, PCS_A_ROOM

Connections = Literal["shared", "one-per-device"]
MOST_ROOMS, MOST_DEVICES, FASTEST, LONGEST_HISTORY_DAYS = 1_000, 20_000, 3_600.0, 400.0
NO_FAULTS = "none"


@dataclass(frozen=True)
class SimulateSettings:
    """One simulated school. `devices` counts all of them; 0 means two for each room. The password file is absolute.

    `faults` None: drawn from the seed. `start` as clock.start_of reads it. Raises SettingsError for what cannot be.
    """

    broker: BrokerConnection
    site: str = DEFAULT_SITE
    rooms: int = 12
    devices: int = 0
    seed: int = 1
    start: str = NOW
    speed: float = 1.0
    history_days: float = 0.0
    report_seconds: float = defaults.REPORT_SECONDS
    faults: tuple[Fault, ...] | None = None
    connections: Connections = "shared"

    def __post_init__(self) -> None:
        _check_site(self.site)
        limits = (
            ("--rooms", self.rooms, 1, MOST_ROOMS),
            ("--devices", self.devices or self.rooms, self.rooms, MOST_DEVICES),
            ("--speed", self.speed, 0.1, FASTEST),
            ("--history", self.history_days, 0, LONGEST_HISTORY_DAYS),
            ("--report-seconds", self.report_seconds, 1, 3_600),
        )
        for name, value, least, most in limits:
            if not least <= value <= most:
                raise SettingsError(f"{name} {value:g} is not possible", f"use {least:g} to {most:g}")

    @property
    def device_count(self) -> int:
        return self.devices or PCS_A_ROOM * self.rooms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `sonca simulate`; the broker's are the caller's. `settings_from` reads them."""
    parser.add_argument(
        "--site", default=SimulateSettings.site, help="its name must begin with sim- (default %(default)s)"
    )
    parser.add_argument("--rooms", type=int, default=SimulateSettings.rooms, help="default %(default)s")
    parser.add_argument("--devices", type=int, default=0, help="PCs in the whole school (default: two for each room)")
    parser.add_argument(
        "--seed", type=int, default=SimulateSettings.seed, help="another seed, another school (default 1)"
    )
    parser.add_argument(
        "--start",
        default=NOW,
        help='simulated time: "now" (default), "2026-11-23 06:30", or "lessons": now, or the last school morning',
    )
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than real time (default 1)")
    parser.add_argument("--history", type=float, default=0.0, metavar="DAYS", help="send the days before first")
    parser.add_argument("--report-seconds", type=float, default=defaults.REPORT_SECONDS, help="default %(default)g")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[:WHERE][@HH:MM+DURATION]",
        help=f"instead of those drawn from the seed, several times; {NO_FAULTS}, {', '.join(FaultKind)}",
    )
    parser.add_argument(
        "--connections",
        choices=("shared", "one-per-device"),
        default="shared",
        help="one MQTT connection for the school, or a real session and will for each device",
    )


def settings_from(options: argparse.Namespace, broker: BrokerConnection) -> SimulateSettings:
    """The settings in parsed options. Raises SettingsError with a sentence and a hint."""
    return SimulateSettings(
        broker,
        options.site,
        options.rooms,
        options.devices,
        options.seed,
        options.start,
        options.speed,
        options.history,
        options.report_seconds,
        read_faults(options.fault),
        options.connections,
    )


def read_faults(texts: list[str]) -> tuple[Fault, ...] | None:
    """The faults that `--fault` names; None when it is not given. Raises SettingsError."""
    if not texts:
        return None
    try:
        return tuple(read_fault(text) for text in texts if text != NO_FAULTS)
    except ValueError as error:
        raise SettingsError(f"--fault: {error}", "see `sonca simulate --help`") from error


def started_at(settings: SimulateSettings, now: int) -> int:
    """Where the simulated clock starts. Raises SettingsError."""
    try:
        return start_of(settings.start, now)
    except ValueError as error:
        raise SettingsError(f"--start: {error}", 'write it like "2026-11-23 06:30", in the time of Viet Nam') from error


def _check_site(site: str) -> None:
    try:
        check_slug(site)
    except ValueError as error:
        raise SettingsError(f"--site: {error}", f"for example {SIMULATED_PREFIX}hoa-mai") from error
    if not is_simulated(site):
        raise SettingsError(
            f"the simulator does not speak for {site!r}: it may be a real school",
            f"choose a name that begins with {SIMULATED_PREFIX}, like {SIMULATED_PREFIX}{site[:40]}",
        )
