"""Tells each agent what to probe: the targets of its school, retained, so that it finds them when it wakes up."""

from typing import Protocol

from collector.present import Present
from contract import defaults
from contract.messages import ProbeSettings, encode
from contract.targets import DNS, GATEWAY_TARGET, INTERNET, SERVICES, targets_of
from contract.topics import Channel, build
from inventory.school import School
from inventory.schools import Schools


class Publishes(Protocol):
    """What it needs of the subscription."""

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None: ...
    def is_connected(self) -> bool: ...

    @property
    def session(self) -> int: ...


class SettingsPublisher:
    """Publishes ProbeSettings to every agent that was ever heard, when they differ from what was last sent.

    After a new connection all are sent again: a broker that was killed, or set up anew, may have forgotten them.
    """

    def __init__(self, line: Publishes, schools: Schools, present: Present) -> None:
        self._line = line
        self._schools = schools
        self._present = present
        self._sent: dict[str, bytes] = {}
        self._session = 0

    def publish(self, now: int) -> None:
        """Sends what is new. Without a connection nothing is sent, and all is tried again."""
        if not self._line.is_connected():
            return
        if self._session != self._line.session:
            self._session, self._sent = self._line.session, {}
        for school in self._schools.all():
            payload = encode(probe_settings(school, now))
            for agent in self._present.agents(school.site):
                topic = build(school.site, agent.agent, Channel.SETTINGS)
                if self._sent.get(topic) != payload:
                    self._line.publish(topic, payload, retain=True)
                    self._sent[topic] = payload


def probe_settings(school: School, now: int) -> ProbeSettings:
    """What the agents of a school shall reach, and when it has lessons; groups that school.yaml does not name have the
    defaults. `now` (UTC milliseconds) tells how far the school's clock is from UTC.
    """
    internet = defaults.INTERNET if school.internet is None else school.internet
    dns = defaults.DNS if school.dns is None else school.dns
    return ProbeSettings(
        targets=(
            GATEWAY_TARGET,
            *targets_of(INTERNET, internet),
            *targets_of(DNS, dns),
            *targets_of(SERVICES, school.services),
        ),
        lessons=school.lessons(now),
    )
