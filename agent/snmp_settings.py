"""How a device is asked by SNMP, with the community and passwords in files of their own (0600)."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from contract.connection import Port
from contract.shapes import BadValue

Authentication = Literal["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]
Privacy = Literal["des", "aes128", "aes192", "aes256"]

_FILES = ("community_file", "authentication_file", "privacy_file")


@dataclass(frozen=True)
class SnmpSettings:
    """Version 2c needs a community; version 3 a user, a password, and for privacy a second one."""

    version: Literal["2c", "3"] = "2c"
    port: Port = 161
    community_file: str | None = None
    user: str | None = None
    authentication: Authentication = "sha256"
    authentication_file: str | None = None
    privacy: Privacy = "aes128"
    privacy_file: str | None = None  # none: signed, but not encrypted

    def __post_init__(self) -> None:
        if self.version == "2c":
            self._want(("community_file",), ("user", "authentication_file", "privacy_file"))
        else:
            self._want(("user", "authentication_file"), ("community_file",))

    def anchored(self, folder: Path) -> "SnmpSettings":
        """The same with its files' paths made absolute; relative ones start from `folder`."""
        paths = {name: str(folder / value) for name in _FILES if (value := getattr(self, name)) is not None}
        return dataclasses.replace(self, **paths)  # type: ignore[arg-type] # all of them are texts

    def _want(self, needed: tuple[str, ...], foreign: tuple[str, ...]) -> None:
        for name in needed:
            if not getattr(self, name):
                raise BadValue(f"version {self.version} needs {name}", "2c has a community, 3 a user with passwords")
        for name in foreign:
            if getattr(self, name) is not None:
                hint = 'versions 2c and 3 have nothing in common; for 3 write version: "3"'
                raise BadValue(f"version {self.version} has no {name}", hint)


def secret(path: str) -> str:
    """What a secret's file holds. Raises PermissionError when it cannot be read: nobody can be asked without it."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PermissionError(f"{path} cannot be read: {error}") from error
