"""Answers that hold measurements: one model a probe, made from the catalogue, so that OpenAPI knows every unit."""

from typing import Annotated, Any, Literal, Union

from pydantic import Field, create_model

from api.answers import Answer, NeighbourAnswer, OfSite, time_of
from contract.messages import Outcome
from contract.metrics import PROBES, Kind, Probe
from contract.metrics import Field as Measured

_TYPES: dict[Kind, type] = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: bool, Kind.TEXT: str}


class MeasurementHead(Answer):
    """A field that was not measured is absent from `fields`; a failure is a word in `outcome`, never a number."""

    target: str
    taken_at: int = time_of("when it was measured, on the server's clock")
    duration_ms: float = Field(description="how long measuring took, ms")
    outcome: Outcome
    blind: bool = Field(description="the agent's own way out was gone: this tells nothing about the target")


def _title(probe: Probe) -> str:
    return "".join(part.capitalize() for part in probe.name.split("_"))


def _field(field: Measured) -> Any:
    unit = f", {field.unit}" if field.unit else ""

    def without_default(schema: dict[str, Any]) -> None:
        schema.pop("default")  # the field is absent when it was not measured, never null
        schema["unit"] = field.unit

    description = f"{field.english}{unit} · {field.vietnamese}"
    return Field(description=description, json_schema_extra=without_default)


def _fields_model(probe: Probe) -> Any:
    fields: dict[str, Any] = {
        field.name: (Annotated[_TYPES[field.kind], _field(field)], None) for field in probe.fields.values()
    }
    return create_model(f"{_title(probe)}Fields", __base__=Answer, __doc__=probe.english, **fields)


def _measurement_model(probe: Probe) -> Any:
    fields: dict[str, Any] = {"probe": (Literal[probe.name], ...), "fields": (_fields_model(probe), ...)}
    return create_model(f"{_title(probe)}Measurement", __base__=MeasurementHead, **fields)


MEASUREMENTS = {name: _measurement_model(probe) for name, probe in PROBES.items()}
AnyMeasurement: Any = Annotated[Union[tuple(MEASUREMENTS.values())], Field(discriminator="probe")]  # noqa: UP007 - made at run time

LatestAnswer: Any = create_model(
    "LatestAnswer",
    __base__=OfSite,
    __doc__="The newest measurement of every probe and target of one device.",
    device=(str, ...),
    measurements=(list[AnyMeasurement], ...),
)

SentinelAnswer: Any = create_model(
    "SentinelAnswer",
    __base__=Answer,
    __doc__="What one sentinel measured last of its network; without the right its outcomes are `no_permission`.",
    device=(str, ...),
    measurements=(list[AnyMeasurement], ...),
)


def _told(kind: Any, what: str) -> Any:
    return (kind | None, Field(description=f"{what}; null: no sentinel measured it"))


NetworkAnswer: Any = create_model(
    "NetworkAnswer",
    __base__=OfSite,
    __doc__="The network of a school, as its sentinels last saw it. Telephones are counted only.",
    here=_told(int, "devices that are there, telephones among them"),
    telephones=_told(int, "those of them that are not listed: their address was chosen by software"),
    unknown=(int, Field(description="listed devices that are there and that nobody knows")),
    duplicates=_told(int, "IP addresses that two devices have"),
    rogue_servers=_told(int, "DHCP servers that nobody allowed"),
    gateway_claimed=_told(bool, "another device says that it is the gateway"),
    neighbours=(list[NeighbourAnswer], Field(description="unknown ones first, then by IP address")),
    sentinels=(list[SentinelAnswer], ...),
)
