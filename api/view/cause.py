"""Where the fault of a room most likely lies, as a sentence with what it was compared with."""

from collections.abc import Mapping

from api.say import Say
from api.text import Text
from api.view.site import RoomView
from collector.store.state_protocol import Cause, Layer, Scope

LIKELY = Text("Nhiều khả năng: {cause}", "Most likely: {cause}")

CAUSES: Mapping[tuple[Layer, Scope], Text] = {
    (Layer.DEVICE, Scope.DEVICE): Text(
        "riêng {names} (dây, cạc mạng hoặc Wi-Fi của máy): máy khác trong phòng vẫn ra được internet",
        "{names} alone (its cable, network card or Wi-Fi): others in the room reach the internet",
    ),
    (Layer.POWER, Scope.ROOM): Text(
        "điện hoặc bộ chuyển mạch của phòng: mọi máy trong phòng mất liên lạc cùng lúc",
        "the room's power or its switch: all its devices fell silent together",
    ),
    (Layer.POWER, Scope.SCHOOL): Text(
        "điện hoặc mạng giữa các phòng và máy chủ: cả {struck} phòng đều mất liên lạc",
        "the power, or the network between rooms and server: all {struck} rooms fell silent",
    ),
    (Layer.LINK, Scope.ROOM): Text(
        "dây mạng, bộ chuyển mạch hoặc điểm Wi-Fi của phòng: {struck}/{compared} phòng không tới được cổng mạng",
        "the room's cable, switch or access point: {struck} of {compared} rooms cannot reach the gateway",
    ),
    (Layer.GATEWAY, Scope.SCHOOL): Text(
        "bộ định tuyến của trường: cả {struck} phòng đang bật đều không tới được cổng mạng",
        "the school's router: none of the {struck} rooms that are on reaches the gateway",
    ),
    (Layer.LINE, Scope.ROOM): Text(
        "đường ra internet của riêng phòng này: {struck}/{compared} phòng không ra được, cổng mạng vẫn trả lời",
        "this room's own way to the internet: {struck} of {compared} rooms cannot get out, the gateway answers",
    ),
    (Layer.LINE, Scope.SCHOOL): Text(
        "đường truyền của nhà mạng: cả {struck} phòng đang bật đều không ra được internet",
        "the provider's line: none of the {struck} rooms that are on reaches the internet",
    ),
    (Layer.PORTAL, Scope.ROOM): Text(
        "trang đăng nhập chặn phòng này: mở trình duyệt trên máy của phòng và đăng nhập",
        "a login page bars this room: open a browser on one of its PCs and log in",
    ),
    (Layer.PORTAL, Scope.SCHOOL): Text(
        "trang đăng nhập của nhà mạng chặn cả trường", "the provider's login page bars the whole school"
    ),
    (Layer.DNS, Scope.ROOM): Text(
        "máy chủ tên miền mà phòng này dùng: internet trả lời nhưng không phân giải được tên",
        "the name server that this room uses: the internet answers, but names are not resolved",
    ),
    (Layer.DNS, Scope.SCHOOL): Text(
        "máy chủ tên miền: cả {struck} phòng không phân giải được tên, internet vẫn trả lời",
        "the name server: none of {struck} rooms resolves names, while the internet answers",
    ),
}


def cause_of(view: RoomView) -> Cause | None:
    """The cause that the collector found for a room."""
    told = None if view.now is None else view.now.evidence.get("cause")
    if told is None:
        return None
    devices = tuple(told["devices"])
    return Cause(Layer(told["layer"]), Scope(told["scope"]), told["struck"], told["compared"], devices)


def likely(view: RoomView, say: Say) -> str:
    """The sentence; empty for a room without a fault."""
    cause = cause_of(view)
    if cause is None:
        return ""
    names = {device.device.id: device.name for device in view.devices}
    sentence = say(
        CAUSES[cause.layer, cause.scope],
        struck=cause.struck,
        compared=cause.compared,
        names=", ".join(names.get(device, device) for device in cause.devices),
    )
    return say(LIKELY, cause=sentence)
