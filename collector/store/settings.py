"""Settings of the series store."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from collector.store.protocol import Retention
from contract.shapes import Between
from contract.targets import Url


@dataclass(frozen=True)
class InfluxSettings:
    """An InfluxDB 1.6 or newer, 2.x or 3.x; `auto` finds its write path. Secrets stand in files of their own (0600)."""

    url: Url
    database: str = "sonca"
    write_path: Literal["auto", "/api/v2/write", "/write"] = "auto"
    organization: str = ""
    token_file: str | None = None
    username: str | None = None
    password_file: str | None = None
    tls_ca_file: str | None = None  # an https server whose certificate is signed by an authority of the school's own
    timeout_seconds: Annotated[float, Between(0.1, 600)] = 10.0


@dataclass(frozen=True)
class StoreSettings:
    """Which engine keeps the series. `path` (SQLite) is relative to the data folder."""

    kind: Literal["sqlite", "influx"] = "sqlite"
    path: str = "series.db"
    influx: InfluxSettings | None = None
    retention: Retention = field(default_factory=Retention)
