"""Keys for signing documents: a self-signed one, and one that an authority vouches for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = b"secret words"
SIGNER = "Nguyễn Thị Thùy Dương"


@dataclass(frozen=True)
class Keys:
    """PKCS#12 files with PASSWORD, and the authority's certificate as PEM."""

    self_signed: bytes
    vouched_for: bytes
    authority: bytes


@cache
def keys() -> Keys:
    """Made once: both name the same person."""
    lone, root, person = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    alone = _certificate(SIGNER, SIGNER, lone, lone, authority=False)
    above = _certificate("Authority of the tests", "Authority of the tests", root, root, authority=True)
    below = _certificate(SIGNER, "Authority of the tests", person, root, authority=False)
    return Keys(_packed(lone, alone), _packed(person, below), above.public_bytes(Encoding.PEM))


def _packed(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, BestAvailableEncryption(PASSWORD))


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    today = datetime.now(UTC)
    usage = {
        "digital_signature": not authority, "content_commitment": not authority, "key_cert_sign": authority,
        "crl_sign": authority, "key_encipherment": False, "data_encipherment": False, "key_agreement": False,
        "encipher_only": False, "decipher_only": False,
    }  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(1))
        .not_valid_after(today + timedelta(365))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
