"""The register of one site as one request sees it, and what the pages and the JSON do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.problems import Problem
from api.sources import Sources
from api.text import Text
from collector.store.equipment_seen import last_heard, match_anew, present_agents
from collector.store.protocol import StoreUnavailable
from collector.store.state_protocol import RelationalState
from contract.trouble import Trouble
from inventory.asset import Asset
from inventory.editing import Edited, edited, stamp_of
from inventory.match import Matching, match
from inventory.register import Act, NotAllowed, Register
from inventory.register_links import Decision, Verdict
from inventory.register_stocktakes import NOT_THERE, Sighting, Stocktake
from inventory.saying import Language, Said, name_of
from inventory.school import School
from inventory.stocktake import sightings_by_agents
from inventory.text import capital

UNKNOWN_ASSET = Text("Sổ không có tài sản «{tag}».", "The register has no asset “{tag}”.")
UNKNOWN_ASSET_HINT = Text("Tìm theo tên hoặc số sê-ri trong sổ.", "Look for its name or serial in the register.")
CHANGED = Text(
    "{tag} đã được người khác sửa trong lúc trang này đang mở; chưa ghi gì.",
    "{tag} was changed by somebody else while this page was open; nothing was written.",
)
CHANGED_HINT = Text("Xem lại giá trị mới rồi sửa lại.", "Look at what it is now, then repeat your change.")
UNKNOWN_STOCKTAKE = Text("Không có đợt kiểm kê {number}.", "There is no stocktake {number}.")
UNKNOWN_STOCKTAKE_HINT = Text("Xem các đợt kiểm kê của trường.", "See the stocktakes of the school.")
STILL_OPEN = Text("Đợt kiểm kê {number} vẫn đang mở.", "Stocktake {number} is still open.")
STILL_OPEN_HINT = Text("Đóng đợt đó trước.", "Close it first.")
CLOSED = Text("Đợt kiểm kê {number} đã đóng.", "Stocktake {number} is closed.")
CLOSED_HINT = Text("Bắt đầu một đợt mới.", "Start a new one.")
UNSEEN = Text("Chưa thấy thiết bị «{device}» báo về.", "Nothing was heard of a device “{device}”.")
UNSEEN_HINT = Text("Hàng chờ kể mọi thiết bị đã thấy.", "The queue lists all devices that were seen.")

LONGEST_TAG = 40


@dataclass(frozen=True)
class SiteRegister:
    """Methods raise StoreUnavailable, and Problem for what cannot be done."""

    sources: Sources
    school: School
    now: int
    who: str = ""

    @property
    def site(self) -> str:
        return self.school.site

    @property
    def register(self) -> Register:
        return self.sources.register()

    @property
    def state(self) -> RelationalState:
        return self.sources.state()

    @property
    def rooms(self) -> dict[str, str]:
        return self.school.room_names

    @cached_property
    def assets(self) -> list[Asset]:
        return self.register.assets(self.site)

    def asset(self, tag: str) -> Asset:
        """One asset. Raises Problem (404)."""
        found = self.register.asset(self.site, tag)
        if found is None:
            raise Problem(404, "unknown_asset", UNKNOWN_ASSET, UNKNOWN_ASSET_HINT, tag=tag[:60])
        return found

    def edit(self, before: Asset | None, typed: Mapping[str, Any]) -> Edited:
        """What would be written, or why not; nothing is written yet."""
        return edited(before, typed, self.assets, self.rooms, self.school.day_at(self.now))

    def check_stamp(self, asset: Asset, stamp: str) -> None:
        """Raises Problem (409) where the asset is not what it was when the form was opened."""
        if stamp_of(asset) != stamp:
            raise Problem(409, "changed_meanwhile", CHANGED, CHANGED_HINT, tag=asset.tag)

    def save(self, assets: Sequence[Asset], as_read: Mapping[str, Asset], document: str = "") -> None:
        """Writes and matches anew. Raises Problem (409) where one was changed since it was read."""
        try:
            self.register.save(self.site, assets, Act(self.who, self.now, document[:300]), as_read=as_read)
        except NotAllowed as error:  # everything else was checked before
            raise Problem(409, "changed_meanwhile", CHANGED, CHANGED_HINT, tag=assets[0].tag) from error
        self.renew()

    def register_new(self, asset: Asset, document: str, device: str = "") -> None:
        """Writes a new asset; by a person's word it is `device`, where one is named."""
        if device:
            self.check_seen(device)
        self.save([asset], {}, document)
        if device:
            self.decide(device, "same", asset.tag)

    def renew(self) -> Matching:
        """Matches all devices anew and writes the links."""
        return match_anew(self.state, self.register, self.school, self.now)

    def matching(self) -> Matching:
        """Which device is which asset; writes nothing."""
        rooms = {device: room.id for device, room in self.school.room_of.items()}
        reports, decisions = self.state.equipment_history(self.site), self.register.links.decisions(self.site)
        return match(self.assets, reports, decisions, rooms, present_agents(self.state, self.site))

    def decide(self, device: str, verdict: Verdict, tag: str = "") -> None:
        """Keeps a person's word about a device and matches anew."""
        self.check_seen(device)
        if verdict != "not_ours":
            self.asset(tag)
        self.register.links.decide(self.site, Decision(self.now, device, verdict, tag, self.who))
        self.renew()

    def check_seen(self, device: str) -> None:
        """Raises Problem (404) for a device that no report was about."""
        if self.state.equipment(self.site, device) is None:
            raise Problem(404, "unknown_device", UNSEEN, UNSEEN_HINT, device=device[:60])

    def stocktake(self, number: int) -> Stocktake:
        found = next((entry for entry in self.register.stocktakes.all(self.site) if entry.id == number), None)
        if found is None:
            raise Problem(404, "unknown_stocktake", UNKNOWN_STOCKTAKE, UNKNOWN_STOCKTAKE_HINT, number=number)
        return found

    def start_stocktake(self) -> Stocktake:
        """Begins one with what agents saw. Raises Problem (409) where one is open."""
        heard = last_heard(self.state.agents(self.site), self.sources.store().latest(self.site), self.school)
        seen = sightings_by_agents(self.register.links.of(self.site), heard, self.now)
        try:
            return self.register.stocktakes.start(self.site, self.who, self.now, seen)
        except StoreUnavailable:
            raise
        except Trouble as error:
            running = next(entry.id for entry in self.register.stocktakes.all(self.site) if entry.closed_at is None)
            raise Problem(409, "stocktake_open", STILL_OPEN, STILL_OPEN_HINT, number=running) from error

    def sight(self, stocktake: Stocktake, tag: str, room: str, note: str = "") -> None:
        """Keeps what a person saw; the room may be empty or NOT_THERE. Raises Problem (409, closed; 422)."""
        if not tag or len(tag) > LONGEST_TAG:
            raise refused_by(Said("tag_shape", value=tag[:60]), "tag")
        if room not in ("", NOT_THERE, *self.rooms):
            raise refused_by(Said("unknown_room", value=room[:60], known=tuple(self.rooms)), "room")
        try:
            self.register.stocktakes.add(stocktake, [Sighting(tag, room, self.now, self.who, note[:300])])
        except StoreUnavailable:
            raise
        except Trouble as error:
            raise Problem(409, "stocktake_closed", CLOSED, CLOSED_HINT, number=stocktake.id) from error


def refused_by(said: Said, name: str = "") -> Problem:
    """422 with a sentence of the register, about the field `name`."""
    about: dict[Language, str] = {"vi": "", "en": ""}
    if name:
        about = {"vi": f"{name_of(name, 'vi')}: ", "en": f"{name_of(name, 'en')}: "}
    return Problem(
        422,
        "refused",
        Text("{vietnamese}", "{english}"),  # filled in later, as what people typed may hold braces
        Text("{vietnamese_hint}", "{english_hint}"),
        vietnamese=capital(about["vi"] + said.sentence("vi")),
        english=capital(about["en"] + said.sentence("en")),
        vietnamese_hint=capital(said.hint("vi")),
        english_hint=capital(said.hint("en")),
    )
