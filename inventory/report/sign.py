"""Signs a document with a key of its signer (PAdES): what was signed cannot change unseen."""

import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle

from contract.trouble import Trouble
from inventory.report.glyphs import displayable
from inventory.report.pdf import typeset

WIDTH_MM, HEIGHT_MM = 88, 36  # of what is seen
_POINTS = 72 / 25.4  # in a millimetre
# Where the template leaves room: the middle of the signer's column, below the title that names the place.
_MIDDLE_MM, _BELOW_MM = 149.6, 19.5
PLACE = "signature"


class SigningError(Trouble):
    """A document that cannot be signed with this key."""


@dataclass(frozen=True)
class Appearance:
    """Pictures without background (PNG or SVG): a blue signature, a red seal. Without them the name stands there."""

    signature: Path | None = None
    seal: Path | None = None


def load_key(path: Path, password: bytes) -> signers.SimpleSigner:
    """The key and its certificates in a PKCS#12 file. Raises SigningError."""
    try:
        content = path.read_bytes()
        key: signers.SimpleSigner = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password)
    except OSError as error:
        raise SigningError(f"{path}: cannot be read: {error.strerror}", "the file with the key, often .p12") from error
    except ValueError as error:
        raise SigningError(
            f"{path}: cannot be opened with this password", "is it a PKCS#12 file (.p12, .pfx)?"
        ) from error
    return key


def is_self_signed(key: signers.SimpleSigner) -> bool:
    """Whether nobody but its owner vouches for it."""
    return key.signing_cert is not None and bool(key.signing_cert.self_issued)


def sign(pdf: bytes, key: signers.SimpleSigner, appearance: Appearance, now: datetime) -> bytes:
    """The signed document. The first signature is seen in its place; later ones are in the file only.

    `now` has a time zone; it is what the stamp says, and the key's own clock says the same. Raises SigningError.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        earlier = len(writer.prev.embedded_signatures)
        field = f"SonCa-{earlier + 1}"
        metadata = signers.PdfSignatureMetadata(
            field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", name=_name(key)
        )
        place = None if earlier else _place(writer.prev)
        spec = fields.SigFieldSpec(field) if place is None else fields.SigFieldSpec(field, *place)
        with tempfile.TemporaryDirectory(prefix="sonca-stamp-") as folder:  # the stamp is read while signing
            style = None if place is None else _stamp(key, appearance, now, Path(folder) / "stamp.pdf")
            signer = signers.PdfSigner(metadata, signer=key, stamp_style=style, new_field_spec=spec)
            return bytes(signer.sign_pdf(writer).getvalue())
    except PdfError as error:
        raise SigningError(f"the file cannot be signed: {error}", "is it a PDF, and whole?") from error


def _name(key: signers.SimpleSigner) -> str:
    return str(key.subject_name)


def _place(reader: PdfFileReader) -> tuple[int, tuple[int, int, int, int]] | None:
    """Page and box of what is seen; None in a document that names no place for it."""
    for name, target in _destinations(reader.root.get("/Names", {}).get("/Dests", {})):
        if name == PLACE:
            array = target["/D"] if isinstance(target, Mapping) else target
            page, top = array.raw_get(0), float(array[3])
            pages = [_page(reader, index) for index in range(int(reader.root["/Pages"]["/Count"]))]
            middle, center = _MIDDLE_MM * _POINTS, top - _BELOW_MM * _POINTS
            half_width, half_height = WIDTH_MM * _POINTS / 2, HEIGHT_MM * _POINTS / 2
            box = (middle - half_width, center - half_height, middle + half_width, center + half_height)
            return pages.index(page.reference), tuple(map(round, box))  # type: ignore[return-value]
    return None


def _destinations(tree: Any) -> Iterator[tuple[str, Any]]:
    """The named places of a document, from its tree of names."""
    names = tree.get("/Names", ())
    for place in range(0, len(names), 2):
        name = names[place]
        yield name.decode() if isinstance(name, bytes) else str(name), names[place + 1]
    for kid in tree.get("/Kids", ()):
        yield from _destinations(kid)


def _page(reader: PdfFileReader, index: int) -> Any:
    """The reference of a page."""
    return reader.find_page_for_modification(index)[0].reference  # type: ignore[no-untyped-call]


def _stamp(key: signers.SimpleSigner, appearance: Appearance, now: datetime, file: Path) -> StaticStampStyle:
    """Drawn by typst: the signing library's own text garbles Vietnamese."""
    files: dict[str, str | bytes] = {}
    shown: dict[str, str | int] = {"width": WIDTH_MM, "height": HEIGHT_MM, "name": _name(key)}
    for part, path in (("signature", appearance.signature), ("seal", appearance.seal)):
        shown[part] = f"{part}{path.suffix.lower()}" if path else ""
        if path:
            files[str(shown[part])] = _picture(path)
    shown["line"] = f"Ký số: {_name(key)}, {now.isoformat(timespec='seconds')}"
    file.write_bytes(typeset("stamp.typ", {**files, "stamp.json": json.dumps(displayable(shown))}, now.date()))
    return StaticStampStyle.from_pdf_file(str(file), border_width=0, background_opacity=1.0)


def _picture(path: Path) -> bytes:
    if path.suffix.lower() not in (".png", ".svg"):
        raise SigningError(f"{path}: is not a PNG or SVG picture", "save it as PNG with a transparent background")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SigningError(f"{path}: cannot be read: {error.strerror}", "check the path") from error
