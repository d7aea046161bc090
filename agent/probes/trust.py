"""The TLS settings of web probes, made once: which authorities this machine trusts."""

import functools
import os
import re
import ssl
from pathlib import Path

_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.\d+")


@functools.cache
def trusting_context() -> ssl.SSLContext:
    """Checks certificates against the system's authorities, read at the first use.

    Where the system keeps them as one file each, named by hash (Debian, OpenWrt), OpenSSL reads only those it needs:
    that saves 1.3 MiB and 50 ms against loading the bundle.
    """
    folder = ssl.get_default_verify_paths().capath
    if "SSL_CERT_FILE" in os.environ or folder is None or not _has_hashed_names(Path(folder)):
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(capath=folder)
    return context


@functools.cache
def knowing_context(certificate_file: str) -> ssl.SSLContext:
    """Takes the one certificate in the file, whatever name it was made for: that of a device which signs its own.

    Raises OSError when the file cannot be read or holds none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(certificate_file)
    return context


@functools.cache
def curious_context() -> ssl.SSLContext:
    """Takes any certificate: only to read when a bad one ends; nothing is sent over such a connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _has_hashed_names(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(_HASHED_NAME.fullmatch(entry.name) for entry in entries)
