"""`sonca plan` as people call it: what it needs is asked for, what cannot be meant is refused."""

import json
from pathlib import Path

import pytest
import yaml

from collector.store.sqlite import SqliteStore
from inventory.asset import Asset
from inventory.register import Act, Register
from sonca.cli import main
from sonca.simulate.school import school_text
from tests.example_workbook import example_assets, example_day
from tests.tree import ROOT
from tests.waiting import PATIENCE_SECONDS, now_ms

AS_OF = ("--as-of", "2026-11-30")


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two plans of the same are the same, however busy the machine is."""
    monkeypatch.setattr("inventory.plan.make.SECONDS", PATIENCE_SECONDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example school, registered, of which nothing was measured yet."""
    day = example_day()
    (tmp_path / "school.yaml").write_text(school_text(day.school), encoding="utf-8")
    broker = {"host": "127.0.0.1", "username": "collector", "password_file": "x"}
    (tmp_path / "sonca.yaml").write_text(yaml.safe_dump({"broker": broker}))
    SqliteStore(tmp_path / "series.db").open().close()
    registered(tmp_path, example_assets())
    return tmp_path


def registered(folder: Path, assets: list[Asset]) -> None:
    register = Register(f"sqlite:///{folder}/state.db").open()
    register.save(example_day().school.site, assets, Act("test", now_ms()))
    register.close()


def plan(folder: Path, *words: str) -> int:
    money = words if "--plan" in words or "--budget" in words else ("--plan", str(folder / "plan.yaml"), *words)
    return main(["plan", "--settings", str(folder / "sonca.yaml"), *AS_OF, *money])


def test_the_example_plans_what_the_register_alone_tells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(folder, "--plan", str(ROOT / "examples" / "plan.yaml"), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["plan"]["first_year"], found["plan"]["years"]) == (2027, 3)
    assert {pot["source"] for pot in found["plan"]["budgets"]} == {"Ngân sách nhà nước", "Xã hội hóa"}
    assert all(pot["left_vnd"] >= 0 for pot in found["plan"]["budgets"])
    assert found["plan"]["actions"]
    assert found["old_but_fine"] == found["new_but_failing"] == []  # nothing was measured: nobody is called fine
    reasons = {reason["code"] for asset in found["assets"] for reason in asset["reasons"]}
    assert reasons == {"age", "warranty", "condition"}


def test_money_of_the_command_line_replaces_that_of_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.yaml").write_text("budgets: [{amount: 1}]\nyears: 4\n")
    for words, amounts in (((), [1] * 4), (("--budget", "7"), [7] * 4), (("--budget", "2028=7"), [7])):
        assert plan(folder, "--plan", str(folder / "plan.yaml"), *words, "--json") == 0
        assert [pot["vnd"] for pot in json.loads(capsys.readouterr().out)["plan"]["budgets"]] == amounts


def test_the_money_of_a_year_is_told_by_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(folder, "--plan", str(ROOT / "examples" / "plan.yaml"), "--json") == 0
    found = json.loads(capsys.readouterr().out)["plan"]
    [state, other] = [pot for pot in found["budgets"] if pot["year"] == 2027]
    assert plan(folder, "--plan", str(ROOT / "examples" / "plan.yaml"), "--language", "en") == 0
    told = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    spent = [f"{pot['vnd'] - pot['left_vnd']:,} VND of {pot['vnd']:,} VND, {pot['left_vnd']:,} VND left"
             for pot in (state, other)]  # fmt: skip
    assert told[told.index(next(line for line in told if line.startswith("School year 2027"))) + 1 :][:2] == [
        f"  Ngân sách nhà nước: {spent[0]}",
        f"  Xã hội hóa: {spent[1]} (only to repair or upgrade, move here)",
    ]
    assert sum(line.startswith("  Ngân sách") for line in told) == 1  # the other years have one source only


def test_english_is_told_by_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(folder, "--budget", "0", "--language", "en") == 0
    told = capsys.readouterr().out
    assert told.startswith("UPGRADE PLAN 2027-2028 to 2029-2030\n")
    assert "In all: " in told
    assert "In need, but not in the plan" in told
    assert plan(folder, "--budget", "0", "--asset", "TS-060", "--language", "en") == 2  # it is planned, not owned yet
    assert "the plan has no asset 'TS-060'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "a plan needs money"),
        (("--budget", "60.000.000"), "--budget 60.000.000: is no money"),
        (("--budget", "x=5"), "--budget x=5: is no money"),
        (("--budget", "2020=5"), "there is money for 2020"),
        (("--budget", "5", "--room-first", "la-9"), "there is no room 'la-9'"),
        (("--budget", "5", "--pin", "TS-001"), "--pin TS-001: is no pin"),
        (("--budget", "5", "--pin", "TS-001=buy@2027"), "actions are keep, repair"),
        (("--budget", "5", "--pin", "TS-001=replace@2027"), "TS-001"),
        (("--budget", "5", "--exclude", "TS-999"), "TS-999"),
        (("--budget", "5", "--budget-percent", "-1"), "less than nothing"),
        (("--budget", "5", "--as-of", "30/11/2026"), "'30/11/2026' is not a day of the calendar"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_hint(
    words: tuple[str, ...], sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(folder, *words) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "hint: " in told


def test_without_a_store_it_says_which_one_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "series.db").unlink()
    assert plan(folder, "--budget", "5") == 2
    assert "series.db" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["plan", "--help"])
    assert "sonca plan --asset TS-014" in capsys.readouterr().out
