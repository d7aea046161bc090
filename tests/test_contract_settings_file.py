"""Whatever stands in a settings file: it loads, or a SettingsError says why not."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.settings import read_agent_settings
from contract.settings_file import SettingsError
from inventory.school import read_school
from sonca.settings import read_server_settings

EXAMPLES = Path(__file__).parent.parent / "examples"
READERS: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("agent.yaml", read_agent_settings),
    ("school.yaml", read_school),
    ("sonca.yaml", read_server_settings),
)
SCHOOL = "site: hoa-mai\nname: Hoa Mai\n"

# Signs that mean something to YAML, and values that surprise people or Python.
NO_NUMBERS = ("0b_", "0x_", ".nan", "-.inf", "9" * 5000, "0x" + "f" * 5000, "1" + ":59" * 300 + ".5")
PIECES = (
    *NO_NUMBERS,
    *(
        "&a b",
        "*a",
        "!!int x",
        "!!bool maybe",
        "!!timestamp x",
        "!!float x",
        "<<: {a: b}",
        "? [a, b]",
        "? {a: b}",
        ": ",
    ),
    *(
        "- ",
        "-",
        "|",
        ">",
        "%",
        "@",
        "#",
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        "---",
        "...",
        "\t",
        "\n",
        "  ",
        "\r",
        "\0",
    ),
    *("\x85", "\ufeff", "\u2028", "~", "", "yes", "010", "12:34", "1e999", "-1", "0"),
    *("2027-02-30", "[" * 2000, "? " * 500, "[]", "{}", "ố"),
)


def damaged(line: str, piece: str, how: int) -> str:
    """The line with another value, another key, more at its end, or one more above it."""
    key, colon, value = line.partition(":")
    indent = line[: len(line) - len(line.lstrip(" -"))]
    return (f"{key}: {piece}", f"{indent}{piece}{colon}{value}", line + piece, f"{indent}{piece}\n{line}")[how]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings") / "settings.yaml"


def judge(path: Path, content: bytes, read: Callable[[Path], object]) -> None:
    path.write_bytes(content)
    with contextlib.suppress(SettingsError):
        read(path)


@settings(deadline=None)
@given(content=st.binary() | st.text().map(str.encode))
def test_any_content_loads_or_is_refused(scratch: Path, content: bytes) -> None:
    for _, read in READERS:
        judge(scratch, content, read)


@settings(deadline=None, max_examples=500)
@given(st.data(), st.sampled_from(READERS), st.integers(1, 3))
def test_any_damage_to_a_good_file_loads_or_is_refused(
    scratch: Path, data: st.DataObject, kind: tuple[str, Callable[[Path], object]], wounds: int
) -> None:
    lines = (EXAMPLES / kind[0]).read_text(encoding="utf-8").splitlines()
    for _ in range(wounds):
        at = data.draw(st.sampled_from([at for at, line in enumerate(lines) if line.strip() and line[0] != "#"]))
        lines[at] = damaged(lines[at], data.draw(st.sampled_from(PIECES)), data.draw(st.integers(0, 3)))
    judge(scratch, "\n".join(lines).encode(), kind[1])


@pytest.mark.parametrize("content", [SCHOOL, "\ufeff" + SCHOOL, SCHOOL.replace("\n", "\r\n"), "---\n" + SCHOOL])
def test_it_reads_what_editors_write(scratch: Path, content: str) -> None:
    scratch.write_bytes(content.encode())
    assert read_school(scratch).name == "Hoa Mai"


def test_a_holiday_needs_no_quotes(scratch: Path) -> None:
    scratch.write_text(SCHOOL + "holidays: [2027-02-05]\n")
    assert read_school(scratch).holidays == ("2027-02-05",)


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_a_number_that_python_cannot_hold_is_refused_with_its_line(scratch: Path, value: str) -> None:
    scratch.write_text(f"{SCHOOL}limits: {{loss_percent: {value}}}\n")
    with pytest.raises(SettingsError, match="line 3: "):
        read_school(scratch)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_school(tmp_path / "school.yaml")
    assert refusal.value.sentence == f"{tmp_path}/school.yaml: there is no such file"


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory\n  hint: it must be a file"):
        read_school(tmp_path)


def test_references_that_would_fill_the_memory_are_refused_at_once(scratch: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    scratch.write_text("\n".join(["a0: &a0 x", *levels]))
    with pytest.raises(SettingsError, match="references and tags"):
        read_school(scratch)
