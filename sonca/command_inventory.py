"""`sonca inventory`: the equipment register at the command line."""

import argparse
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inventory.saying import LANGUAGES
from sonca.inventory_door import opened

TEACHING = """\
examples:
  sonca inventory import assets.xlsx --dry-run    what the workbook would change, row by row
  sonca inventory import assets.xlsx              change it: all rows, or none
  sonca inventory set TS-014 room=mam-2 status=in_repair
  sonca inventory match                           which device is which asset, with score and reasons
  sonca inventory decide pc-3 --is TS-014         a person's word about a device that waits
  sonca inventory export assets.xlsx              also .csv and .json; --glpi and --open-data write folders
  sonca inventory books so-tai-san.xlsx --year 2026 --budget-code 1099999
  sonca inventory stocktake start                 then scan, show, sheet, close
  sonca inventory labels nhan.pdf --room mam-1    labels with QR codes
  sonca inventory history TS-014                  everything that happened to an asset

Sentences are Vietnamese unless --language en is given. docs/register.md tells more.
"""
_SHARED: Mapping[str, Mapping[str, Any]] = {
    "--settings": {"type": Path, "default": Path("sonca.yaml"), "help": "default: ./sonca.yaml"},
    "--site": {"default": "", "help": "the school, where the settings name several"},
    "--who": {"default": "sonca inventory", "help": "who does it, for the log: a role"},
    "--language": {"choices": LANGUAGES, "default": "vi", "help": "of sentences and headers (default vi)"},
}


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    module, _, function = options.does.partition(":")
    with opened(options.settings, options.site, options.who, options.language) as door:
        return int(getattr(importlib.import_module(f"sonca.{module}"), function)(door, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca inventory",
        description="Keeps what the school owns: lists, rooms, history, and which device is which asset.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_shared(parser)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_lists(actions)
    _add_links(actions)
    _add_paper(actions)
    return parser


def _add_shared(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The options of every action. People write them behind the action too: there they replace only what they name."""
    for name, told in _SHARED.items():
        parser.add_argument(name, **{**told, "default": argparse.SUPPRESS} if again else told)


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str, help: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=help, description=help)
    action.set_defaults(does=does)
    _add_shared(action, again=True)
    return action


def _add_lists(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    incoming = _action(
        actions, "import", "inventory_lists:import_file", "take in a list of assets: .xlsx, .csv or .yaml"
    )
    incoming.add_argument("file", type=Path)
    incoming.add_argument("--dry-run", action="store_true", help="only show what would change")
    incoming.add_argument("--document", default="", help="the paper that says so, for the log")
    one = _action(actions, "set", "inventory_lists:set_fields", "change an asset: room, status, any column of a list")
    one.add_argument("tag")
    one.add_argument("fields", nargs="*", metavar="COLUMN=VALUE")
    one.add_argument("--dry-run", action="store_true", help="only show what would change")
    one.add_argument("--document", default="", help="the paper that says so, for the log")
    outgoing = _action(
        actions, "export", "inventory_lists:export_file", "write the register: .xlsx, .csv, .json, or a folder"
    )
    outgoing.add_argument("file", type=Path)
    outgoing.add_argument("--glpi", action="store_true", help="a folder of GLPI inventory JSON, a file for each device")
    outgoing.add_argument("--open-data", action="store_true", help="a folder with CSV, datapackage.json and DCAT")
    _action(actions, "list", "inventory_lists:list_assets", "all assets")
    past = _action(actions, "history", "inventory_lists:history", "what happened to an asset")
    past.add_argument("tag")


def _add_links(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    matched = _action(actions, "match", "inventory_links:match", "which device is which asset, with score and reasons")
    matched.add_argument("device", nargs="?", default="", help="only this device")
    word = _action(actions, "decide", "inventory_links:decide", "say what a device is")
    word.add_argument("device")
    said = word.add_mutually_exclusive_group(required=True)
    said.add_argument("--is", dest="is_asset", metavar="TAG", help="it is this asset")
    said.add_argument("--is-not", metavar="TAG", help="it is another than this asset")
    said.add_argument("--not-ours", action="store_true", help="it belongs to nobody here")


def _add_paper(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    books = _action(
        actions, "books", "inventory_paper:books", "the asset book S24-H and the table of wear C55-HD: .xlsx"
    )
    books.add_argument("file", type=Path)
    books.add_argument("--year", type=int, help="as of 31 December, past or future (default: this year)")
    _add_unit(books)
    counted = _action(actions, "stocktake", "inventory_paper:stocktake", "count what is there, with what agents saw")
    counted.add_argument("step", choices=("start", "scan", "show", "sheet", "close"), help="sheet writes C53-HD: .xlsx")
    counted.add_argument("tags", nargs="*", help="scan: the tags on labels; sheet: the file")
    counted.add_argument("--room", default="", help="scan: where they were seen")
    counted.add_argument("--note", default="", help="scan: what else was seen")
    _add_unit(counted)
    labels = _action(actions, "labels", "inventory_paper:labels", "a sheet of labels with QR codes: .pdf")
    labels.add_argument("file", type=Path)
    labels.add_argument("tags", nargs="*", help="only these (default: all that are there)")
    labels.add_argument("--room", default="", help="only those of a room")


def _add_unit(action: argparse.ArgumentParser) -> None:
    action.add_argument("--unit", default="", help="the school's name on the form (default: by report.yaml)")
    action.add_argument("--superior", default="", help="the body above it, on the form (default: by report.yaml)")
    action.add_argument("--budget-code", default="", help="its Mã QHNS (default: by report.yaml)")
    action.add_argument("--wear-rules", type=Path, help="like inventory/wear_rules.yaml (default: by report.yaml)")
    action.add_argument("--forms", type=Path, help="like inventory/forms.yaml (default: by report.yaml)")
