"""Opens a list of assets by the ending of its name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from contract.trouble import Trouble
from inventory.importing.read_text import read_csv, read_yaml
from inventory.importing.read_xlsx import read_xlsx
from inventory.importing.table import BadTable, Table

READERS: Mapping[str, Callable[[Path], Table]] = {
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".csv": read_csv,
    ".txt": read_csv,
    ".yaml": read_yaml,
    ".yml": read_yaml,
}


def read_table(path: Path) -> Table:
    """Raises BadTable for what is in the file, Trouble when it cannot be opened."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadTable(
            "old_office" if path.suffix.lower() in (".xls", ".ods") else "unknown_ending", ending=path.suffix
        )
    try:
        return reader(path)
    except FileNotFoundError as error:
        raise Trouble(f"{path}: there is no such file", "check the path") from error
    except OSError as error:
        raise Trouble(
            f"{path}: cannot be read: {error.strerror}", "close it in other programs, check its rights"
        ) from error
