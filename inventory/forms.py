"""The accounting forms: what stands above their tables, with codes and legal lines that a school may replace."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from contract.settings_file import read_settings
from contract.shapes import BadShape, check_distinct
from inventory.end_of_support import Filled

FormName = Literal["asset_book", "wear_table", "stocktake"]
SHIPPED = Path(__file__).parent / "forms.yaml"


@dataclass(frozen=True)
class Form:
    """One form by its code. `verified` is false where nobody held the circular's own page against it."""

    form: FormName
    code: Filled
    title: Filled
    law: str
    verified: bool


@dataclass(frozen=True)
class Forms:
    """All of them, each once."""

    forms: tuple[Form, ...]

    def of(self, name: FormName) -> Form:
        return next(form for form in self.forms if form.form == name)


def read_forms(path: Path) -> Forms:
    """The forms at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, Forms, _check)


@cache
def shipped_forms() -> Forms:
    """The forms that come with SonCa."""
    return read_forms(SHIPPED)


@dataclass(frozen=True)
class Unit:
    """Whose forms they are: the school, its code in the state budget (Mã QHNS), and the body above it."""

    name: str
    budget_code: str
    superior: str = ""
    forms: Forms = field(default_factory=shipped_forms)

    def heading(self, name: FormName, *lines: str) -> tuple[str, ...]:
        """The lines above a form's table."""
        form = self.forms.of(name)
        return (
            *([self.superior] if self.superior else []),
            f"Đơn vị: {self.name}",
            f"Mã QHNS: {self.budget_code}",
            f"Mẫu số {form.code} {form.law}",
            form.title,
            *lines,
        )


def _check(forms: Forms) -> None:
    check_distinct((f"forms[{index}].form", entry.form) for index, entry in enumerate(forms.forms))
    missing = sorted(set(get_args(FormName)) - {entry.form for entry in forms.forms})
    if missing:
        raise BadShape("forms", f"has no {', '.join(missing)}", hint="start from inventory/forms.yaml")
