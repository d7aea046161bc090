"""The targets that are used until a school names its own: examples, all replaceable.

No group relies on one company's hosts, so that one company's outage is not taken for the school's.
"""

from contract.targets import TargetEntry

DEFAULT_INTERNET: tuple[TargetEntry, ...] = (
    TargetEntry("cloudflare", ping="1.1.1.1"),
    TargetEntry("quad9", ping="9.9.9.9"),
    TargetEntry("google", ping="8.8.8.8"),
    TargetEntry("google-check", web="http://connectivitycheck.gstatic.com/generate_204", expect_status=204),
    TargetEntry("mozilla-check", web="http://detectportal.firefox.com/success.txt", expect_text="success"),
    TargetEntry(
        "gnome-check", web="http://nmcheck.gnome.org/check_network_status.txt", expect_text="NetworkManager is online"
    ),
)

DEFAULT_DNS: tuple[TargetEntry, ...] = (
    TargetEntry("system", dns="vnexpress.net"),
    TargetEntry("quad9", dns="vnexpress.net", server="9.9.9.9"),
)
