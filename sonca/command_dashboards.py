"""`sonca dashboards`: finished Grafana boards, as files or into a running Grafana; and whether they find data."""

import argparse
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.settings_file import SettingsError
from contract.shapes import BadValue
from contract.trouble import Trouble
from sonca.settings import ServerSettings, read_server_settings

if TYPE_CHECKING:
    from dashboards.board import Setting
    from dashboards.provisioning import Source
    from dashboards.text import Language

TOKEN = "SONCA_GRAFANA_TOKEN"  # noqa: S105 - the name of an environment variable
TEACHING = f"""\
examples:
  sonca dashboards write grafana       files that a Grafana reads at its start: see docs/boards.md
  sonca dashboards check               asks the InfluxDB of ./sonca.yaml every question of every board
  sonca dashboards push --url http://127.0.0.1:3000 --token-file grafana.token
     into a running Grafana; the token may also stand in {TOKEN}
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    settings = read_server_settings(options.settings)
    return {"write": _write, "check": _check, "push": _push}[options.action](settings, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca dashboards",
        description="Writes SonCa's Grafana boards, in Vietnamese and English.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=("write", "check", "push"))
    parser.add_argument("folder", nargs="?", type=Path, help="write: where to")
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    parser.add_argument("--language", choices=("vi", "en"), action="append", help="default: both")
    parser.add_argument("--time-zone", help="in which a day begins (default: the first school's)")
    parser.add_argument("--pages", default="", metavar="URL", help="address of SonCa's pages, for links from boards")
    parser.add_argument("--influx-url", metavar="URL", help="as Grafana reaches the InfluxDB (default: the settings')")
    parser.add_argument("--reader", default="grafana", metavar="NAME", help="user of the InfluxDB (default grafana)")
    parser.add_argument("--seen-at", default="", metavar="PATH", help="write: the folder as Grafana sees it")
    parser.add_argument("--url", metavar="URL", help="push: of the Grafana")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="push: token of a service account")
    parser.add_argument("--token", help=f"push: the same; others on this machine can see it, so better use {TOKEN}")
    return parser


def _write(settings: ServerSettings, options: argparse.Namespace) -> int:
    from dashboards.provisioning import write

    if options.folder is None:
        raise Trouble("there is no folder to write to", "name it: sonca dashboards write grafana")
    source = _source(settings, options)
    paths = write(options.folder, source, _setting(settings, options), options.seen_at, _languages(options))
    print(f"wrote {len(paths)} files into {options.folder}")
    if source.secret:
        print(f"start Grafana with the environment variable {source.secret}")
    return 0


def _push(settings: ServerSettings, options: argparse.Namespace) -> int:
    from dashboards.grafana_http import Grafana
    from dashboards.push import push

    if options.url is None:
        raise Trouble("there is no Grafana to push to", "name it: --url http://127.0.0.1:3000")
    grafana = Grafana(options.url, _token(options))
    for sentence in push(grafana, _source(settings, options), _setting(settings, options), _languages(options)):
        print(sentence, flush=True)
    return 0


def _check(settings: ServerSettings, options: argparse.Namespace) -> int:
    from collector.store.influx_http import Server
    from collector.store.influx_query import Database

    influx = _influx(settings, options)
    server = Server(influx, Path(settings.data))
    server.open()
    try:
        database = Database(server, influx.database, may_create=False)
        found = list(_empty(database, _setting(settings, options), _languages(options)))
    finally:
        server.close()
    print("\n".join(found) or "every question of every board finds data")
    return 1 if found else 0


def _empty(database: Any, setting: "Setting", languages: Sequence["Language"]) -> Iterator[str]:
    import dataclasses

    from dashboards.boards import BOARDS
    from dashboards.check import empty_questions

    def ask(query: str) -> list[Mapping[str, Any]]:
        return [{"columns": one.columns, "values": one.values, "tags": one.tags} for one in database.ask(query)]

    now = time.time_ns() // 1_000_000
    for language in languages:
        for board in BOARDS:
            yield from empty_questions(board.as_json(dataclasses.replace(setting, language=language)), now, {}, ask)


def _setting(settings: ServerSettings, options: argparse.Namespace) -> "Setting":
    from dashboards.board import Setting
    from inventory.school import check_time_zone, read_school

    try:
        check_time_zone(options.time_zone or "UTC")
    except BadValue as error:
        raise Trouble(f"--time-zone: {error}", error.hint) from error
    zone = options.time_zone or read_school(Path(settings.schools[0])).time_zone
    return Setting(time_zone=zone, pages=options.pages)


def _source(settings: ServerSettings, options: argparse.Namespace) -> "Source":
    from dashboards.provisioning import Source

    influx = _influx(settings, options)
    by_token = influx.token_file is not None
    username = options.reader if influx.username is not None and not by_token else ""
    return Source(options.influx_url or influx.url, influx.database, username, by_token)


def _influx(settings: ServerSettings, options: argparse.Namespace) -> Any:
    if settings.store.influx is None:
        raise SettingsError(f"{options.settings}: store.influx is missing", "boards look at an InfluxDB only")
    return settings.store.influx


def _languages(options: argparse.Namespace) -> Sequence["Language"]:
    from dashboards.text import LANGUAGES

    return tuple(dict.fromkeys(options.language or LANGUAGES))


def _token(options: argparse.Namespace) -> str:
    if options.token_file is not None:
        try:
            token = options.token_file.read_text(encoding="utf-8-sig").strip()  # Windows puts a mark in front
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"the token cannot be read: {error}", "write it into that file") from error
    else:
        token = options.token or os.environ.get(TOKEN, "")
    if not token:
        raise Trouble("there is no token", f"give --token-file, or set {TOKEN}")
    return str(token)
