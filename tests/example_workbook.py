"""Makes examples/assets.xlsx: the assets of the simulated kindergarten of twelve rooms. All of it is made up.

python -m tests.example_workbook writes it anew; a test holds that the file is what this makes.
"""

from pathlib import Path

from inventory.asset import Asset
from inventory.exporting.tables import export_xlsx
from sonca.simulate.assets import assets_of
from sonca.simulate.school_day import DEFAULT_SITE, SchoolDay, school_day

FILE = Path(__file__).parent.parent / "examples" / "assets.xlsx"
TITLE = (
    "DỮ LIỆU BỊA RA ĐỂ THỬ, KHÔNG PHẢI CỦA TRƯỜNG NÀO (made up, for trying out SonCa with `sonca up --simulate 12`)",
    "DANH MỤC TÀI SẢN CÔNG NGHỆ THÔNG TIN",
)
ROOMS = 12


def example_day() -> SchoolDay:
    """The simulated school whose PCs these are."""
    return school_day(DEFAULT_SITE, seed=1, rooms=ROOMS, devices=2 * ROOMS)


def example_assets() -> list[Asset]:
    """Sixty assets; those of the school of `sonca up --simulate 12`."""
    return assets_of(example_day())


def write(path: Path) -> None:
    """The workbook, at `path`."""
    rooms = {room.id: room.name for room in example_day().school.rooms}
    export_xlsx(path, example_assets(), rooms, "vi", TITLE)


if __name__ == "__main__":
    write(FILE)
