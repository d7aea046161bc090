"""How other PCs reach the broker of `sonca up`: an address of this machine, with TLS by the school's own authority."""

from datetime import UTC, datetime

from broker_config.certificates import authority, issue_broker
from broker_config.listener import Listener, Tls
from sonca.data_folder import DataFolder

TLS_PORT = 8883


def listen_at(folder: DataFolder, address: str) -> None:
    """Remembers the address (empty: none) that `sonca up` was given, for itself and for `sonca agent-account`."""
    folder.public_address_file.write_text(address, encoding="utf-8")


def public_listener(folder: DataFolder, school: str) -> Listener | None:
    """The listener at the remembered address, its certificates made when they are missing. Raises BrokerError."""
    file = folder.public_address_file
    address = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    if not address:
        return None
    now = datetime.now(UTC)
    own = authority(folder.certificates, school, now)
    broker = issue_broker(folder.certificates, [address], now)
    return Listener(TLS_PORT, address, Tls(own.certificate_file, broker.certificate_file, broker.key_file))
