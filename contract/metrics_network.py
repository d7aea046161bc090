"""The part of the catalogue that a sentinel measures of the network segment that it stands in."""

from contract.fields import Probe, count, probe, text, yes_no

NEIGHBOUR = "neighbour"  # its measurements go to the relational state, where they can be forgotten

WATCHED: tuple[Probe, ...] = (
    probe(
        "network_neighbours",
        "who is on the network segment of a sentinel, asked by ARP",
        "các thiết bị trong đoạn mạng của máy canh gác, hỏi bằng ARP",
        "",
        count("hosts", "devices that answered, the sentinel itself left out", "Số thiết bị trả lời"),
        count(
            "unlisted",
            "those that are counted only: software chose their address, as telephones do",
            "Số thiết bị chỉ đếm, không liệt kê (địa chỉ MAC ngẫu nhiên, như điện thoại)",
        ),
        count("duplicates", "addresses that two devices have", "Số địa chỉ IP bị trùng"),
        text("duplicate_addresses", "the first of them", "Các địa chỉ IP bị trùng"),
    ),
    probe(
        NEIGHBOUR,
        "one device of the segment; kept apart from the series and forgotten after `neighbour_days`",
        "một thiết bị trong đoạn mạng; lưu riêng và được quên sau `neighbour_days` ngày",
        "hardware address",
        text("address", "its IP address, or the first of several", "Địa chỉ IP"),
        text("vendor", "who made its network card", "Hãng sản xuất"),
        text(
            "known_as",
            "what the agent knows it as: a device that it polls, gateway, or listed in its settings",
            "Tác tử biết thiết bị này là gì",
        ),
    ),
    probe(
        "dhcp_servers",
        "who hands out addresses on the segment; no lease is taken",
        "máy chủ DHCP trong đoạn mạng; chỉ hỏi, không nhận địa chỉ",
        "",
        count("servers", "servers that offered an address", "Số máy chủ DHCP"),
        text("offered_by", "their addresses", "Địa chỉ các máy chủ DHCP"),
        count("rogue_servers", "those that the settings do not allow", "Số máy chủ DHCP lạ"),
        text("rogue", "their addresses, hardware addresses and makers", "Các máy chủ DHCP lạ"),
    ),
    probe(
        "gateway_arp",
        "whether another device says that it is the gateway",
        "có thiết bị khác mạo nhận là cổng mạng hay không",
        "",
        text("gateway_mac", "hardware address of the gateway", "Địa chỉ MAC của cổng mạng"),
        count(
            "gateway_macs", "hardware addresses that claim the gateway's address", "Số địa chỉ MAC nhận là cổng mạng"
        ),
        yes_no("mac_changed", "not the one of the settings, or of the time before", "Địa chỉ MAC của cổng mạng đã đổi"),
        text("claimed_by", "those that are not the gateway's, with their makers", "Thiết bị mạo nhận là cổng mạng"),
    ),
    probe(
        "traceroute",
        "the way to an internet target, followed when a probe of it failed",
        "đường đi tới một đích Internet, dò khi phép đo tới đích đó thất bại",
        "group/name",
        yes_no("reached", "the target answered", "Tới được đích"),
        count("last_hop", "number of the last hop that answered, 0 without any", "Chặng cuối cùng có trả lời"),
        text("last_address", "its address: the break lies behind it", "Địa chỉ của chặng cuối cùng có trả lời"),
        text("path", "addresses on the way, * for a silent hop", "Các chặng trên đường đi"),
    ),
)
