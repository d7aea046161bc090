"""When a server's certificate ends, read from its DER form: ssl itself tells it only for certificates it trusts."""

from datetime import UTC, datetime

_SEQUENCE, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18


def certificate_end(der: bytes) -> datetime | None:
    """The end of validity (notAfter, UTC); None when the bytes are no certificate."""
    try:
        return _end(der)
    except (IndexError, ValueError):
        return None


def days_left(der: bytes, now: datetime) -> float | None:
    """Days until the certificate ends, negative after it did."""
    end = certificate_end(der)
    return None if end is None else round((end - now).total_seconds() / 86400, 1)


def _end(der: bytes) -> datetime:
    # Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { [0] version?, serial, algorithm, issuer, validity, ...
    kind, body, _ = _element(der)
    kind, fields, _ = _element(body)
    if kind != _SEQUENCE:
        raise ValueError("not a certificate")
    if fields[0] == _VERSION:
        _, _, fields = _element(fields)
    for _ in range(3):
        _, _, fields = _element(fields)
    _, validity, _ = _element(fields)
    _, _, after_start = _element(validity)
    kind, text, _ = _element(after_start)
    form = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}.get(kind)
    if form is None:
        raise ValueError("no time where the end of validity should stand")
    return datetime.strptime(text.decode("ascii"), form).replace(tzinfo=UTC)


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, content and the rest of `data`. Raises IndexError or ValueError when it is cut short."""
    kind, length, start = data[0], data[1], 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[2 : 2 + size], "big"), 2 + size
    if start + length > len(data):
        raise ValueError("cut short")
    return kind, data[start : start + length], data[start + length :]
