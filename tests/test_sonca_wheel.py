"""The wheel that a school installs: our packages, whole, and nothing that another distribution also brings."""

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tree import PACKAGES, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel that is really built, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    [path] = folder.iterdir()
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_its_top_level_is_exactly_our_packages(wheel: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert len([top for top in tops if top.endswith(".dist-info")]) == 1


def test_it_holds_every_file_of_our_packages(wheel: list[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in wheel if ".dist-info/" not in name} == files
    assert any("/state_migrations/versions/" in name for name in files)


def test_it_brings_the_sonca_command(wheel: list[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)


def test_no_installed_distribution_brings_one_of_our_names() -> None:
    rivals = {
        f"{distribution.name}: {file.parts[0]}"
        for distribution in importlib.metadata.distributions()
        if distribution.name != "sonca"
        for file in distribution.files or ()
        if Path(file.parts[0]).stem in PACKAGES
    }
    assert rivals == set()
