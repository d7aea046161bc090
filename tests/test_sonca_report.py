"""`sonca report` as a person calls it: documents of a period, signed and checked."""

import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from inventory.report.data import ReportData
from inventory.report.period import Period
from sonca.cli import main as sonca
from sonca.command_report import main
from tests.report_record import record
from tests.signing_keys import PASSWORD, SIGNER, keys
from tests.tree import ROOT

EXAMPLE = ROOT / "examples" / "report.yaml"


def source(period: Period, now: datetime) -> ReportData:
    return record(20, 20, period=period, issued=now.date())


def write(folder: Path) -> Path:
    """A term's documents, by the settings of examples/."""
    assert main(["equipment", "--period", "2026-2027-1", "--out", str(folder), "--report", str(EXAMPLE)], source) == 0
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("documents"))


@pytest.fixture
def key(tmp_path: Path) -> list[str]:
    (tmp_path / "key.p12").write_bytes(keys().self_signed)
    (tmp_path / "password").write_bytes(PASSWORD + b"\n")
    return ["--p12", str(tmp_path / "key.p12"), "--password-file", str(tmp_path / "password")]


def test_it_writes_signs_and_checks(tmp_path: Path, key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    written = write(tmp_path / "out")
    assert sorted(path.suffix for path in written.iterdir()) == [".docx", ".docx", ".pdf", ".pdf", ".xlsx"]
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "đang đọc số liệu học kỳ I năm học 2026-2027 ..."
    assert len(told) == 6
    report, signed = written / "bao-cao-2026-2027-1-vi.pdf", written / "bao-cao-2026-2027-1-vi-signed.pdf"
    assert sonca(["report", "sign", str(report), *key]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{signed}: đã ký bởi {SIGNER}",
        "Khóa này tự ký: nó cho thấy tệp không bị sửa, nhưng không ai bảo đảm người ký là ai.",
    ]
    assert sonca(["report", "verify", str(signed)]) == 0
    assert re.fullmatch(
        rf"{SIGNER} ký lúc 20.* \(theo đồng hồ của người ký\): còn nguyên vẹn; chưa tin cậy: khóa tự ký, .*\n",
        capsys.readouterr().out,
    )
    assert sonca(["report", "verify", str(signed), "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"signed by {SIGNER} at ")
    assert said.endswith(": intact; not trusted: the key is self-signed, nobody vouches for the signer\n")


def test_what_changed_or_was_never_signed_is_told_by_the_exit_code(
    written: Path, key: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, signed = written / "to-trinh-2026-2027-1-vi.pdf", tmp_path / "signed.pdf"
    assert main(["verify", str(report)]) == 1
    assert capsys.readouterr().out.endswith(f"{report}: chưa được ký\n")
    assert main(["sign", str(report), *key, "--out", str(signed)]) == 0
    (tmp_path / "authority.pem").write_bytes(keys().authority)
    assert main(["verify", str(signed), "--trust", str(tmp_path / "authority.pem")]) == 1
    content = bytearray(signed.read_bytes())
    content[content.index(b"stream") + 30] ^= 1
    signed.write_bytes(content)
    assert main(["verify", str(signed)]) == 1
    assert "ĐÃ BỊ SỬA sau khi ký" in capsys.readouterr().out


def test_a_signed_file_is_not_written_over(written: Path, key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["report", "sign", str(written / "to-trinh-2026-2027-1-vi.pdf"), *key]
    assert sonca(asked) == 0
    assert sonca(asked) == 2
    assert "is there already" in capsys.readouterr().err
    assert sonca([*asked, "--replace"]) == 0


def test_a_password_is_never_an_argument(written: Path, key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    report = str(written / "bao-cao-2026-2027-1-vi.pdf")
    assert sonca(["report", "sign", report, *key[:2]]) == 2
    assert "nobody is here to type it" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["sign", report, *key[:2], "--password", "secret"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"vietnamese": {"signer": {"name": ""}}}, "vietnamese.signer.name: says nothing"),
        ({"vietnamese": {"place": None}}, "vietnamese.place: is missing"),
        ({"code": None}, "report.yaml: code: is missing"),
        ({"vietnamese": {"addressees": []}}, "vietnamese.addressees: names nobody"),
    ],
)
def test_what_is_missing_is_asked_for_by_its_key(
    change: dict[str, object], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "report.yaml"
    settings.write_text(yaml.safe_dump(merged(yaml.safe_load(EXAMPLE.read_text("utf-8")), change), allow_unicode=True))
    asked = ["report", "equipment", "--period", "2026-11", "--out", str(tmp_path / "out"), "--report", str(settings)]
    assert sonca(asked) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def merged(old: dict[str, object], new: dict[str, object]) -> dict[str, object]:
    """The old settings with some of the new ones in place; None takes a key away."""
    both = dict(old)
    for key, value in new.items():
        before = old.get(key)
        both[key] = merged(before, value) if isinstance(value, dict) and isinstance(before, dict) else value
    return {key: value for key, value in both.items() if value is not None}


def test_settings_that_are_not_there_and_periods_that_are_none_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")]
    assert sonca(["report", "equipment", "--period", "2026-11", *out, "--report", str(tmp_path / "none.yaml")]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert sonca(["report", "equipment", "--period", "November", *out]) == 2
    assert "'November' is not a period" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "sonca report sign reports/bao-cao-2026-11-vi.pdf --p12 principal.p12" in capsys.readouterr().out
