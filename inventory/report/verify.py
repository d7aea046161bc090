"""Checks the signatures of a document: who, when, whether it changed since, and who vouches for the signer."""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from contract.trouble import Trouble

# Its findings are in the status; a signer whom nobody vouches for is no accident to tell with a stack of calls.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)

_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


class VerifyingError(Trouble):
    """A file in which nothing can be checked."""


@dataclass(frozen=True)
class Signature:
    """One signature. `at` is what the signer's own clock said. `intact`: nothing that it covers changed since.

    `whole`: it covers all of the file, but for later signatures. `trusted`: one of the given authorities vouches.
    """

    signer: str
    at: datetime | None
    intact: bool
    whole: bool
    trusted: bool
    self_signed: bool

    @property
    def good(self) -> bool:
        """Whether the document is as it was signed, whoever signed it."""
        return self.intact and self.whole


def signatures_of(pdf: bytes, trusted: Sequence[Any] = ()) -> list[Signature]:
    """Every signature, the first one first. No network is asked. Raises VerifyingError."""
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except (PdfError, ValueError, KeyError) as error:
        raise VerifyingError("the file is not a PDF that can be read", "was it sent or saved whole?") from error
    return [_checked(entry, trusted) for entry in found]


def read_certificates(content: bytes) -> list[Any]:
    """The certificates in a PEM or DER file. Raises VerifyingError."""
    try:
        certificates = list(load_certs_from_pemder_data(content))
        for certificate in certificates:
            certificate.subject.native  # noqa: B018 - it is parsed only when it is looked at
    except (ValueError, TypeError) as error:
        hint = "give the authority's certificate, as .pem, .crt or .cer"
        raise VerifyingError("this is not a certificate", hint) from error
    return certificates


def _checked(entry: object, trusted: Sequence[Any]) -> Signature:
    certificate: Any = entry.signer_cert  # type: ignore[attr-defined]
    context = ValidationContext(trust_roots=list(trusted), allow_fetching=False)
    try:
        status: PdfSignatureStatus | None = validate_pdf_signature(entry, context)  # type: ignore[arg-type]
    except (SignatureValidationError, PdfError, ValueError):
        status = None  # so broken that it cannot be judged is not intact
    return Signature(
        certificate.subject.native.get("common_name", certificate.subject.human_friendly),
        status.signer_reported_dt if status else None,
        bool(status and status.intact and status.valid),
        bool(status and _covers_all(status)),
        bool(status and status.trusted),
        bool(certificate.self_issued),
    )


def _covers_all(status: PdfSignatureStatus) -> bool:
    """What was added later than the signature may only be further signatures."""
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return True
    return status.modification_level in _HARMLESS
