"""What Prometheus scrapes: SonCa's own state, read when it is asked for."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.sites import Sites
from api.view.site import SiteNow
from collector.store.protocol import RoomState, StoredMeasurement, StoreUnavailable
from collector.store.state_protocol import Presence
from contract.metrics import PROBES, Kind
from contract.topics import OWN_SITE

log = logging.getLogger(__name__)


class OwnMetrics(Collector):
    """A scrape never fails: without the store it says `sonca_store_up 0` and little else."""

    def __init__(self, sites: Sites, clients: Callable[[], int], now_ms: Callable[[], int]) -> None:
        self._sites = sites
        self._clients = clients
        self._now_ms = now_ms

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("sonca_event_clients", "open pages that follow live", self._clients())
        try:
            now = self._now_ms()
            found = [self._sites.now(school.site, now) for school in self._sites.all()]
            own = self._sites.sources.store().latest(OWN_SITE)
            refused = self._sites.sources.state().refused_counts()
        except StoreUnavailable as error:
            log.warning("/metrics: %s", error)
            yield GaugeMetricFamily("sonca_store_up", "1: series and state can be read", 0)
            return
        yield GaugeMetricFamily("sonca_store_up", "1: series and state can be read", 1)
        yield from _site_metrics(found)
        yield from _collector_metrics(own)
        by_reason = CounterMetricFamily("sonca_refused", "payloads and measurements refused", labels=["reason"])
        for reason, number in refused.items():
            by_reason.add_metric([reason], number)
        yield by_reason


def _site_metrics(found: list[SiteNow]) -> Iterator[Metric]:
    agents = GaugeMetricFamily("sonca_agents", "agents by presence", labels=["site", "presence"])
    rooms = GaugeMetricFamily("sonca_rooms", "rooms by state", labels=["site", "state"])
    age = GaugeMetricFamily("sonca_newest_data_age_seconds", "since any agent was last heard", labels=["site"])
    for site in found:
        name = site.school.site
        presences = Counter(device.agent.presence for device in site.devices() if device.agent is not None)
        states = Counter(view.state for view in site.rooms)
        for presence in Presence:
            agents.add_metric([name, presence.value], presences[presence])
        for state in (*RoomState, None):
            rooms.add_metric([name, "unknown" if state is None else state.value], states[state])
        if site.hearing.newest_data_at:
            age.add_metric([name], (site.at - site.hearing.newest_data_at) / 1000)
    yield from (agents, rooms, age)


def _collector_metrics(own: list[StoredMeasurement]) -> Iterator[Metric]:
    """Each field of the catalogue's probe `collector`: totals since its start as counters, times as gauges."""
    for field in PROBES["collector"].fields.values():
        family = CounterMetricFamily if field.kind is Kind.INTEGER and field.name != "gaps" else GaugeMetricFamily
        metric = family(f"sonca_collector_{field.name}", field.english, labels=["collector"])
        for entry in own:
            if field.name in entry.fields:
                metric.add_metric([entry.device], float(entry.fields[field.name]))
        yield metric
