"""/etc/config/sonca of a router, whose shell agent reads it (openwrt/etc/init.d/sonca)."""

from contract.connection import BrokerConnection

PASSWORD, SENDER_PASSWORD, AUTHORITY = "password", "sender-password", "authority.crt"
ON_THE_ROUTER = "/etc/sonca"


def router_settings(site: str, agent: str, connection: BrokerConnection) -> str:
    """The text of the file; passwords and the authority's certificate are copied to ON_THE_ROUTER."""
    options = {
        "site": site,
        "agent": agent,
        "host": connection.host,
        "port": str(connection.port),
        "mqtt_version": connection.mqtt_version,
        "password_file": f"{ON_THE_ROUTER}/{PASSWORD}",
        "sender_password_file": f"{ON_THE_ROUTER}/{SENDER_PASSWORD}",
        **({"ca_file": f"{ON_THE_ROUTER}/{AUTHORITY}"} if connection.tls_ca_file else {}),
        "wan": "wan",
    }
    # Every value is an id, an address, a number or a path of ours: none holds a quote.
    return "config agent 'agent'\n" + "".join(f"\toption {name} '{value}'\n" for name, value in options.items())
