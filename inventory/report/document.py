"""A document as blocks, before it is a PDF or a DOCX: made of the same, the two cannot say different things."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Head:
    """What stands above the text. `number`: as in "Số: 05/BC-MNHM"; `kind`: BÁO CÁO; `addressees` after "Kính gửi"."""

    superior: str
    issuer: str
    nation: str
    motto: str
    number: str
    place_and_day: str
    kind: str
    subject: str
    to: str
    addressees: tuple[str, ...]


@dataclass(frozen=True)
class Foot:
    """What stands below it: recipients on the left, who signs on the right."""

    recipients_title: str
    recipients: tuple[str, ...]
    authority: str
    title: str
    name: str


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`basis` paragraphs are set in italics, as decrees that a document rests on are."""

    text: str
    style: Literal["body", "item", "basis", "note"] = "body"


@dataclass(frozen=True)
class Column:
    """`share` is its part of the width, in percent."""

    title: str
    share: int
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """`rows` are as they are read; `total` stands below them in bold, its empty cells merged with the first."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars from 0 to `top`; `said` is the value as it is read, above its bar."""

    caption: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    said: tuple[str, ...]
    top: float


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Document:
    """`name` names its files. `banner`: what stands over every page, for what is not real."""

    name: str
    language: str
    head: Head
    blocks: tuple[Block, ...]
    foot: Foot
    banner: str = ""


def as_plain(document: Document) -> dict[str, Any]:
    """For templates: plain data in which each block says its kind."""
    plain = asdict(document)
    plain["blocks"] = [
        {"block": type(block).__name__.lower(), **data}
        for block, data in zip(document.blocks, plain["blocks"], strict=True)
    ]
    return plain
