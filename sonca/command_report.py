"""`sonca report`: writes the documents of a period, signs them, and checks signatures."""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from contract.trouble import Trouble
from inventory.phrase import Phrase
from inventory.text import Language
from sonca import report_words as words
from sonca.wishes import add_wishes, wishes

if TYPE_CHECKING:
    from inventory.report.data import ReportData
    from inventory.report.period import Period

TEACHING = """\
examples:
  sonca report equipment --period 2026-11 --out reports
  sonca report equipment --period 2026-2027-1 --out reports --language vi en
  sonca report sign reports/bao-cao-2026-11-vi.pdf --p12 principal.p12 --signature signature.png --seal seal.png
  sonca report verify reports/bao-cao-2026-11-vi-signed.pdf --trust authority.pem

A period is a month (2026-11), a term (2026-2027-1) or a school year (2026-2027). What only the school knows (who
issues, who signs, who receives) stands in report.yaml: see docs/settings.md.
"""

Source = Callable[["Period", datetime], "ReportData"]  # the records of a period, as of a moment; for tests


def main(arguments: Sequence[str], source: Source | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, source))
    except ImportError as error:
        hint = 'install it: pip install "sonca[reports]"'
        raise Trouble(f"documents need the extra reports ({error.name} is missing)", hint) from error


def _equipment(options: argparse.Namespace, source: Source | None) -> int:
    from inventory.report.period import parse_period
    from inventory.report.settings import read_report_settings
    from inventory.report.write import write_documents

    period = parse_period(options.period)
    settings = read_report_settings(options.report)
    languages = tuple(Language(language) for language in options.language)
    phrase = Phrase(languages[0])
    print(phrase(words.READING, period=period.name), flush=True)
    data = source(period, datetime.now(words.ZONE)) if source else _records(options, period, phrase)
    write_documents(data, settings, options.out, languages, lambda line: print(line, flush=True))
    return 0


def _records(options: argparse.Namespace, period: "Period", phrase: Phrase) -> "ReportData":
    """From the register and the stores that sonca.yaml names. Raises Trouble."""
    from collector.store.school_report import Asked, report_data
    from sonca.inventory_door import now_ms
    from sonca.process import look_for_cycles_seldom
    from sonca.school_sources import day_of, opened_sources

    wanted, now = wishes(options), now_ms()
    look_for_cycles_seldom()
    with opened_sources(options.settings, options.site, "en") as sources:
        if not sources.register.assets(sources.school.site):
            raise Trouble("there is no register to report on", "sonca inventory import assets.xlsx")
        request = wanted.request(day_of(options.issued, sources.school, now))
        asked = Asked(period, request, wanted.own_rules(), wanted.own_prices())
        return report_data(sources, asked, now, lambda text: print(phrase(text), flush=True))


def _sign(options: argparse.Namespace, _source: Source | None) -> int:
    from inventory.report.sign import Appearance, is_self_signed, load_key, sign

    pdf, phrase = _read(options.file), _phrase(options)
    out = options.out or options.file.with_name(f"{options.file.stem}-signed.pdf")
    if out.exists() and not options.replace:
        raise Trouble(f"{out}: is there already", "name another file with --out, or add --replace")
    key = load_key(options.p12, _password(options.password_file, phrase(words.PASSWORD)))
    signed = sign(pdf, key, Appearance(options.signature, options.seal), datetime.now(words.ZONE))
    try:
        out.write_bytes(signed)
    except OSError as error:
        raise Trouble(f"{out}: cannot be written: {error.strerror}", "name another file with --out") from error
    print(phrase(words.SIGNED, file=str(out), name=str(key.subject_name)))
    if is_self_signed(key):
        print(phrase(words.SELF_SIGNED))
    return 0


def _verify(options: argparse.Namespace, _source: Source | None) -> int:
    from inventory.report.verify import read_certificates, signatures_of

    phrase = _phrase(options)
    trusted = [certificate for path in options.trust for certificate in read_certificates(_read(path))]
    found = signatures_of(_read(options.file), trusted)
    if not found:
        print(phrase(words.NOT_SIGNED, file=str(options.file)))
    for signature in found:
        print(words.said(signature, phrase))
    good = bool(found) and all(signature.good and (signature.trusted or not trusted) for signature in found)
    return 0 if good else 1


def _phrase(options: argparse.Namespace) -> Phrase:
    return Phrase(Language(options.language))


def _password(file: Path | None, question: str) -> bytes:
    """From a file, else asked for: as an argument every user of the machine could read it."""
    if file is not None:
        return _read(file).rstrip(b"\r\n")
    if not sys.stdin.isatty():
        raise Trouble("the key's password is needed, and nobody is here to type it", "write it to a --password-file")
    return getpass.getpass(question).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path}: cannot be read: {error.strerror}", "check the path") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca report",
        description="The documents that a principal signs.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    equipment = commands.add_parser(
        "equipment", help="write the report, the proposal and their annex", allow_abbrev=False
    )
    equipment.add_argument("--period", required=True, help="2026-11, 2026-2027-1 or 2026-2027")
    equipment.add_argument("--out", type=Path, required=True, help="the folder that they go into")
    who = "who issues, signs and receives (default %(default)s)"
    equipment.add_argument("--report", type=Path, default=Path("report.yaml"), help=who)
    equipment.add_argument("--language", nargs="+", choices=("vi", "en"), default=["vi"], help="default vi")
    server = "the server's (default %(default)s)"
    equipment.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help=server)
    equipment.add_argument("--issued", default="", metavar="DAY", help="the day in its head (default today)")
    add_wishes(equipment)
    equipment.set_defaults(run=_equipment)
    sign = commands.add_parser("sign", help="sign a PDF with a key", allow_abbrev=False)
    sign.add_argument("file", type=Path, metavar="FILE")
    sign.add_argument("--p12", type=Path, required=True, metavar="KEY", help="the key, a PKCS#12 file (.p12, .pfx)")
    sign.add_argument(
        "--password-file", type=Path, help="a file with its password; without it the password is asked for"
    )
    sign.add_argument("--signature", type=Path, help="a picture of the signature, blue, without background (PNG, SVG)")
    sign.add_argument("--seal", type=Path, help="a picture of the seal, red, without background (PNG, SVG)")
    sign.add_argument("--out", type=Path, help="default: FILE-signed.pdf")
    sign.add_argument("--replace", action="store_true", help="write over a file that is there")
    sign.add_argument("--language", choices=("vi", "en"), default="vi", help="of sentences (default vi)")
    sign.set_defaults(run=_sign)
    verify = commands.add_parser(
        "verify", help="say who signed a PDF, when, and whether it changed", allow_abbrev=False
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--trust", type=Path, nargs="*", default=[], help="certificates of authorities (PEM or DER)")
    verify.add_argument("--language", choices=("vi", "en"), default="vi", help="of sentences (default vi)")
    verify.set_defaults(run=_verify)
    return parser
