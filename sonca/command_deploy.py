"""`sonca deploy`: what the containers of deploy/compose.yaml need."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from contract.topics import BadName
from contract.trouble import Trouble

TEACHING = """\
example:
  sonca deploy deploy --address 192.168.1.10 --agent mam-1-giao-vien --agent choi-1-giao-vien
     writes deploy/files and deploy/.env; docs/influx.md says how to go on
"""


def main(arguments: Sequence[str]) -> int:
    from sonca.deploy import Deployment, deploy

    options = _parser().parse_args(arguments)
    try:
        for sentence in deploy(Deployment(options.folder, options.address, options.agent)):
            print(sentence)
    except BadName as error:
        raise Trouble(f"--agent: {error}", "for example mam-1-giao-vien") from error
    except OSError as error:
        raise Trouble(f"{options.folder} cannot be written: {error}", "choose another folder") from error
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca deploy",
        description="Writes the files that deploy/compose.yaml mounts, and its secrets.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="the folder of compose.yaml")
    parser.add_argument("--address", required=True, help="of this machine, as classroom PCs reach it")
    parser.add_argument("--agent", action="append", default=[], metavar="NAME", help="a classroom PC; several times")
    return parser
