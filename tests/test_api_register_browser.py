"""The register in a real Chromium: its forms by keyboard and on a telephone, for screen readers, and from elsewhere."""

import importlib.resources
import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.api_server import chromium
from tests.registered_school import SITE, RegisteredSchool, registered_school

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SMALL, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
PAGES = ("", "/asset/TS-001", "/edit/TS-001", "/import", "/matching", "/stocktakes/1", "/books")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegisteredSchool]:
    with registered_school(tmp_path_factory.mktemp("school")) as made:
        made.write(f"{SITE}/stocktakes", {})
        yield made


def page_of(browser: Browser, school: RegisteredSchool, path: str, view: dict[str, int]) -> Page:
    page = browser.new_page(viewport=view, base_url=str(school.client.base_url))  # type: ignore[arg-type]
    page.goto(path)
    return page


@pytest.mark.parametrize("view", [SMALL, WIDE], ids=["360", "1440"])
def test_pages_fit_the_screen_and_screen_readers(
    browser: Browser, school: RegisteredSchool, view: dict[str, int]
) -> None:
    page = page_of(browser, school, SITE, view)
    for place in PAGES:
        page.goto(f"{SITE}{place}?lang={'vi' if view is SMALL else 'en'}")
        assert page.evaluate("document.documentElement.scrollWidth") <= view["width"], place
        page.evaluate(AXE)
        found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
        assert found == [], place
    page.close()


def test_a_form_is_corrected_and_saved_by_keyboard(browser: Browser, school: RegisteredSchool) -> None:
    page = page_of(browser, school, f"{SITE}/edit/TS-002", WIDE)
    page.locator("#f-purchase_cost").fill("rẻ")
    page.keyboard.press("Enter")
    expect(page.locator("#f-purchase_cost-refused")).to_contain_text("«rẻ» không phải là số tiền")
    expect(page.locator(".refusal a")).to_have_attribute("href", "#f-purchase_cost")
    page.locator("#f-purchase_cost").fill("15.000.000")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_have_text("Đã ghi vào sổ.")
    expect(page.locator("#history li").first).to_contain_text("15.000.000")
    page.close()


def test_a_telephone_walks_through_a_stocktake(browser: Browser, school: RegisteredSchool) -> None:
    page = page_of(browser, school, f"{SITE}/stocktakes/1", SMALL)
    line = page.locator("#l-TS-002")
    for button in line.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
    line.get_by_role("button", name="Có, ở Lớp Chồi 1").click()
    expect(page.locator(".f-found #l-TS-002")).to_contain_text("thấy ở Lớp Chồi 1")
    line.locator("summary").click()
    line.locator("select").select_option("la-1")
    line.get_by_role("button", name="Ở phòng này").click()
    expect(page.locator(".f-moved #l-TS-002")).to_contain_text("thấy ở Lớp Lá 1")
    page.close()


@pytest.mark.parametrize("view", [SMALL, WIDE], ids=["360", "1440"])
def test_the_books_of_a_year_are_taken_home_by_keyboard(
    browser: Browser, school: RegisteredSchool, view: dict[str, int]
) -> None:
    page = page_of(browser, school, f"{SITE}/books", view)
    page.get_by_label("Năm", exact=True).fill("2025")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Sổ tài sản cố định năm 2025")
    expect(page.locator("#books .total")).to_contain_text("5.400.000\N{NO-BREAK SPACE}đồng")
    page.get_by_label("Năm", exact=True).fill("1999")
    page.keyboard.press("Enter")  # the browser itself knows the years there are
    expect(page.locator("h1")).to_have_text("Sổ tài sản cố định năm 2025")
    page.get_by_label("Mã QHNS của trường").fill("1099999")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename == "hoa-mai-books-2025.xlsx"
    book = load_workbook(io.BytesIO(started.value.path().read_bytes()))
    assert book.sheetnames == ["S24-H", "C55-HD"]
    assert {"Mã QHNS: 1099999", "Năm 2025"} <= {row[0].value for row in book["S24-H"].rows}
    page.close()


def test_a_page_from_elsewhere_changes_nothing_even_with_a_stolen_token(
    browser: Browser, school: RegisteredSchool
) -> None:
    page = browser.new_page()
    action = f"{str(school.client.base_url).rstrip('/')}{SITE}/new"
    fields = {"token": school.token, "tag": "TS-666", "kind": "tv", "name": "x"}
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    page.set_content(f'<form method="post" action="{action}">{inputs}<button>x</button></form>')
    with page.expect_response(action) as answered:
        page.locator("button").click()
    assert answered.value.status == 403
    expect(page.locator("h1")).to_contain_text("từ một trang khác")
    assert school.register.asset("hoa-mai", "TS-666") is None
    page.close()
