"""Two projectors and a printer for tests, inside a namespace: one greets by PJLink, the other is busy with somebody
else and only answers a search; the printer answers mDNS.

python -m tests.announcing_devices PROJECTOR-ADDRESS PRINTER-ADDRESS BUSY-PROJECTOR-ADDRESS
"""

import socket
import struct
import sys
import threading

PORT = 4352


def greet(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"PJLINK 0\r")


def answer_search(hearing: socket.socket, saying: socket.socket) -> None:
    while True:
        question, asker = hearing.recvfrom(512)
        if question == b"%2SRCH\r":
            saying.sendto(b"%2ACKN=00:26:ab:00:00:07\r", asker)


def bound(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, port))
    return sock


def record(name: bytes, kind: int, data: bytes) -> bytes:
    return name + struct.pack("!HHIH", kind, 1, 120, len(data)) + data


def announcement() -> bytes:
    service = b"\x04_ipp\x04_tcp\x05local\0"
    own = b"\x09M\xc3\xa1y in 1" + service
    said = b"".join(bytes((len(text),)) + text for text in (b"txtvers=1", b"ty=Brother HL-L2350DW series", b"note="))
    return struct.pack("!HHHHHH", 0, 0x8400, 0, 2, 0, 0) + record(service, 12, own) + record(own, 16, said)


def announce(address: str) -> None:
    group = socket.inet_aton("224.0.0.251") + socket.inet_aton(address)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hearing,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as saying,
    ):
        hearing.bind(("224.0.0.251", 5353))
        hearing.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        saying.bind((address, 5353))
        print("ready", flush=True)
        while True:
            question, asker = hearing.recvfrom(9000)
            if b"\x04_ipp\x04_tcp\x05local\0" in question:
                saying.sendto(announcement(), asker)


if __name__ == "__main__":
    projector = socket.create_server((sys.argv[1], PORT))
    busy = bound("", PORT), bound(sys.argv[3], 0)
    threading.Thread(target=greet, args=(projector,), daemon=True).start()
    threading.Thread(target=answer_search, args=busy, daemon=True).start()
    announce(sys.argv[2])
