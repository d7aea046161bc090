"""`sonca agent-account`: gives another classroom PC, or a router, its account and its settings."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sonca.agent_account import make_agent_account

TEACHING = """\
example:
  sonca agent-account hoa-mai lop-choi-1
     writes data/agents/lop-choi-1/agent.yaml and its password; copy that folder to the PC,
     and run there: sonca agent --settings agent.yaml
     or, so that it starts with the PC: sudo .venv/bin/sonca service install agent agent.yaml
  sonca agent-account hoa-mai router-1 --router
     the same for an OpenWrt router; docs/openwrt.md says where its files go
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    for line in make_agent_account(
        options.data, options.site, options.name, renew=options.renew, router=options.router
    ):
        print(line)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca agent-account",
        description="Gives another classroom PC its account at the broker of `sonca up`, and writes its settings.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("site", help="the site in school.yaml")
    parser.add_argument("name", help="of the PC or router: a-z, 0-9 and '-'")
    parser.add_argument("--data", type=Path, default=Path("data"), help="the folder of `sonca up` (default ./data)")
    parser.add_argument("--renew", action="store_true", help="a new password; the PC needs the new file then")
    parser.add_argument("--router", action="store_true", help="settings for the shell agent of an OpenWrt router")
    return parser
