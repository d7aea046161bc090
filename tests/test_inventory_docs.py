"""docs/register.md says what the code does."""

from inventory.asset import MOVES
from inventory.importing.table import HEADER_WITHIN
from inventory.match_evidence import POINTS, STRONG, WEAK
from inventory.register_tables import METADATA
from inventory.saying import name_of
from inventory.stocktake import SEEN_WITHIN_MS
from tests import markdown
from tests.example_workbook import ROOMS, example_assets
from tests.test_inventory_match import HAPPENED
from tests.tree import ROOT

TEXT = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_moves_of_a_status_are_those_of_the_code() -> None:
    [table] = markdown.tables(markdown.section(TEXT, "Assets"))
    moves = [
        [name_of(status, "en"), ", ".join(sorted(name_of(after, "en") for after in allowed)) or "nowhere"]
        for status, allowed in MOVES.items()
    ]
    assert [list(row) for row in table] == moves


def test_evidence_counts_what_the_table_says() -> None:
    points, happened = markdown.tables(markdown.section(TEXT, "Who is who"))
    assert [(row[0], row[1]) for row in points] == [(f"`{kind}`", str(count)) for kind, count in POINTS.items()]
    assert [row[0] for row in happened] == list(HAPPENED)
    for row in happened:
        states = {state.split()[0] for state in HAPPENED[row[0]][4].values()}
        assert states <= set(row[1].replace("an earlier one", "earlier").replace(",", "").split()), row


def test_the_numbers_are_those_of_the_code() -> None:
    text = " ".join(TEXT.split())
    for sentence in (
        f"From {STRONG} points on, without a conflict",
        f"From {WEAK} points on it waits for a person",
        f"a header within its first {HEADER_WITHIN} rows",
        f"heard of in the last {SEEN_WITHIN_MS // 86_400_000} days",
        f"{len(example_assets())} assets that the school of `sonca up --simulate {ROOMS}` is registered with",
    ):
        assert sentence in text


def test_the_tables_of_the_register_are_named() -> None:
    *names, last = [f"`{name}`" for name in METADATA.tables]
    assert f"{', '.join(names)} and {last}" in " ".join(ARCHITECTURE.split())
