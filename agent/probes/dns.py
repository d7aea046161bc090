"""dns: name resolution by the system's resolver, or by a given server."""

import secrets
import socket
import time

from agent.probes.deadline import Deadline
from agent.probes.dns_message import AAAA, NAME_NOT_FOUND, NO_ERROR, REFUSED, A, Answer, question, read_answer
from agent.probes.finding import Finding, Task
from agent.probes.lookup import Address, addresses_of, milliseconds_since, split_host_port
from agent.probes.outcomes import BadAnswer
from contract.messages import Outcome

FIRST_TRY_SHARE = 0.4  # of the time left: a lost packet is asked for once more within the deadline


def probe(task: Task) -> list[Finding]:
    """One finding: time until the answer and the number of addresses in it.

    `lookup_ms` of a given server is the time of the IPv4 question, so that it compares with other tools; the IPv6
    question follows. Raises socket.gaierror, ConnectionRefusedError, TimeoutError, BadAnswer, ValueError.
    """
    deadline = Deadline(task.deadline_seconds)
    name = task.target.address
    start = time.perf_counter()
    if task.target.server:
        lookup_ms, count = _ask_server(name, task, deadline)
    else:
        task.step(f"asking the system's resolver for {name}")
        count = len(addresses_of(name, 0, deadline))
        lookup_ms = milliseconds_since(start)
    task.step(f"{count} addresses after {lookup_ms:.1f} ms")
    return [Finding(Outcome.OK, {"lookup_ms": lookup_ms, "addresses": count})]


def _ask_server(name: str, task: Task, deadline: Deadline) -> tuple[float, int]:
    host, port = _server_of(task.target.server)
    server = addresses_of(host, port, deadline)[0]
    task.step(f"asking {server.text} port {port} for {name}")
    start = time.perf_counter()
    ipv4 = _checked(exchange(server, name, A, deadline), name)
    lookup_ms = milliseconds_since(start)
    try:
        ipv6 = _checked(exchange(server, name, AAAA, deadline), name)
    except (OSError, BadAnswer) as error:
        # Old servers stay silent or fail on IPv6 questions; the IPv4 answer is what counts then.
        if not ipv4.addresses:
            raise
        task.step(f"the IPv6 question went wrong: {error}")
        return lookup_ms, ipv4.addresses
    if not ipv4.addresses + ipv6.addresses:
        raise socket.gaierror(socket.EAI_NONAME, f"{name} exists but has no address")
    return lookup_ms, ipv4.addresses + ipv6.addresses


def _server_of(server: str) -> tuple[str, int]:
    """Host and port; an IPv6 address may stand without brackets when no port follows."""
    if server.count(":") > 1 and not server.startswith("["):
        return server, 53
    return split_host_port(server, 53)


def _checked(answer: Answer, name: str) -> Answer:
    """The answer, if the server gave one. Raises socket.gaierror, ConnectionRefusedError, BadAnswer."""
    if answer.code == NAME_NOT_FOUND:
        raise socket.gaierror(socket.EAI_NONAME, f"the name server knows no {name}")
    if answer.code == REFUSED:
        raise ConnectionRefusedError("the name server refuses to answer this machine")
    if answer.code != NO_ERROR:
        raise BadAnswer(f"the name server failed with code {answer.code}")
    return answer


def exchange(server: Address, name: str, kind: int, deadline: Deadline) -> Answer:
    """One question over UDP, repeated once, and over TCP when the answer does not fit. Raises OSError, BadAnswer."""
    query = question(secrets.randbelow(0x10000), name, kind)
    with socket.socket(server.family, socket.SOCK_DGRAM) as sock:
        sock.connect(server.sockaddr)  # the kernel then drops what others send, and tells of a closed port
        try:
            answer = _over_udp(sock, query, Deadline(deadline.left("the name server") * FIRST_TRY_SHARE))
        except TimeoutError:
            answer = _over_udp(sock, query, deadline)
    return _over_tcp(server, query, deadline) if answer.truncated else answer


def _over_udp(sock: socket.socket, query: bytes, deadline: Deadline) -> Answer:
    sock.send(query)
    while True:
        sock.settimeout(deadline.left("the name server"))
        answer = read_answer(sock.recv(4096), query)
        if answer is not None:
            return answer


def _over_tcp(server: Address, query: bytes, deadline: Deadline) -> Answer:
    with socket.socket(server.family, socket.SOCK_STREAM) as sock:
        sock.settimeout(deadline.left("the name server"))
        sock.connect(server.sockaddr)
        sock.sendall(len(query).to_bytes(2, "big") + query)
        length = int.from_bytes(_exactly(sock, 2, deadline), "big")
        answer = read_answer(_exactly(sock, length, deadline), query)
    if answer is None or answer.truncated:
        raise BadAnswer("the name server answered something else over TCP")
    return answer


def _exactly(sock: socket.socket, count: int, deadline: Deadline) -> bytes:
    data = b""
    while len(data) < count:
        sock.settimeout(deadline.left("the name server"))
        part = sock.recv(count - len(data))
        if not part:
            raise BadAnswer("the name server closed the connection in the middle of its answer")
        data += part
    return data
