"""Printers that announce themselves by mDNS (RFC 6762): one question to the group, answers for a while."""

import socket
import struct
import time
from ipaddress import IPv4Network, ip_address

from agent.probes.snmp_values import text

GROUP, PORT = "224.0.0.251", 5353
SERVICES = ("_ipp._tcp.local", "_pdl-datastream._tcp.local", "_printer._tcp.local")
LISTEN_SECONDS = 2.0
POINTER, ANSWER_ME_ALONE = 12, 0x8001


def printers_on(network: IPv4Network) -> dict[str, str]:
    """Address -> model, empty where it tells none, of printers in the network; none where no group can be reached."""
    found: dict[str, str] = {}
    end = time.monotonic() + LISTEN_SECONDS
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(_own_address(network)))
            sock.sendto(question(), (GROUP, PORT))
            while (left := end - time.monotonic()) > 0:
                sock.settimeout(left)
                packet, (sender, _) = sock.recvfrom(9000)
                if ip_address(sender) in network and is_printer(packet):
                    found[sender] = model_in(packet) or found.get(sender, "")
    except OSError:  # the time is over, or this network takes no multicast
        return found
    return found


def question() -> bytes:
    """Who offers one of the services that printers offer."""
    names = (b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) for name in SERVICES)
    asked = b"".join(name + b"\0" + struct.pack("!HH", POINTER, ANSWER_ME_ALONE) for name in names)
    return struct.pack("!HHHHHH", 0, 0, len(SERVICES), 0, 0, 0) + asked


def is_printer(packet: bytes) -> bool:
    """Whether it is an answer that names one of the services."""
    labels = (bytes((len(name),)) + name for name in (service.partition(".")[0].encode() for service in SERVICES))
    return len(packet) > 12 and bool(packet[2] & 0x80) and any(label in packet for label in labels)


def model_in(packet: bytes) -> str:
    """What its text record says after `ty=`, as printers write their model; empty without."""
    at = packet.find(b"ty=")
    if at < 1 or packet[at - 1] < 3:
        return ""
    return text(packet[at + 3 : at + packet[at - 1]])


def _own_address(network: IPv4Network) -> str:
    """This machine's address towards the network. Sends nothing. Raises OSError without a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((str(next(network.hosts())), PORT))
        return str(sock.getsockname()[0])
