"""Preparing a real InfluxDB 1.6 and looking at it; of a 2.x what it would be asked, by its documented API."""

import dataclasses
import json
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.influx import InfluxStore
from collector.store.influx_check import Check, check
from collector.store.influx_names import TAGS
from collector.store.influx_setup import Administrator, set_up
from collector.store.protocol import Retention, RoomReason, RoomSlice, RoomState, StoreUnavailable
from collector.store.settings import InfluxSettings
from contract.messages import Outcome, Value
from contract.metrics import PROBES, Kind
from tests.influx_stand_in import STORED, Asked, Reply, StandIn, running_stand_in
from tests.influxd import ADMIN, Influxd, may_be_slow
from tests.measurements import SITE, START, measured

ADMINISTRATOR = Administrator(ADMIN, "influx-password")


@pytest.fixture
def settings(influxd: Influxd, tmp_path: Path) -> InfluxSettings:
    """Of a database and a user that are not there yet."""
    name = f"u{secrets.token_hex(6)}"
    return influxd.settings(tmp_path, username=name, password_file="sonca.password")


def checked(settings: InfluxSettings, folder: Path) -> Check:
    return check(settings, folder, Retention())


def problems(found: Check) -> list[str]:
    return [problem.sentence for problem in found.problems]


def test_it_makes_a_database_and_users_who_may_do_no_more_than_they_must(
    influxd: Influxd, settings: InfluxSettings, tmp_path: Path
) -> None:
    reader = f"r{secrets.token_hex(6)}"
    told = list(set_up(settings, tmp_path, ADMINISTRATOR, reader))
    assert told == [
        f"made the database {settings.database}; SonCa deletes what is too old itself",
        f"made the user {settings.username}, its password is in {tmp_path}/sonca.password",
        f"{settings.username} may read and write in {settings.database}",
        f"made the user {reader}, its password is in {tmp_path}/influx-{reader}.password",
        f"{reader} may only read in {settings.database}",
    ]
    assert stat.S_IMODE((tmp_path / "sonca.password").stat().st_mode) == 0o600
    users = {str(name): admin for [one] in [influxd.ask("SHOW USERS")] for name, admin in one["values"]}
    assert (users[str(settings.username)], users[reader]) == (False, False)
    store = InfluxStore(settings, tmp_path).open()
    store.write([measured("pc-1", "host", 0, {"cpu_percent": 1.0})])
    store.forget(START, Retention(raw_days=1))
    store.close()
    as_reader = dataclasses.replace(settings, username=reader, password_file=f"influx-{reader}.password")
    looking = InfluxStore(as_reader, tmp_path, read_only=True).open()
    assert [entry.device for entry in looking.latest(SITE)] == ["pc-1"]
    looking.close()
    with pytest.raises(StoreUnavailable, match="not authorized to write"):
        checked(as_reader, tmp_path)


def test_setting_up_again_changes_nothing_and_a_lost_password_is_replaced(
    settings: InfluxSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_be_slow(monkeypatch)
    list(set_up(settings, tmp_path, ADMINISTRATOR, ""))
    password = (tmp_path / "sonca.password").read_text()
    assert f"the user {settings.username} is there" in list(set_up(settings, tmp_path, ADMINISTRATOR, ""))
    assert (tmp_path / "sonca.password").read_text() == password
    (tmp_path / "sonca.password").unlink()
    told = list(set_up(settings, tmp_path, ADMINISTRATOR, ""))
    assert f"gave {settings.username} a new password, in {tmp_path}/sonca.password" in told
    assert problems(checked(settings, tmp_path)) == []


def test_a_check_says_what_the_server_is_and_how_quick(
    settings: InfluxSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_be_slow(monkeypatch)
    list(set_up(settings, tmp_path, ADMINISTRATOR, ""))
    found = checked(settings, tmp_path)
    assert found.version.startswith("1.6")
    assert (found.write_path, found.database, found.series) == ("/write", settings.database, 1)
    assert min(found.write_ms, found.query_ms) > 0
    assert found.clock_seconds is not None
    assert found.problems == ()


def test_a_check_says_what_is_wrong_with_a_hint(
    influxd: Influxd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_be_slow(monkeypatch)
    settings = influxd.settings(tmp_path)
    influxd.ask(f'CREATE DATABASE "{settings.database}" WITH DURATION 30d NAME "short"')
    store = InfluxStore(settings, tmp_path).open()
    store._writer.write([f"weather,town=hcm rain=1i {START}"])
    store.close()
    found = checked(settings, tmp_path)
    assert problems(found) == [
        "there are tags that are not SonCa's: town",
        "the database forgets everything after 30 days",
        f"the user {ADMIN} may do everything on this server",
    ]
    assert f'ALTER RETENTION POLICY "short" ON "{settings.database}" DURATION INF' in found.problems[1].hint


@pytest.mark.parametrize(("seconds", "word"), [(90_000, "ahead of"), (-90_000, "behind")])
def test_a_check_finds_a_server_that_is_slow_wrong_open_to_all_and_too_full(
    tmp_path: Path, seconds: int, word: str
) -> None:
    def slow_and_full(asked: Asked) -> Reply:
        if asked.path != "/query":
            time.sleep(0.26)  # past the limit: that is what this test is about
            return STORED
        found = {"series": [{"columns": ["count"], "values": [[250_000]]}]} if "CARDINALITY" in str(asked.lines) else {}
        return 200, {"X-Influxdb-Version": "3.1"}, json.dumps({"results": [found]}).encode()

    with running_stand_in() as stand_in:
        stand_in.rule, stand_in.ahead_seconds = slow_and_full, seconds
        found = checked(InfluxSettings(stand_in.url), tmp_path)
    assert (found.version, found.write_path, found.series) == ("3.1", "/api/v2/write", 250_000)
    # On a busy machine its questions may be slow too, and the clock is looked at for some seconds.
    slow, clock, series, login = [one for one in found.problems if not one.sentence.startswith("a question takes")]
    assert re.fullmatch(r"a write takes \d{3,} ms", slow.sentence)
    assert re.fullmatch(rf"the server's clock is (89|90)\d\d\d s {word} this machine's", clock.sentence)
    assert series.sentence == "250,000 series are more than 200,000"
    assert login.sentence == "the server lets everybody in without a login"
    assert all(problem.hint for problem in found.problems)


def test_a_database_that_is_missing_is_said(settings: InfluxSettings, tmp_path: Path) -> None:
    (tmp_path / "sonca.password").write_text("wrong")
    with pytest.raises(StoreUnavailable, match="refuses the login"):
        checked(settings, tmp_path)
    as_admin = dataclasses.replace(settings, username=ADMIN, password_file="influx-password")
    with pytest.raises(StoreUnavailable, match="has no database or bucket"):
        checked(as_admin, tmp_path)


def everything(number: int) -> list[dict[str, Value]]:
    """For each probe all fields it can have, every text another one with every number."""
    values: dict[Kind, Value] = {
        Kind.TEXT: f"free text {number}",
        Kind.BOOLEAN: number % 2 == 0,
        Kind.INTEGER: number,
        Kind.NUMBER: float(number),
    }
    return [{field.name: values[field.kind] for field in probe.fields.values()} for probe in PROBES.values()]


def test_series_do_not_grow_with_what_is_measured(influxd: Influxd, tmp_path: Path) -> None:
    settings = influxd.settings(tmp_path)
    store = InfluxStore(settings, tmp_path).open()
    counted = []
    for number, (outcome, reason) in enumerate(zip(Outcome, RoomReason, strict=True)):
        store.write(
            [
                measured("pc-1", probe, number * 1000, fields, outcome=outcome, target="services/one", blind=number > 3)
                for probe, fields in zip(PROBES, everything(number), strict=True)
            ]
        )
        store.write_rooms([RoomSlice(SITE, "mam-1", START + number, RoomState.DARK, reason, number % 2 == 0, 1, 0)])
        store.roll_up(START + 10**8)
        found = check(settings, tmp_path, Retention()).series
        assert found is not None
        counted.append(found)
    store.close()
    # raw, five minutes, hours and latest of each probe; the room, the device and the witness
    assert set(counted) == {4 * len(PROBES) + 3}
    tags = {str(tag) for one in influxd.ask("SHOW TAG KEYS", settings.database) for [tag] in one["values"]}
    assert tags | {"asset", "kind", "reason"} == set(TAGS)  # those of the register: see test_collector_equipment.py


# A 2.x cannot be started here. Paths and bodies are those of its API's description (influxdb 2.7, "oss.yml").
class Second:
    """As much of an InfluxDB 2.7 as setting up touches."""

    def __init__(self, *, mapped: bool = True) -> None:
        self.mapped = mapped
        self.buckets: list[dict[str, object]] = []
        self.made: list[tuple[str, dict[str, object]]] = []

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != "Token operator":
            return self.told(401, {"code": "unauthorized", "message": "unauthorized access"})
        if asked.path == "/query":
            return 200, {"X-Influxdb-Version": "v2.7.11"}, b'{"results":[{}]}'
        if asked.method == "GET":
            return self.told(200, self.listed(asked))
        body = json.loads("\n".join(asked.lines))
        self.made.append((asked.path, body))
        if asked.path == "/api/v2/buckets":
            self.buckets.append({"id": "b1", "name": body["name"]})
        return self.told(201, {"id": "b1", "token": f"token-{len(self.made)}"})

    def listed(self, asked: Asked) -> dict[str, object]:
        if asked.path == "/api/v2/orgs":
            return {"orgs": [{"id": "o1"}] if asked.query["org"] == ["truong"] else []}
        assert asked.query["orgID"] == ["o1"]
        if asked.path == "/api/v2/buckets":
            return {"buckets": self.buckets}
        assert asked.path == "/api/v2/dbrps"
        return {"content": [{"id": "b1", "virtual": True}] if self.mapped else []}

    def told(self, status: int, content: dict[str, object]) -> Reply:
        return (
            status,
            {"Content-Type": "application/json", "X-Influxdb-Version": "v2.7.11"},
            json.dumps(content).encode(),
        )


@pytest.fixture
def second() -> Iterator[tuple[StandIn, Second]]:
    with running_stand_in() as stand_in:
        imitated = Second()
        stand_in.rule = imitated.answer
        yield stand_in, imitated


def second_settings(stand_in: StandIn, folder: Path) -> InfluxSettings:
    (folder / "operator").write_text("operator\n")
    return InfluxSettings(stand_in.url, organization="truong", token_file="sonca.token")


def test_a_second_version_gets_a_bucket_and_two_tokens(second: tuple[StandIn, Second], tmp_path: Path) -> None:
    stand_in, imitated = second
    settings = second_settings(stand_in, tmp_path)
    told = list(set_up(settings, tmp_path, Administrator(token_file="operator"), "grafana"))
    assert told == [
        "made the bucket sonca; set its retention to what the law and the disk allow",
        "InfluxQL finds the bucket as the database sonca",
        f"made a token that may read and write sonca, in {tmp_path}/sonca.token",
        f"made a token that may read sonca, in {tmp_path}/influx-grafana.token",
    ]
    bucket, writing, reading = imitated.made
    assert bucket == ("/api/v2/buckets", {"orgID": "o1", "name": "sonca", "retentionRules": []})
    resource = {"type": "buckets", "id": "b1", "orgID": "o1"}
    assert writing[1]["permissions"] == [{"action": action, "resource": resource} for action in ("read", "write")]
    assert reading[1]["permissions"] == [{"action": "read", "resource": resource}]
    assert (tmp_path / "sonca.token").read_text() == "token-2"
    again = list(set_up(settings, tmp_path, Administrator(token_file="operator"), "grafana"))
    assert len(imitated.made) == 3
    assert again[0] == "the bucket sonca is there"


def test_a_bucket_without_a_mapping_gets_one(second: tuple[StandIn, Second], tmp_path: Path) -> None:
    stand_in, imitated = second
    imitated.mapped = False
    list(set_up(second_settings(stand_in, tmp_path), tmp_path, Administrator(token_file="operator"), ""))
    path, mapping = imitated.made[1]
    assert path == "/api/v2/dbrps"
    assert mapping == {
        "orgID": "o1",
        "bucketID": "b1",
        "database": "sonca",
        "retention_policy": "autogen",
        "default": True,
    }


def test_an_organization_that_is_not_there_is_said(second: tuple[StandIn, Second], tmp_path: Path) -> None:
    settings = dataclasses.replace(second_settings(second[0], tmp_path), organization="khac")
    with pytest.raises(StoreUnavailable, match="has no organization 'khac'"):
        list(set_up(settings, tmp_path, Administrator(token_file="operator"), ""))
