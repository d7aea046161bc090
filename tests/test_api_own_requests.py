"""Nothing can be changed from a page elsewhere: held for every route there is, so that a new one cannot forget."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from api.application import ROUTERS
from api.own_requests import MOST_BYTES, READING, why_not
from tests.api_server import client_of
from tests.registered import PC
from tests.registered_school import API, SITE, RegisteredSchool, registered_school

ALL = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
CHANGING = sorted((method, route.path) for route in ALL for method in (route.methods or set()) - READING)
PAGES = [path for _, path in CHANGING if not path.startswith("/api")]
JSON = [(method, path) for method, path in CHANGING if path.startswith("/api")]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegisteredSchool]:
    with registered_school(tmp_path_factory.mktemp("school")) as made:
        yield made


def at(path: str) -> str:
    return path.replace("{site}", "hoa-mai").replace("{tag:path}", "TS-001").replace("{number}", "1")


def everything(school: RegisteredSchool) -> tuple[object, ...]:
    links = school.register.links
    return (
        school.register.assets("hoa-mai"),
        school.register.events("hoa-mai"),
        links.of("hoa-mai"),
        links.decisions("hoa-mai"),
        school.register.stocktakes.all("hoa-mai"),
    )


def test_there_are_routes_that_change_something_of_both_kinds() -> None:
    assert len(PAGES) >= 8
    assert len(JSON) >= 6


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_page_from_elsewhere_is_refused_everywhere(school: RegisteredSchool, method: str, path: str) -> None:
    before = everything(school)
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = school.client.request(method, at(path), headers=headers, data={"token": school.token})
        assert (answer.status_code, "từ một trang khác" in answer.text) == (403, True)
    assert everything(school) == before


@pytest.mark.parametrize("path", PAGES)
def test_a_form_without_our_token_is_refused(school: RegisteredSchool, path: str) -> None:
    before = everything(school)
    own = {"origin": str(school.client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    for fields in ({}, {"token": "x" * 32}):
        answer = school.client.post(at(path), data=fields, headers=own)
        assert (answer.status_code, "tải lại trang" in answer.text) == (403, True)
    assert everything(school) == before


@pytest.mark.parametrize(("method", "path"), JSON)
def test_the_api_takes_nothing_that_a_foreign_form_could_send(school: RegisteredSchool, method: str, path: str) -> None:
    before = everything(school)
    for kind in ("text/plain", "application/jsonx"):
        answer = school.client.request(method, at(path), content=b'{"role":""}', headers={"content-type": kind})
        assert (answer.status_code, answer.json()["error"]) == (415, "json_only"), kind
        assert "application/json" in answer.json()["hint"]
    assert everything(school) == before


def test_our_own_pages_and_programs_of_this_machine_may(school: RegisteredSchool) -> None:
    own = {"origin": str(school.client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    form = {"token": school.token, "role": "thiết bị"}
    assert school.client.post(f"{SITE}/role", data=form, headers=own).status_code == 303
    assert school.client.post(f"{API}/assets-import", json={"rows": [{"tag": "TS-001", "name": PC.name}]}).is_success


def test_browsers_are_told_to_name_the_origin_of_our_own_forms(school: RegisteredSchool) -> None:
    # With "no-referrer" they send "Origin: null" with every form, our own too.
    assert school.client.get(SITE).headers["referrer-policy"] == "same-origin"


def test_nobody_may_ask_for_leave_to_send_json_from_elsewhere(school: RegisteredSchool) -> None:
    asking = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = school.client.options(f"{API}/assets", headers=asking)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({"content-length": str(MOST_BYTES + 1)}, "too_large"),
        ({"transfer-encoding": "chunked"}, "no_length"),
        ({"origin": "http://[::1]:8480"}, "foreign_origin"),
        ({"origin": "http://localhost"}, "foreign_origin"),
        ({"origin": "https://localhost:8480"}, "foreign_origin"),
        ({"origin": "null"}, "foreign_origin"),
        ({"origin": ""}, "foreign_origin"),
        ({"origin": "http://localhost:8480", "sec-fetch-site": "same-site"}, "foreign_origin"),
        ({"sec-fetch-site": "none"}, "foreign_origin"),
        ({"origin": "http://LOCALHOST:8480", "sec-fetch-site": "same-origin"}, ""),
        ({}, ""),
    ],
)
def test_why_a_request_is_not_taken(headers: dict[str, str], word: str) -> None:
    problem = why_not(Headers({"host": "localhost:8480", **headers}))
    assert (problem.word if problem else "") == word


def test_a_body_that_is_too_large_is_refused_before_it_is_read(school: RegisteredSchool, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * (MOST_BYTES + 1))
    with large.open("rb") as body, client_of(str(school.client.base_url)) as client:
        headers = {"content-length": str(MOST_BYTES + 1), "content-type": "application/json"}
        answer = client.post(f"{API}/assets", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
