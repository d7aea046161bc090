"""The structure of docs/architecture.md, held by looking at the tree itself."""

import ast
import importlib.metadata
import pkgutil
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import agent
from tests import markdown
from tests.tree import PACKAGES, PYPROJECT, ROOT, committed_files, imports_of, name_of, parsed, product_files
from tests.tree import python_files as all_python_files

# package -> what of ours it may import beside itself, as docs/architecture.md has it
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAY_IMPORT = {
    package.strip("`"): PACKAGES if allowed == "all" else tuple(re.findall(r"`([\w.]+)`", allowed))
    for package, allowed in markdown.tables(markdown.section(ARCHITECTURE, "Who may import whom"))[0]
}
AGENT_LIBRARIES = {"paho", "psutil", "yaml"}
# Modules that bring in a library of an extra: loaded by name when a device needs them, never by an import statement.
OF_EXTRAS = {"agent.probes.snmp_gufo": {"gufo"}, "agent.probes.snmp_pysnmp": {"pysnmp"}} | {
    f"agent.scan.{name}": {"scapy"} for name in ("arp_watch", "dhcp", "sweep", "trace", "vendors")
}
# What runs in a process of its own: the agent itself loads nothing of it, by whatever name.
OF_THE_CHILD = "agent.scan"


def foreign_imports(path: Path) -> set[str]:
    """The libraries a file imports: neither ours nor Python's."""
    tops = {name.partition(".")[0] for name in imports_of(path)}
    return tops - set(PACKAGES) - sys.stdlib_module_names - {"environment", "tests", "scripts"}


def belongs_to(name: str, prefix: str) -> bool:
    return f"{name}.".startswith(f"{prefix}.")


def test_the_table_of_imports_names_every_package() -> None:
    assert set(MAY_IMPORT) == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    allowed = (package, *MAY_IMPORT[package])
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in imports_of(path)
        if name.partition(".")[0] in PACKAGES and not any(belongs_to(name, prefix) for prefix in allowed)
    ]
    assert wrong == []


def test_imports_are_absolute() -> None:
    assert [
        name_of(path) for path in all_python_files() if any(name.startswith(".") for name in imports_of(path))
    ] == []


def test_the_contract_imports_the_standard_library_only_and_yaml_in_one_place() -> None:
    foreign = {name_of(path): foreign_imports(path) for path in (ROOT / "contract").rglob("*.py")}
    assert {name: found for name, found in foreign.items() if found} == {"contract.settings_file": {"yaml"}}


def test_the_agent_imports_its_three_libraries_only() -> None:
    foreign = {name_of(path): foreign_imports(path) - AGENT_LIBRARIES for path in (ROOT / "agent").rglob("*.py")}
    assert {name: found for name, found in foreign.items() if found} == OF_EXTRAS


def test_modules_of_extras_are_imported_by_no_statement() -> None:
    importing = {name_of(path): set(imports_of(path)) for path in product_files()}
    assert [
        (name, module)
        for name, imported in importing.items()
        for module in OF_EXTRAS
        if any(belongs_to(entry, module) for entry in imported) and not belongs_to(name, OF_THE_CHILD)
    ] == []


def test_the_agent_names_its_child_only_where_it_starts_it() -> None:
    naming = {name_of(path) for path in product_files() if OF_THE_CHILD in path.read_text(encoding="utf-8")}
    assert {name for name in naming if not belongs_to(name, OF_THE_CHILD)} == {"agent.probes.scan"}


def loaded_by(modules: list[str]) -> set[str]:
    """The top-level names that a fresh Python has loaded after importing these modules, beyond its own start."""
    program = f"""if True:
        import importlib, sys
        before = set(sys.modules)
        for name in {modules}:
            importlib.import_module(name)
        print(*sorted(set(sys.modules) - before))
    """
    child = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name.partition(".")[0] for name in child.stdout.split()}


def declared(requirements: list[str]) -> set[str]:
    """The names of the distributions in a list of requirements."""
    return {plain(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def distributions_of(tops: set[str]) -> set[str]:
    owners = importlib.metadata.packages_distributions()
    tops = tops - sys.stdlib_module_names  # gufo_snmp says that it has a module `socket`, and has none
    return {plain(distribution) for top in tops for distribution in owners.get(top, [])}


def test_an_agent_loads_no_more_than_its_own_dependencies() -> None:
    names = {module.name for module in pkgutil.walk_packages(agent.__path__, "agent.")}
    loaded = loaded_by(sorted(names - set(OF_EXTRAS)))
    assert loaded & set(PACKAGES) == {"agent", "contract"}
    assert distributions_of(loaded - set(PACKAGES)) <= declared(PYPROJECT["project"]["dependencies"])


def test_the_command_starts_without_the_libraries_of_the_server() -> None:
    door = PYPROJECT["project"]["scripts"]["sonca"].partition(":")[0]
    loaded = loaded_by([door])
    assert distributions_of(loaded - set(PACKAGES)) <= declared(PYPROJECT["project"]["dependencies"])


def test_every_imported_library_is_declared() -> None:
    project = PYPROJECT["project"]
    extras = [row for rows in project["optional-dependencies"].values() for row in rows]
    names = declared([*project["dependencies"], *extras])
    imported = {library for path in all_python_files() for library in foreign_imports(path)}
    assert {library for library in imported if not names & distributions_of({library})} == set()


def plain(distribution: str) -> str:
    return re.sub("[-_.]+", "-", distribution).lower()


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in all_python_files()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_functions_are_short() -> None:
    lengths = dict(function for path in product_files() for function in functions_of(path))
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert statistics.median(lengths.values()) <= 10
    assert statistics.quantiles(lengths.values(), n=10)[8] <= 30


def test_names_say_what_a_thing_is() -> None:
    # As the last word: ProcessorUse is about a processor, but a Processor could be anything.
    empty = {"manager", "handler", "processor", "util", "utils", "common", "helper", "helpers"}
    names = [name_of(path).rpartition(".")[2] for path in all_python_files()]
    names += [
        node.name for path in product_files() for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in names if words_of(name)[-1] in empty] == []


def words_of(name: str) -> list[str]:
    """`RequestHandler` and `request_handler` are both request, handler."""
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower().split("_")


def test_tests_are_flat_and_named_after_what_they_test() -> None:
    folder = ROOT / "tests"
    helpers = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("test_")}
    subjects = (*PACKAGES, *helpers, "scripts")
    stems = [path.stem.removeprefix("test_") for path in folder.glob("test_*.py")]
    assert [stem for stem in stems if not any(f"{stem}_".startswith(f"{subject}_") for subject in subjects)] == []
    assert [path for path in folder.rglob("*.py") if path.parent != folder] == []
    assert {path.name for path in folder.iterdir()} & set(PACKAGES) == set()


# Spelled with brackets, so that this file does not find itself.
MACHINES = re.compile(
    r"/[r]oot/|/[w]ork/|/home/[a-z]|C:\\[U]sers|[p]ypi\.org|[p]ythonhosted|[n]pmjs|[c]rates\.io|[d]eb\.debian\.org"
    r"|proxy\.[g]olang"
)


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in committed_files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in MACHINES.finditer(text)]
    assert found == []
