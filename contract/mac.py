"""Hardware addresses (MAC) as people and devices write them."""

import re
from typing import Annotated

from contract.shapes import BadValue

_PLAIN = re.compile(r"[0-9a-f]{12}")
_SOFTWARE_CHOSEN = 0b10


def canonical_mac(text: str) -> str:
    """`00:1b:a9:11:22:33` for any usual spelling of it (dashes, Cisco's dots, capitals); empty for what is none."""
    plain = re.sub(r"[:.-]", "", text.strip().lower())
    return bytes.fromhex(plain).hex(":") if _PLAIN.fullmatch(plain) else ""


def is_software_chosen(mac: str) -> bool:
    """Whether no maker gave it: telephones make themselves one for each network, to be nobody. `mac` is canonical."""
    return bool(int(mac[:2], 16) & _SOFTWARE_CHOSEN)


def check_mac(text: str) -> None:
    """Raises BadValue for what is no hardware address."""
    if not canonical_mac(text):
        raise BadValue(f"{text[:60]!r} is not a hardware address", 'write it in quotes, like "00:1b:a9:11:22:33"')


Mac = Annotated[str, check_mac]
