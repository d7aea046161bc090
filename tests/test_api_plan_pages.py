"""The principal's page, the plan and the documents over a real server and both real states, and in a real Chromium."""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import openpyxl
import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from pypdf import PdfReader

from inventory.register import Register
from tests.api_server import Served, chromium, client_of
from tests.planned_school import PLAN, REPORT, planned_school
from tests.registered import ACT
from tests.test_api_browser import AXE
from tests.waiting import PATIENCE_SECONDS, wait_until

API = "/api/v1/sites/hoa-mai"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, served_state_url: str) -> Iterator[Served]:
    with (
        pytest.MonkeyPatch.context() as patch,
        planned_school(tmp_path_factory.mktemp("planned"), served_state_url) as made,
    ):
        patch.setattr("inventory.plan.make.SECONDS", PATIENCE_SECONDS)  # what is asked twice is answered alike
        yield made


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with client_of(served.address) as made:
        yield made


def read(client: httpx.Client, path: str, status: int = 200, **asked: Any) -> Any:
    answer = client.get(path, params=asked)
    assert answer.status_code == status, answer.text
    return answer.json() if path.startswith("/api") else answer.text


def test_the_page_the_json_and_the_documents_agree(client: httpx.Client) -> None:
    told = read(client, f"{API}/principal")
    plan = read(client, f"{API}/plan")["plan"]
    page = read(client, "/principal/hoa-mai").replace("\u00a0", " ")
    year = plan["first_year"]
    spent = sum(action["price_vnd"] for action in plan["actions"] if action["year"] == year)
    assert told["planned_vnd"] == spent == sum(entry["price_vnd"] for entry in told["to_buy"])
    assert f"{spent:,} đồng".replace(",", ".") in page
    addresses = {(entry["document"], entry["format"]): entry["address"] for entry in told["documents"]}
    assert len(addresses) == 5
    for address in addresses.values():
        assert f'href="{address}"' in page
    proposal = client.get(addresses["to-trinh", "pdf"])
    assert proposal.headers["content-type"] == "application/pdf"
    assert f'filename="{Path(addresses["to-trinh", "pdf"]).name}"' in proposal.headers["content-disposition"]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(proposal.content)).pages)
    assert f"{spent:,}".replace(",", ".") in text
    annex = openpyxl.load_workbook(io.BytesIO(client.get(addresses["phu-luc", "xlsx"]).content), data_only=True)
    assert any(cell.value == spent for sheet in annex for row in sheet.iter_rows() for cell in row)
    docx = zipfile.ZipFile(io.BytesIO(client.get(addresses["to-trinh", "docx"]).content))
    assert f"{spent:,}".replace(",", ".") in re.sub("<[^>]+>", "", docx.read("word/document.xml").decode())


def test_a_period_that_is_over_is_told_by_what_was_measured_then(client: httpx.Client) -> None:
    told = read(client, f"{API}/principal", period="2024-2025", lang="en")
    assert told["connected_percent"] is None
    assert told["period"] == {
        "period": "2024-2025",
        "first": "2024-09-01",
        "last": "2025-08-31",
        "name": "the school year 2024-2025",
    }
    page = read(client, "/principal/hoa-mai", period="2024-2025", lang="vi")
    assert "chưa có số đo trong kỳ này" in page
    assert 'value="2024-2025" selected' in page
    assert 'href="/principal/hoa-mai?period=2024-2025&amp;lang=en"' in page


def test_the_register_is_followed_at_once(client: httpx.Client, served: Served) -> None:
    before = read(client, f"{API}/principal")["assets"]
    register = Register(served.day.state_url).open()
    [extra] = [asset for asset in register.assets("hoa-mai") if asset.tag == "TS-0001"]
    register.save("hoa-mai", [type(extra)(**{**vars(extra), "tag": "TS-0900", "serial": ""})], ACT)
    register.close()
    assert read(client, f"{API}/principal")["assets"] == before + 1


def test_what_if_is_in_the_address_and_nothing_is_kept(client: httpx.Client) -> None:
    plain = read(client, f"{API}/plan")
    tag = next(action["tag"] for action in plain["plan"]["actions"] if action["price_vnd"])
    tried = read(client, f"{API}/plan", exclude=tag, budget_percent=90, lang="en")
    assert tag in tried["change"]["dropped"]
    assert tried["plan"]["method"] == "greedy"
    assert tried["plan"]["budgets"][0]["vnd"] == 54_000_000
    [asset] = [asset for asset in tried["assets"] if asset["tag"] == tag]
    assert asset["why_not"] == "the school took it out of the plan"
    page = read(client, "/plan/hoa-mai", exclude=tag, budget="10.000.000", pin_tag="", pin_action="keep", pin_year="")
    assert f"loại {tag}" in page
    assert f'href="/plan/hoa-mai?budget=10000000&amp;exclude={tag}&amp;lang=en"' in page
    again = read(client, f"{API}/plan")
    assert again["change"] is None
    assert again["plan"]["actions"] == plain["plan"]["actions"]


@pytest.mark.parametrize(
    ("path", "status", "error", "sentence"),
    [
        ("/principal?period=2026", 422, "bad_parameter", "it is no period"),
        ("/principal?period=2199-01", 422, "bad_parameter", "it is no period"),
        ("/plan?room_first=attic", 422, "bad_parameter", "no room “attic”"),
        ("/plan?budget_percent=-1", 422, "bad_parameter", "it must be at least 0"),
        ("/plan?budget=much", 422, "bad_parameter", "it must look like"),
        ("/plan?pin_tag=TS-0001&pin_action=paint&pin_year=2027", 422, "bad_parameter", "“TS-0001=paint@2027”"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(
    client: httpx.Client, path: str, status: int, error: str, sentence: str
) -> None:
    answer = client.get(f"{API}{path}", params={**dict(httpx.QueryParams(path.partition("?")[2])), "lang": "en"})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert sentence in answer.json()["sentence"]
    assert answer.json()["hint"]


def test_an_unknown_document_and_an_unknown_site_are_not_found(client: httpx.Client) -> None:
    assert "bao-cao-2026-11-vi.pdf" in read(client, "/reports/hoa-mai/phu-luc-2026-11-vi.pdf", 404)
    assert read(client, "/api/v1/sites/nowhere/plan", 404)["error"] == "unknown_site"


def test_without_money_the_page_names_the_key_and_still_shows_the_reasons(client: httpx.Client, served: Served) -> None:
    file = served.day.folder / "plan.yaml"
    try:
        file.unlink()
        page = read(client, "/plan/hoa-mai")
        assert "<code>budgets</code>" in page
        assert str(file) in page
        assert read(client, f"{API}/plan")["notice"]["error"] == "no_budget"
        file.write_text("budgets: [{amount: a lot}]\n", encoding="utf-8")
        assert "budgets[0].amount" in read(client, f"{API}/principal", lang="en")["notice"]["sentence"]
        file.write_text(f"{PLAN}pins: [{{tag: TS-0001, year: 2026, action: keep}}]\n", encoding="utf-8")
        assert "not a year of the plan" in read(client, f"{API}/plan", lang="en")["notice"]["sentence"]
    finally:
        file.write_text(PLAN, encoding="utf-8")
    assert read(client, f"{API}/plan")["notice"] is None


def test_without_wording_or_extra_the_page_says_what_is_missing(
    client: httpx.Client, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = served.day.folder / "report.yaml"
    document = "/reports/hoa-mai/bao-cao-2026-2027-en.pdf"
    try:
        file.unlink()
        assert "<code>vietnamese</code>" in read(client, "/principal/hoa-mai")
        assert str(file) in read(client, document, 409, lang="en")
        file.write_text(REPORT[: REPORT.index("english:")], encoding="utf-8")
        assert "english: is missing" in read(client, "/principal/hoa-mai", lang="en")
        assert "english: is missing" in read(client, document, 409, lang="en")
        file.write_text(REPORT.replace("code:", "kode:"), encoding="utf-8")
        assert "kode" in read(client, f"{API}/principal", lang="en")["documents_notice"]["sentence"]
    finally:
        file.write_text(REPORT, encoding="utf-8")
    for name in [name for name in sys.modules if name.startswith(("inventory.report.write", "inventory.report.pdf"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typst", None)
    assert "sonca[reports]" in read(client, "/principal/hoa-mai", lang="vi")
    assert "the extra reports is missing on the server (typst)" in read(client, document, 501, lang="en")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("served_state_url", ["sqlite"], indirect=True, scope="module")  # a page looks alike over both
@pytest.mark.parametrize(
    ("path", "scheme"),
    [("/principal/hoa-mai", "dark"), ("/plan/hoa-mai?budget_percent=90&exclude=TS-0001", "light")],
)
def test_a_phone_and_an_accessibility_engine_find_nothing_wrong(
    browser: Browser, served: Served, path: str, scheme: Literal["dark", "light"]
) -> None:
    page = browser.new_page(base_url=served.address, viewport=ViewportSize(width=360, height=740), color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((node, at) => { node.open = at < 3 })")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert (
        page.evaluate("[...document.querySelectorAll('.scroll')].filter(n => n.scrollWidth > n.clientWidth).length")
        == 0
    )
    page.set_viewport_size(ViewportSize(width=1440, height=900))
    wait_until(lambda: page.evaluate("innerWidth") == 1440)
    assert page.evaluate("document.documentElement.scrollWidth") == 1440
    page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] }).then(result => result.violations)")
    assert [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]] == []
    assert complaints == []
    page.close()


@pytest.mark.parametrize("served_state_url", ["sqlite"], indirect=True, scope="module")
def test_the_principal_sees_five_numbers_three_lists_two_charts_and_the_documents(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page(base_url=served.address)
    page.goto("/principal/hoa-mai")
    expect(page.locator(".numbers > li .big")).to_have_count(5)
    expect(page.locator(".three > section")).to_have_count(3)
    expect(page.locator(".three > section > .entries > li:first-child .told")).to_have_count(3)
    expect(page.locator(".charts > figure")).to_have_count(2)
    with page.expect_download() as told:
        page.get_by_role("link", name="Tải Tờ trình mua sắm, tệp PDF").click()
    assert told.value.path().read_bytes().startswith(b"%PDF")
    page.close()


@pytest.mark.parametrize("served_state_url", ["sqlite"], indirect=True, scope="module")
def test_a_principal_tries_more_money_and_takes_it_back(browser: Browser, served: Served) -> None:
    page = browser.new_page(base_url=served.address)
    page.goto("/")
    page.get_by_role("link", name="Dành cho hiệu trưởng").click()
    page.get_by_role("link", name="Xem cả kế hoạch").click()
    page.get_by_label("Kinh phí", exact=True).select_option(label="nhiều hơn 10 %")
    page.get_by_role("button", name="Tính lại").press("Enter")
    expect(page).to_have_url(re.compile("budget_percent=110"))
    expect(page.get_by_role("status")).to_contain_text("So với kế hoạch không thay đổi")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What if?")).to_be_visible()
    page.get_by_role("link", name="Take back: 110% of the money").click()
    expect(page.get_by_role("status")).to_have_count(0)
    page.close()
