"""Keeps modules out of memory that a library imports but an agent never uses."""

import importlib
import sys
from types import ModuleType
from typing import Any


def import_lazily(name: str) -> None:
    """Makes the next `import name` cost nothing: the module is loaded when something of it is used.

    The standard library's LazyLoader loads at the import statement already, which looks at `__spec__` (Python 3.11).
    """
    if name in sys.modules:
        return
    stub = ModuleType(name, "Loaded when something of it is used.")

    def load(attribute: str) -> Any:
        if sys.modules.get(name) is stub:
            del sys.modules[name]
        return getattr(importlib.import_module(name), attribute)

    stub.__getattr__ = load  # type: ignore[method-assign]
    sys.modules[name] = stub
    package, _, last = name.rpartition(".")
    if package:
        setattr(importlib.import_module(package), last, stub)
