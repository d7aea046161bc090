"""What a Linux machine's firmware offers to Windows 11: a TPM and Secure Boot, read from /sys below a root folder.

GLPI's format has no names for these; they stand in `hardware` as `tpm_version` and `secure_boot`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from agent.equipment_files import bytes_of, text_of

SecureBoot = Literal["on", "off", "legacy", "unsupported"]

NO_TPM = "none"
_VARIABLE = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"  # the GUID of UEFI's global variables
_STATES: Mapping[bytes, SecureBoot] = {b"\0": "off", b"\1": "on"}
_VERSIONS = {"1": "1.2", "2": "2.0"}


def tpm_version(root: Path) -> str | None:
    """1.2, 2.0 or `none`; None from kernels before 5.6, which show a TPM without its version.

    One that is switched off in the firmware is not seen by any system, and counts as none.
    """
    if not (root / "sys").is_dir():
        return None
    chips = sorted((root / "sys/class/tpm").glob("tpm[0-9]*"))
    if not chips:
        return NO_TPM
    return _VERSIONS.get(text_of(chips[0] / "tpm_version_major") or "")


def secure_boot(root: Path) -> SecureBoot | None:
    """Whether Secure Boot is on, could be, or cannot: started the old way, or by a UEFI that does not know it."""
    if not (root / "sys").is_dir():
        return None
    if not (root / "sys/firmware/efi").is_dir():
        return "legacy"
    variables = root / "sys/firmware/efi/efivars"
    if not variables.is_dir() or not any(variables.iterdir()):
        return None  # not mounted: nothing is known
    if not (variables / _VARIABLE).exists():
        return "unsupported"
    # Four bytes of attributes, then 0 or 1.
    return _STATES.get((bytes_of(variables / _VARIABLE) or b"")[4:])


def platform_field(text: str) -> int | None:
    """Intel's platform flags (`microcode/processor_flags`), which Windows calls Platform Specific Field 1."""
    return int(text, 16) if re.fullmatch(r"0x[0-9a-f]{1,8}", text, re.ASCII) else None
