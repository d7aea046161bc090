"""What a simulated school has beside devices: its register, money for an upgrade plan, and somebody who signs."""

from pathlib import Path

import yaml

from inventory.register import Act, Register
from inventory.school import School
from sonca.simulate.assets import BUDGET, PARENTS, as_of, assets_of
from sonca.simulate.school_day import SchoolDay

MADE_UP = "# Bịa ra cho trường mô phỏng; sửa tùy ý. / Made up for the simulated school; change what you like.\n"
_MILLION = 1_000_000


def equip(folder: Path, state_url: str, day: SchoolDay, now: int) -> None:
    """Makes what is missing, and leaves what is there. Raises StoreUnavailable and OSError."""
    school = day.school
    register = Register(state_url).open()
    try:
        if not register.assets(school.site):
            assets = as_of(assets_of(day), school.day_at(now))
            register.save(school.site, assets, Act("sonca up --simulate", now))
    finally:
        register.close()
    for kind, settings in (("plan", _PLAN), ("report", _report(school))):
        path = folder / f"{kind}-{school.site}.yaml"
        if not path.exists():
            text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
            path.write_text(MADE_UP + text, encoding="utf-8")


_PLAN = {
    "budgets": [
        {"amount": 60 * _MILLION, "source": BUDGET},
        {"amount": 15 * _MILLION, "source": PARENTS, "pays_for": ["repair", "move"]},
    ]
}


def _report(school: School) -> dict[str, object]:
    return {
        "code": "MNHM",
        "budget_code": "1099999",
        "vietnamese": {
            "superior": "Ủy ban nhân dân phường Hoa Mai",
            "issuer": school.name,
            "place": "Thành phố Hồ Chí Minh",
            "signer": {"title": "Hiệu trưởng", "name": "Nguyễn Thị Mẫu"},
            "addressees": ["Ủy ban nhân dân phường Hoa Mai"],
            "recipients": ["Ban Giám hiệu", "Bộ phận Kế toán"],
            "bases": [f"Căn cứ kế hoạch năm học của {school.name};"],
        },
        "english": {
            "superior": "People's Committee of Hoa Mai Ward",
            "issuer": school.name,
            "place": "Ho Chi Minh City",
            "signer": {"title": "Principal", "name": "Nguyễn Thị Mẫu"},
            "addressees": ["People's Committee of Hoa Mai Ward"],
            "recipients": ["Board of the school", "Accounting"],
        },
    }
