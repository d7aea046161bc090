"""The JSON answers about the health of devices, typed and described for OpenAPI."""

from datetime import date

from pydantic import Field

from api.answers import Answer, OfSite
from api.view.sign import Tone
from inventory.windows11 import Rule, State


class SignAnswer(Answer):
    """One line of a device's health, as the pages show it."""

    sign: str = Field(description="one word for programs: lamp_hours, supply, disk, windows_11 ...")
    tone: Tone = Field(description="plain: says nothing about health")
    label: str
    value: str
    percent: float | None = Field(description="0 to 100 where a share says it better")
    note: str


class LampAnswer(Answer):
    lamp: str
    hours: int | None = Field(description="use since it was new; null: the projector does not count")
    expected_hours: int = Field(description="its life as the maker says, `lamp_hours` of school.yaml")
    ends_on: date | None = Field(
        description="the day on which it will have burned so long; null: watched for less than a week, or not used"
    )


class SupplyAnswer(Answer):
    supply: str = Field(description="colour and kind", examples=["black-toner"])
    level_percent: float | None = Field(description="what is left; null: no percentage exists")
    level: str | None = Field(description="then a word: some_remaining, empty, unlimited or unknown")
    description: str = Field(description="what the printer calls it")


class PortAnswer(Answer):
    port: str
    state: str = Field(description="up, down, off (by its administrator) or errors")


class ShortfallAnswer(Answer):
    rule: Rule
    found: str = Field(description="what the PC has instead")


class Windows11Answer(Answer):
    """By the rules of Microsoft's own script, from the equipment report alone."""

    state: State
    failing: list[ShortfallAnswer] = Field(description="the rules that it does not meet, where it is not capable")
    missing: list[Rule] = Field(description="the rules that the report says too little about")


class ExtensionAnswer(Answer):
    name: str
    ends_on: date
    verified: bool
    dollars: float | None = Field(description="what a school pays for a PC and a year, US$; null: not known")


class SupportAnswer(Answer):
    """When the operating system stops receiving free security updates."""

    system: str
    ends_on: date = Field(description="the last day")
    verified: bool = Field(description="two independent places agree on it")
    source: str
    extended: list[ExtensionAnswer]


class DeviceHealthAnswer(Answer):
    """What is not known, or does not exist for its kind, is null or an empty list."""

    device: str
    kind: str
    tone: Tone = Field(description="of the worst sign")
    word: str = Field(description="the same, for people")
    signs: list[SignAnswer]
    lamps: list[LampAnswer]
    supplies: list[SupplyAnswer]
    ports: list[PortAnswer]
    windows_11: Windows11Answer | None
    end_of_support: SupportAnswer | None
    battery_wear_percent: list[float | None] = Field(description="of each battery, %; null: it does not tell")
    restart_pending: bool | None = Field(description="updates wait for a restart; null: not known")


class OneDeviceHealthAnswer(OfSite, DeviceHealthAnswer):
    """The health of one device, with the site it is in."""


class RoomHealthAnswer(OfSite):
    room: str
    devices: list[DeviceHealthAnswer]
