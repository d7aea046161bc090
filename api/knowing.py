"""Reads what the stores know of one device, for its picture of health."""

from api.sources import Sources
from api.view.health_projector import LAMP
from api.view.known import Known
from api.view.site import DeviceNow, SiteNow
from collector.store.protocol import DAY_MS
from inventory.lamps import WINDOW_DAYS


def known_of(sources: Sources, site: SiteNow, entry: DeviceNow, now: int) -> Known:
    """Everything about one device at `now`. Raises StoreUnavailable."""
    store, name, device = sources.store(), site.school.site, entry.device
    latest = store.latest(name, device.id)
    lamps = {
        lamp.target: store.series(
            name, device.id, LAMP, lamp.target, "hours", now - WINDOW_DAYS * DAY_MS, now + 1, DAY_MS
        )
        for lamp in latest
        if lamp.probe == LAMP
    }
    return Known(device, now, site.school.zone, latest, sources.state().equipment(name, device.id), lamps)
