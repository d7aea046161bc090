"""SNMP by pysnmp: pure Python, where gufo_snmp has no wheel. Loaded by agent/probes/snmp_session.py only then."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch import asyncio as api
from pysnmp.proto import errind

from agent.probes.outcomes import BadAnswer
from agent.probes.snmp_session import Row, SnmpValue
from agent.snmp_settings import SnmpSettings, secret

REPETITIONS = 20  # rows that one answer shall bring, as the other library asks for
_ABSENT = (api.NoSuchObject, api.NoSuchInstance, api.EndOfMibView, api.Null)
_NO_ACCESS, _AUTHORIZATION = 6, 16  # error-status of RFC 3416

_CREDENTIALS = (
    errind.AuthenticationError,
    errind.AuthenticationFailure,
    errind.DecryptionError,
    errind.UnknownUserName,
    errind.UnknownSecurityName,
    errind.UnsupportedSecurityLevel,
    errind.WrongDigest,
)

_AUTHENTICATION: Mapping[str, Any] = {
    "md5": api.USM_AUTH_HMAC96_MD5,
    "sha1": api.USM_AUTH_HMAC96_SHA,
    "sha224": api.USM_AUTH_HMAC128_SHA224,
    "sha256": api.USM_AUTH_HMAC192_SHA256,
    "sha384": api.USM_AUTH_HMAC256_SHA384,
    "sha512": api.USM_AUTH_HMAC384_SHA512,
}
_PRIVACY: Mapping[str, Any] = {
    "des": api.USM_PRIV_CBC56_DES,
    "aes128": api.USM_PRIV_CFB128_AES,
    "aes192": api.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "aes256": api.USM_PRIV_CFB256_AES_BLUMENTHAL,
}


def open_peer(address: str, settings: SnmpSettings, try_seconds: float) -> "PysnmpPeer":
    """A peer at an IP address; sends nothing yet. Raises PermissionError without the secrets."""
    if settings.community_file is not None:
        return PysnmpPeer(address, settings.port, api.CommunityData(secret(settings.community_file)), try_seconds)
    return PysnmpPeer(address, settings.port, _user(settings), try_seconds)


def _user(settings: SnmpSettings) -> Any:
    assert settings.authentication_file is not None
    keys = {"authKey": secret(settings.authentication_file), "authProtocol": _AUTHENTICATION[settings.authentication]}
    if settings.privacy_file is not None:
        keys |= {"privKey": secret(settings.privacy_file), "privProtocol": _PRIVACY[settings.privacy]}
    return api.UsmUserData(settings.user, **keys)  # noqa: S509 - some devices cannot encrypt


class PysnmpPeer:
    """The library is asyncio's; each peer drives it with a loop of its own, in the thread of its probe."""

    def __init__(self, address: str, port: int, credentials: Any, try_seconds: float) -> None:
        self._loop = asyncio.new_event_loop()
        self._engine = api.SnmpEngine()
        self._credentials = credentials
        kind = api.Udp6TransportTarget if ":" in address else api.UdpTransportTarget
        self._target = self._loop.run_until_complete(kind.create((address, port), try_seconds, 0))

    def get(self, oids: Sequence[str]) -> dict[str, SnmpValue]:
        wanted = [api.ObjectType(api.ObjectIdentity(oid)) for oid in oids]
        bound = self._answer(api.get_cmd(*self._question(), *wanted, lookupMib=False))
        return {oid: value for oid, value in bound if value is not None}

    def walk(self, root: str) -> Callable[[], Row | None]:
        waiting: list[tuple[str, SnmpValue | None]] = []
        last = root

        def following() -> Row | None:
            nonlocal last
            if not waiting:
                waiting.extend(self._bulk(last))
            last, value = waiting.pop(0) if waiting else (last, None)
            return (last, value) if value is not None and last.startswith(f"{root}.") else None

        return following

    def close(self) -> None:
        self._engine.close_dispatcher()
        self._loop.run_until_complete(asyncio.sleep(0))  # lets its transport close
        self._loop.close()

    def _bulk(self, after: str) -> list[tuple[str, SnmpValue | None]]:
        start = api.ObjectType(api.ObjectIdentity(after))
        return self._answer(api.bulk_cmd(*self._question(), 0, REPETITIONS, start, lookupMib=False))

    def _garbled(self) -> bool:
        """Whether anything came that could not be read: the library only counts it, and waits on."""
        (counter,) = self._engine.get_mib_builder().import_symbols("__SNMPv2-MIB", "snmpInASNParseErrs")
        return int(counter.syntax) > 0

    def _question(self) -> tuple[Any, ...]:
        return self._engine, self._credentials, self._target, api.ContextData()

    def _answer(self, question: Awaitable[Any]) -> list[tuple[str, SnmpValue | None]]:
        try:
            failure, status, _, bound = self._loop.run_until_complete(question)
        except PySnmpError as error:
            raise BadAnswer(f"the device answered with something else: {error}") from error
        if failure is not None:
            raise _failed(failure, self._garbled())
        if int(status) in (_NO_ACCESS, _AUTHORIZATION):
            raise PermissionError("the device does not let this user read that")
        if status:
            raise BadAnswer(f"the device answered with error {int(status)}")
        return [(str(oid), _plain(value)) for oid, value in bound]


def _failed(failure: Any, garbled: bool) -> Exception:
    if isinstance(failure, errind.RequestTimedOut) and not garbled:
        return TimeoutError("the device did not answer")
    if isinstance(failure, _CREDENTIALS):
        return PermissionError(f"the device does not take this user or these passwords: {failure}")
    return BadAnswer(f"the device answered with something else: {failure}")


def _plain(value: Any) -> SnmpValue | None:
    if isinstance(value, _ABSENT):
        return None
    if isinstance(value, api.OctetString):
        return str(value.prettyPrint()) if isinstance(value, api.IpAddress) else bytes(value)
    return int(value) if hasattr(value, "__int__") else str(value)  # else an object identifier
