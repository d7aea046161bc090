"""`sonca store copy` as a person types it."""

import io
import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from collector.store.protocol import HOUR_MS
from collector.store.sqlite import SqliteStore
from sonca.cli import main
from sonca.command_store import ProgressBar
from tests.influxd import ADMIN, PASSWORD, Influxd
from tests.measurements import measured
from tests.waiting import now_ms

SETTINGS = """\
broker: {{host: 127.0.0.1, username: collector, password_file: broker.password}}
store: {{influx: {{url: "{url}", database: {name}, username: {user}, password_file: influx.password}}}}
"""


def test_it_copies_says_how_much_and_has_nothing_left_to_do_the_second_time(
    influxd: Influxd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"s{secrets.token_hex(6)}"
    settings = tmp_path / "sonca.yaml"
    settings.write_text(SETTINGS.format(url=influxd.url, name=name, user=ADMIN), encoding="utf-8")
    (tmp_path / "influx.password").write_text(PASSWORD, encoding="utf-8")
    store = SqliteStore(tmp_path / "series.db").open()
    now = now_ms()
    yesterday = now - now % HOUR_MS - 24 * HOUR_MS
    entry = measured("pc-1", "host", 0, {"cpu_percent": 5.0})
    store.write([replace(entry, taken_at=yesterday + at) for at in range(0, 600_000, 30_000)])
    store.roll_up(now)
    store.close()
    (tmp_path / "school.yaml").write_text("site: hoa-mai\nname: Hoa Mai\n", encoding="utf-8")
    copy = ["store", "copy", "--from", "sqlite", "--to", "influx", "--settings", str(settings)]
    assert main(copy) == 0
    told = capsys.readouterr()
    assert told.out == (
        "copied 20 measurements, 3 rollups and 0 judgements of rooms; 0 were there already; all have arrived\n"
    )
    assert told.err.splitlines()[0] == f"copying [{'.' * 30}] 0 %"
    assert told.err.splitlines()[-1] == f"copying [{'#' * 30}] 100 %"
    found = influxd.ask('SELECT count("cpu_percent") FROM "host"', name)
    assert found[0]["values"][0][1] == 20
    assert main(copy) == 0
    assert "copied 0 measurements, 0 rollups and 0 judgements of rooms; 23 were there" in capsys.readouterr().out
    (tmp_path / "series.db").unlink()
    back = ["store", "copy", "--from", "influx", "--to", "sqlite", "--settings", str(settings)]
    assert main(back) == 0
    assert "copied 20 measurements, 3 rollups and 0 judgements of rooms; 0 were there" in capsys.readouterr().out
    store = SqliteStore(tmp_path / "series.db").open()
    assert len(store.measurements("hoa-mai", "pc-1", 0, now_ms())) == 20
    store.close()


def test_to_where_it_comes_from_and_to_nowhere_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "sonca.yaml"
    settings.write_text(SETTINGS.partition("store:")[0].replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    assert main(["store", "copy", "--from", "sqlite", "--to", "sqlite", "--settings", str(settings)]) == 2
    assert "sqlite is both where from and where to" in capsys.readouterr().err
    assert main(["store", "copy", "--from", "sqlite", "--to", "influx", "--settings", str(settings)]) == 2
    assert "store.influx is missing" in capsys.readouterr().err


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_screen_the_bar_grows_in_one_line() -> None:
    screen = Screen()
    bar = ProgressBar(screen)
    for done in range(0, 401):
        bar.show(done, 400)
    lines = screen.getvalue().split("\r")[1:]
    assert len(lines) == 101
    assert lines[50] == f"copying [{'#' * 15}{'.' * 15}] 50 %"
    assert lines[-1].endswith("100 %\n")
