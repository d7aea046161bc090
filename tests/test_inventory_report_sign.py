"""Signing and checking: any change is found, and who is vouched for by nobody is called so."""

import io
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.report.pdf import pdf_of
from inventory.report.proposal import purchase_proposal
from inventory.report.sign import Appearance, SigningError, is_self_signed, load_key, sign
from inventory.report.verify import VerifyingError, read_certificates, signatures_of
from tests.report_record import SETTINGS, VI, record
from tests.signing_keys import PASSWORD, SIGNER, keys

NOW = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="{}"/></svg>'


@cache
def unsigned() -> bytes:
    data = record(20, 20)
    return pdf_of(purchase_proposal(data, SETTINGS, VI), {"simulated": True}, data.issued)


def key_file(folder: Path, content: bytes) -> Path:
    path = folder / "key.p12"
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Signed by the person whom an authority vouches for, without pictures."""
    path = key_file(tmp_path_factory.mktemp("key"), keys().vouched_for)
    return sign(unsigned(), load_key(path, PASSWORD), Appearance(), NOW)


def test_a_signed_document_is_intact_and_says_who_and_when(signed: bytes) -> None:
    [found] = signatures_of(signed, read_certificates(keys().authority))
    assert (found.signer, found.intact, found.whole, found.trusted, found.self_signed) == (
        SIGNER,
        True,
        True,
        True,
        False,
    )
    assert found.at is not None
    assert NOW - timedelta(seconds=1) <= found.at <= datetime.now(NOW.tzinfo)  # by the clock when it was signed


def test_without_its_authority_a_signer_is_not_trusted(signed: bytes) -> None:
    [found] = signatures_of(signed)
    assert (found.good, found.trusted, found.self_signed) == (True, False, False)


def test_a_self_signed_key_is_called_so(tmp_path: Path) -> None:
    key = load_key(key_file(tmp_path, keys().self_signed), PASSWORD)
    assert is_self_signed(key)
    [found] = signatures_of(sign(unsigned(), key, Appearance(), NOW), read_certificates(keys().authority))
    assert (found.good, found.trusted, found.self_signed) == (True, False, True)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 0.95), st.integers(0, 7))
def test_one_flipped_bit_is_found(where: float, bit: int) -> None:
    content = bytearray(_signed_once())
    content[int(where * len(unsigned()))] ^= 1 << bit
    try:
        found = signatures_of(bytes(content))
    except VerifyingError:
        return  # the file is not even a PDF any more
    assert not any(signature.good for signature in found)


@cache
def _signed_once() -> bytes:
    from pyhanko.sign import signers

    key = signers.SimpleSigner.load_pkcs12_data(keys().self_signed, other_certs=[], passphrase=PASSWORD)
    return sign(unsigned(), key, Appearance(), NOW)


def test_what_is_added_after_signing_is_found(signed: bytes) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(signed), incremental=True)
    writer.add_blank_page(width=100, height=100)
    changed = io.BytesIO()
    writer.write(changed)
    [found] = signatures_of(changed.getvalue())
    assert not found.good


def test_a_second_signature_leaves_the_first_intact(signed: bytes, tmp_path: Path) -> None:
    second = load_key(key_file(tmp_path, keys().self_signed), PASSWORD)
    found = signatures_of(sign(signed, second, Appearance(), NOW), read_certificates(keys().authority))
    assert [(entry.good, entry.trusted) for entry in found] == [(True, True), (True, False)]


def test_the_signature_stands_in_its_place_with_its_pictures(tmp_path: Path) -> None:
    for name, colour in (("signature.svg", "blue"), ("seal.svg", "red")):
        (tmp_path / name).write_text(SVG.format(colour))
    key = load_key(key_file(tmp_path, keys().self_signed), PASSWORD)
    appearance = Appearance(tmp_path / "signature.svg", tmp_path / "seal.svg")
    pages = list(pypdf.PdfReader(io.BytesIO(sign(unsigned(), key, appearance, NOW))).pages)
    seen = [(place, note.get_object()) for place, page in enumerate(pages) for note in page.get("/Annots", ())]
    [(place, note)] = [(place, note) for place, note in seen if note.get("/FT") == "/Sig"]
    assert place == len(pages) - 1
    left, bottom, right, top = map(float, note["/Rect"])
    assert left > pages[0].mediabox.width / 2
    assert 80 < top - bottom < 120
    title = pypdf.PdfReader(io.BytesIO(unsigned())).named_destinations["signature"]
    assert bottom < float(str(title["/Top"])) < top + 10
    assert right < pages[0].mediabox.width


def test_a_document_that_names_no_place_is_signed_unseen(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=100, height=100)
    plain = io.BytesIO()
    writer.write(plain)
    key = load_key(key_file(tmp_path, keys().self_signed), PASSWORD)
    [found] = signatures_of(sign(plain.getvalue(), key, Appearance(), NOW))
    assert found.good


@pytest.mark.parametrize("password", [b"", b"wrong"])
def test_a_wrong_password_is_trouble(password: bytes, tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="cannot be opened with this password"):
        load_key(key_file(tmp_path, keys().self_signed), password)


def test_what_is_no_key_and_no_pdf_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="cannot be opened"):
        load_key(key_file(tmp_path, b"nothing"), PASSWORD)
    with pytest.raises(SigningError, match="cannot be read"):
        load_key(tmp_path / "absent.p12", PASSWORD)
    key = load_key(key_file(tmp_path, keys().self_signed), PASSWORD)
    with pytest.raises(SigningError, match="cannot be signed"):
        sign(b"not a PDF", key, Appearance(), NOW)
    with pytest.raises(SigningError, match="is not a PNG or SVG picture"):
        sign(unsigned(), key, Appearance(tmp_path / "picture.bmp"), NOW)
    with pytest.raises(VerifyingError, match="not a PDF"):
        signatures_of(b"not a PDF")
    with pytest.raises(VerifyingError, match="not a certificate"):
        read_certificates(b"not a certificate")
