"""SNMP for probes: one small interface over two libraries, which come with the extra `snmp`.

A session keeps what a device answered before it failed, and the failure as `trouble`: half an answer is half an answer.
"""

import contextlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.lookup import addresses_of
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.snmp_settings import SnmpSettings
from contract.messages import Outcome, Value

# The second is 20 times slower and takes 50 MiB more, but it is pure Python: Windows has no wheel of the first.
LIBRARIES = ("agent.probes.snmp_gufo", "agent.probes.snmp_pysnmp")
TRIES = 3  # a datagram may get lost
LONGEST_TRY_SECONDS = 2.0
MOST_ROWS = 4096  # of one column; a device that never ends must not fill the memory

SnmpValue = int | float | str | bytes  # bytes: an octet string; str: an object identifier or an IPv4 address
Row = tuple[str, SnmpValue]  # object identifier, value
Answer = TypeVar("Answer")


class Peer(Protocol):
    """One device as a library's edge offers it, one try a call.

    Both raise TimeoutError, ConnectionRefusedError, PermissionError (wrong user, password or rights; a wrong community
    is silence) and BadAnswer, and leave out what the device does not have.
    """

    def get(self, oids: Sequence[str]) -> dict[str, SnmpValue]: ...

    def walk(self, root: str) -> Callable[[], Row | None]:
        """Each call gives the next row below `root`, None at the end; after a TimeoutError it can be called again."""

    def close(self) -> None: ...


class SnmpSession:
    """Asks until the first failure that leaves no hope; then every further question has an empty answer."""

    def __init__(self, peer: Peer, deadline: Deadline, step: Callable[[str], None]) -> None:
        self.trouble: Exception | None = None
        self._peer = peer
        self._deadline = deadline
        self._step = step

    def get(self, *oids: str) -> dict[str, SnmpValue]:
        """The values of single objects (`1.3.6.1.2.1.1.3.0`), without those that the device does not have."""
        found: dict[str, SnmpValue] = {}
        if self._hopeless:
            return found
        with self._noting():
            found = self._patiently(lambda: self._peer.get(oids))
        if isinstance(self.trouble, BadAnswer) and not found and len(oids) > 1:
            # Some devices refuse the whole question for one object that they stumble over.
            return {name: value for oid in oids for name, value in self.get(oid).items()}
        self._step(f"asked for {len(oids)} objects, got {len(found)}")
        return found

    def column(self, root: str) -> dict[str, SnmpValue]:
        """A column of a table by its index (`1.3.6.1.2.1.2.2.1.2` -> {"1": b"eth0"}), at most MOST_ROWS of it."""
        found: dict[str, SnmpValue] = {}
        if self._hopeless:
            return found
        with self._noting():
            following = self._peer.walk(root)
            last: tuple[int, ...] = ()
            while len(found) < MOST_ROWS and (row := self._patiently(following)) is not None:
                place = index_of(row[0], root)
                if place <= last:
                    raise BadAnswer(f"the device goes round in circles below {root}")
                last = place
                found[".".join(map(str, place))] = row[1]
        self._step(f"walked {root}: {len(found)} rows")
        return found

    @property
    def outcome(self) -> Outcome:
        return Outcome.OK if self.trouble is None else outcome_of(self.trouble)

    def one(self, fields: dict[str, Value], lacking: str) -> list[Finding]:
        """What was found of the device as a whole. Raises the trouble, or Unsupported with `lacking`, without any."""
        self._check(fields, lacking)
        return [Finding(self.outcome, fields)]

    def many(self, findings: list[Finding], lacking: str) -> list[Finding]:
        """What was found of its parts, and one more finding for what was not told. Raises as `one` does."""
        self._check(findings, lacking)
        return findings if self.trouble is None else [*findings, Finding(self.outcome)]

    def _check(self, found: object, lacking: str) -> None:
        if not found:
            raise Unsupported(lacking) if self.trouble is None else self.trouble

    @property
    def _hopeless(self) -> bool:
        """After a bad answer other questions may still be answered well."""
        return self.trouble is not None and not isinstance(self.trouble, BadAnswer)

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except (OSError, BadAnswer) as error:
            self._step(f"{type(error).__name__}: {error}")
            self.trouble = self.trouble or error

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        for _ in range(TRIES - 1):
            self._deadline.left("the device")
            with contextlib.suppress(TimeoutError):
                return ask()
            self._step("no answer, so it is asked again")
        self._deadline.left("the device")
        return ask()


@contextlib.contextmanager
def snmp_session(task: Task) -> Iterator[SnmpSession]:
    """A session with the task's device. Raises Unsupported without a library, PermissionError without the secrets."""
    assert task.device is not None
    assert task.device.snmp is not None
    settings = task.device.snmp
    deadline = Deadline(task.deadline_seconds)
    address = str(addresses_of(task.device.address, settings.port, deadline)[0].sockaddr[0])
    task.step(f"asks {address} port {settings.port} by SNMP {settings.version}")
    peer = _open(address, settings, min(LONGEST_TRY_SECONDS, task.deadline_seconds / (TRIES + 1)))
    try:
        yield SnmpSession(peer, deadline, task.step)
    finally:
        peer.close()


def index_of(oid: str, root: str) -> tuple[int, ...]:
    """What stands behind `root` in an object identifier. Raises BadAnswer when it does not begin with it."""
    prefix, _, rest = oid.removeprefix(root).partition(".")
    if prefix or not oid.startswith(root) or not rest:
        raise BadAnswer(f"{oid[:60]} was not asked for")
    return tuple(map(int, rest.split(".")))


def _open(address: str, settings: SnmpSettings, try_seconds: float) -> Peer:
    for name in LIBRARIES:
        try:
            library = importlib.import_module(name)
        except ImportError:
            continue
        peer: Peer = library.open_peer(address, settings, try_seconds)
        return peer
    raise Unsupported('there is no SNMP library; install it with: pip install "sonca[snmp]"')
