"""`sonca agent discover SUBNET`: asks before it asks the network, then prints a table and settings."""

import json
from pathlib import Path

from agent.discover import as_settings, as_table, discover, subnet
from agent.settings import read_agent_settings
from agent.snmp_settings import SnmpSettings
from contract.trouble import Trouble


def run(written: str, settings: Path, community_file: Path | None, *, large: bool, agreed: bool) -> int:
    """Prints what answers; 1 when nobody does, or the person says no. Raises Trouble."""
    if not written:
        raise Trouble("discover needs a subnet", "for example: sonca agent discover 192.168.1.0/24")
    network = subnet(written, large=large)
    if community_file is not None and not community_file.is_file():
        raise Trouble(f"{community_file}: there is no such file", "write the community into it, and nothing else")
    if not agreed and not _agrees(f"Ask every address of {network} who it is? Do so on a network of your own only."):
        print("nothing was sent")
        return 1
    snmp = SnmpSettings(community_file=str(community_file.resolve())) if community_file else None
    found = discover(network, snmp, print)
    if not found:
        print("nobody answered")
        return 1
    print(as_table(found))
    keys = {"pjlink": "{}"} | (
        {"snmp": f"{{community_file: {json.dumps(str(community_file))}}}"} if community_file else {}
    )
    ready = as_settings(found, keys, _agent(settings))
    print(f"\n{ready}" if ready else "\nnone of them can be polled; with --community-file SNMP is tried too")
    return 0


def _agrees(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "c", "có")
    except EOFError:
        raise Trouble("nobody is here to say yes", "add --yes if you mean it") from None


def _agent(settings: Path) -> str:
    """The agent that will poll them, where it has its settings already."""
    return read_agent_settings(settings).agent if settings.exists() else "this-agent"
