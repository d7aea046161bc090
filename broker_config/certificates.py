"""A school's own small certificate authority: for the broker, and for devices that show a certificate as their proof.

Everything stands in one folder: `authority.crt` goes to every device, `authority.key` never leaves the server.
Certificates begin ten years ago, since the clocks of school PCs are wrong and a certificate must not fail for that.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from broker_config.accounts import account_named
from broker_config.errors import BrokerError
from broker_config.private_file import private_folder, write_private

AUTHORITY = "authority"
BROKER = "broker"
AUTHORITY_LASTS = timedelta(days=20 * 365)
LASTS = timedelta(days=3 * 365)
RENEWED_BEFORE_END = timedelta(days=365)
_BACKDATED = timedelta(days=10 * 365)
_LONGEST_NAME = 64  # of the standard, for a common name


@dataclass(frozen=True)
class Issued:
    """The files of a certificate and of its private key."""

    certificate_file: Path
    key_file: Path


@dataclass(frozen=True)
class _Signed:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority(folder: Path, school: str, now: datetime) -> Issued:
    """The authority of this folder, made the first time. Raises BrokerError when it cannot be written."""
    files = _files(folder, AUTHORITY)
    if not files.certificate_file.exists():  # its key may lie elsewhere: that is no reason to make another
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"SonCa {school}"[:_LONGEST_NAME])
        builder = _builder(name, key, now, now + AUTHORITY_LASTS).issuer_name(name)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        _write(files, _Signed(builder.sign(key, hashes.SHA256()), key))
    return files


def issue_broker(folder: Path, hosts: Sequence[str], now: datetime) -> Issued:
    """The broker's certificate for these names and addresses; made again when they change or a year is left."""
    names = x509.SubjectAlternativeName([_host(host) for host in hosts])
    return _issue(folder, BROKER, _name(hosts[0][:_LONGEST_NAME]), now, ExtendedKeyUsageOID.SERVER_AUTH, names)


def issue_device(folder: Path, username: str, now: datetime) -> Issued:
    """The certificate of the broker's user of this name. Raises BadName for a name that is none, and BrokerError."""
    name = account_named(username).name
    if len(name) > _LONGEST_NAME:
        hint = "give it a shorter name, or a password instead"
        raise BrokerError(f"{name} is too long for a certificate ({_LONGEST_NAME} characters)", hint)
    return _issue(folder, name, _name(name), now, ExtendedKeyUsageOID.CLIENT_AUTH)


def _issue(
    folder: Path,
    file_name: str,
    subject: x509.Name,
    now: datetime,
    purpose: ObjectIdentifier,
    names: x509.SubjectAlternativeName | None = None,
) -> Issued:
    signer = _read(_files(folder, AUTHORITY))
    if signer is None or signer.certificate.not_valid_after_utc <= now:
        raise BrokerError(
            f"{folder} holds no certificate authority that is still valid, with its key", "make one first"
        )
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(subject, key, now, min(now + LASTS, signer.certificate.not_valid_after_utc))
    builder = builder.issuer_name(signer.certificate.subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    builder = builder.add_extension(issuer_key, critical=False)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    wanted = _Signed(builder.sign(signer.key, hashes.SHA256()), key)
    files = _files(folder, file_name)
    if not _still_good(_read(files), wanted, signer, now):
        _write(files, wanted)
    return files


def _still_good(present: _Signed | None, wanted: _Signed, signer: _Signed, now: datetime) -> bool:
    if present is None or present.key.public_key() != present.certificate.public_key():
        return False
    try:
        present.certificate.verify_directly_issued_by(signer.certificate)
    except (ValueError, InvalidSignature):
        return False
    same = _said(present.certificate) == _said(wanted.certificate)
    return same and present.certificate.not_valid_after_utc - now > RENEWED_BEFORE_END


def _said(certificate: x509.Certificate) -> tuple[x509.Name, list[x509.GeneralName]]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return certificate.subject, []
    return certificate.subject, list(names)


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    public = key.public_key()
    builder = x509.CertificateBuilder().subject_name(subject).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - _BACKDATED).not_valid_after(ends)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _files(folder: Path, name: str) -> Issued:
    return Issued(folder / f"{name}.crt", folder / f"{name}.key")


def _read(files: Issued) -> _Signed | None:
    if not files.certificate_file.exists() or not files.key_file.exists():
        return None
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate_file.read_bytes())
        key = load_pem_private_key(files.key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise BrokerError(
            f"{files.certificate_file} or its key cannot be read: {error}", "restore both files"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BrokerError(f"{files.key_file} is not a key made here", "restore the file")
    return _Signed(certificate, key)


def _write(files: Issued, made: _Signed) -> None:
    key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        private_folder(files.key_file.parent)
        write_private(files.key_file, key.decode())
        write_private(files.certificate_file, made.certificate.public_bytes(Encoding.PEM).decode())
    except OSError as error:
        raise BrokerError(f"{files.certificate_file} cannot be written: {error}", "choose another folder") from error
