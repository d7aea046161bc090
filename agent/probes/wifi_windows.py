"""The Wi-Fi link on Windows, by wlanapi (netsh is translated into the user's language)."""

import struct
from typing import Any

from agent.probes.finding import Finding, Task
from agent.probes.outcomes import Unsupported
from agent.probes.wifi import printable
from agent.probes.wifi_roaming import LINKS, Sent
from contract.messages import Outcome, Value

ACCESS_DENIED, SERVICE_NOT_ACTIVE, NOT_CONNECTED = 5, 1062, 5023
_CONNECTION, _CHANNEL, _STATISTICS, _SIGNAL_DBM = 7, 8, 0x10000101, 0x10000102  # WLAN_INTF_OPCODE
_CONNECTED = 1  # wlan_interface_state_connected
_INTERFACE_BYTES, _DESCRIPTION_BYTES = 532, 512  # WLAN_INTERFACE_INFO: GUID, WCHAR[256], state
# WLAN_CONNECTION_ATTRIBUTES up to its association: state, mode, profile name (WCHAR[256]).
_ASSOCIATION_AT = 520
_ASSOCIATION = struct.Struct("<I32sI6s2xIIIII")  # SSID, BSS type, BSSID, PHY type, index, quality, two rates
# WLAN_STATISTICS: 27 counters of 64 bits (3, and 12 each of unicast and multicast), then the number of radios, and of
# each 18 counters (WLAN_PHY_FRAME_STATISTICS): sent, sent to all, failed, repeated...
_RADIOS_AT, _FIRST_RADIO_AT, _RADIO_BYTES = 216, 224, 144
_RADIO = struct.Struct("<QQQQ")
_MOST_RADIOS = 64


def windows_links(task: Task) -> list[Finding]:
    """A finding for each Wi-Fi card, its target the card's description.

    Raises PermissionError, Unsupported, OSError.
    """
    import ctypes

    try:
        library = ctypes.WinDLL("wlanapi")  # type: ignore[attr-defined]  # exists on Windows only
    except OSError as error:
        raise Unsupported("this Windows has no wlanapi (a server without the Wireless LAN service)") from error
    handle, version = ctypes.c_void_p(), ctypes.c_uint32()
    _check(library.WlanOpenHandle(2, None, ctypes.byref(version), ctypes.byref(handle)))
    try:
        cards = interfaces(_list_bytes(library, handle))
        task.step(f"Wi-Fi cards: {', '.join(name for _, name, _ in cards) or 'none'}")
        return [_finding(library, handle, *card, task) for card in cards]
    finally:
        library.WlanCloseHandle(handle, None)


def interfaces(listed: bytes) -> list[tuple[bytes, str, bool]]:
    """(GUID, description, connected) of each card in a WLAN_INTERFACE_INFO_LIST."""
    if len(listed) < 8:
        return []
    (count,) = struct.unpack_from("<I", listed)
    cards = []
    for start in range(8, 8 + min(count, 64) * _INTERFACE_BYTES, _INTERFACE_BYTES):
        card = listed[start : start + _INTERFACE_BYTES]
        if len(card) == _INTERFACE_BYTES:
            name = card[16 : 16 + _DESCRIPTION_BYTES].decode("utf-16-le", "replace").partition("\0")[0]
            cards.append((card[:16], printable(name), struct.unpack_from("<I", card, 528)[0] == _CONNECTED))
    return cards


def connection_fields(connection: bytes) -> dict[str, Value]:
    """The fields in a WLAN_CONNECTION_ATTRIBUTES; rates stand there in kbit/s."""
    if len(connection) < _ASSOCIATION_AT + _ASSOCIATION.size:
        return {}
    length, ssid, _, _, _, _, quality, receive, send = _ASSOCIATION.unpack_from(connection, _ASSOCIATION_AT)
    fields: dict[str, Value] = {"signal_percent": float(min(quality, 100))}
    for name, rate in (("receive_rate_mbps", receive), ("send_rate_mbps", send)):
        if 0 < rate <= 100_000_000:
            fields[name] = round(rate / 1000, 1)
    if ssid[:length]:
        fields["network_name"] = printable(ssid[:length].decode("utf-8", "replace"))
    return fields


def access_point(connection: bytes) -> str:
    """The address of the access point in a WLAN_CONNECTION_ATTRIBUTES, empty where Windows hides it."""
    if len(connection) < _ASSOCIATION_AT + _ASSOCIATION.size:
        return ""
    address: bytes = _ASSOCIATION.unpack_from(connection, _ASSOCIATION_AT)[3]
    return address.hex(":") if any(address) else ""


def read_sent(statistics: bytes) -> Sent | None:
    """The packets in a WLAN_STATISTICS, all radios together; None where the driver counts none."""
    if len(statistics) < _FIRST_RADIO_AT:
        return None
    (radios,) = struct.unpack_from("<I", statistics, _RADIOS_AT)
    packets = again = failed = 0
    for start in range(_FIRST_RADIO_AT, _FIRST_RADIO_AT + min(radios, _MOST_RADIOS) * _RADIO_BYTES, _RADIO_BYTES):
        if start + _RADIO.size <= len(statistics):
            sent, _, lost, repeated = _RADIO.unpack_from(statistics, start)
            packets, again, failed = packets + sent, again + repeated, failed + lost
    return Sent(packets, again, failed) if packets else None


def _finding(library: Any, handle: Any, guid: bytes, name: str, connected: bool, task: Task) -> Finding:
    if not connected:
        task.step(f"{name} has no link")
        return Finding(Outcome.UNREACHABLE, target=name)
    connection = _query(library, handle, guid, _CONNECTION)
    fields = connection_fields(connection)
    channel, signal = _query(library, handle, guid, _CHANNEL), _query(library, handle, guid, _SIGNAL_DBM)
    if len(channel) >= 4:
        fields["channel"] = struct.unpack_from("<I", channel)[0]
    if len(signal) >= 4 and -150 <= (level := struct.unpack_from("<i", signal)[0]) <= 0:
        fields["signal_dbm"] = float(level)
    sent = read_sent(_query(library, handle, guid, _STATISTICS))
    fields |= LINKS.follow(name, access_point(connection), sent)
    return Finding(Outcome.OK, fields, name)


def _list_bytes(library: Any, handle: Any) -> bytes:
    import ctypes

    found = ctypes.c_void_p()
    _check(library.WlanEnumInterfaces(handle, None, ctypes.byref(found)))
    try:
        (count,) = struct.unpack("<I", ctypes.string_at(found, 4))
        return ctypes.string_at(found, 8 + count * _INTERFACE_BYTES)
    finally:
        library.WlanFreeMemory(found)


def _query(library: Any, handle: Any, guid: bytes, what: int) -> bytes:
    """The bytes of one property, empty when the driver does not know it. Raises PermissionError, OSError."""
    import ctypes

    size, found = ctypes.c_uint32(), ctypes.c_void_p()
    status = library.WlanQueryInterface(handle, guid, what, None, ctypes.byref(size), ctypes.byref(found), None)
    if status and what != _CONNECTION and status != ACCESS_DENIED:
        return b""
    _check(status)
    try:
        return ctypes.string_at(found, size.value)
    finally:
        library.WlanFreeMemory(found)


def _check(status: int) -> None:
    if status == ACCESS_DENIED:
        raise PermissionError(status, "Windows gives Wi-Fi details only with consent to location services")
    if status == SERVICE_NOT_ACTIVE:
        raise Unsupported("the WLAN AutoConfig service of Windows is not running")
    if status:
        raise OSError(status, f"wlanapi failed with error {status}")
