"""Boards into a running Grafana: made once, updated, never doubled, and people's changes kept."""

import json
from collections.abc import Iterator

import pytest

from contract.trouble import Trouble
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.grafana_http import Grafana
from dashboards.provisioning import Source
from dashboards.push import OURS, push
from tests.grafana_stand_in import TOKEN, GrafanaStandIn, running_grafana
from tests.ports import free_port

SOURCE = Source("http://influxdb:8086", "sonca", "grafana")
SCHOOL = "sonca-school-vi"


@pytest.fixture
def grafana(monkeypatch: pytest.MonkeyPatch) -> Iterator[GrafanaStandIn]:
    monkeypatch.setenv("SONCA_INFLUX_PASSWORD", "bí mật")
    with running_grafana() as stand_in:
        yield stand_in


def pushed(grafana: GrafanaStandIn, zone: str = "Asia/Ho_Chi_Minh", token: str = TOKEN) -> list[str]:
    return list(push(Grafana(grafana.url, token), SOURCE, Setting(time_zone=zone)))


def saved(grafana: GrafanaStandIn) -> int:
    return grafana.asked.count(("POST", "/api/dashboards/db"))


def test_it_makes_data_source_folders_and_boards_and_says_so(grafana: GrafanaStandIn) -> None:
    told = pushed(grafana)
    assert told[:4] == [
        f"Grafana at {grafana.url}, version 11.4.0",
        "made the data source SonCa",
        "made the folder SonCa",
        "made SonCa · Trường",
    ]
    assert len(grafana.boards) == 2 * len(BOARDS)
    assert grafana.folders == {"sonca-vi": "SonCa", "sonca-en": "SonCa (English)"}
    stored = grafana.boards[SCHOOL]
    assert (stored.folder, stored.board["version"]) == ("sonca-vi", 1)
    assert stored.messages[0].startswith(OURS)
    made = grafana.data_sources["sonca-influxdb"]
    assert made["jsonData"] == {"version": "InfluxQL", "dbName": "sonca", "httpMode": "POST"}
    assert (made["user"], made["secureJsonData"]) == ("grafana", {"password": "bí mật"})


def test_doing_it_again_saves_nothing(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    before = saved(grafana)
    told = pushed(grafana)
    assert saved(grafana) == before
    assert "SonCa · Trường is as it should be" in told
    assert "the data source SonCa is there, and was left as it is" in told


def test_a_newer_sonca_updates_its_own_boards_in_place(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    told = pushed(grafana, zone="Asia/Tokyo")
    assert "updated SonCa · Trường" in told
    assert len(grafana.boards) == 2 * len(BOARDS)
    assert (grafana.boards[SCHOOL].board["timezone"], grafana.boards[SCHOOL].board["version"]) == ("Asia/Tokyo", 2)


@pytest.mark.parametrize("version", ["10.4.1", "11.4.0", "12.0.2"])
def test_what_people_saved_into_a_board_is_kept_as_a_copy_once(grafana: GrafanaStandIn, version: str) -> None:
    grafana.version = version
    pushed(grafana)
    grafana.save_by_hand(SCHOOL, description="Cô Lan đã sửa")
    told = pushed(grafana)
    assert "kept what people changed as SonCa · Trường (bản của trường 2)" in told
    copy = grafana.boards[f"{SCHOOL}-v2"].board
    assert (copy["description"], copy["tags"]) == ("Cô Lan đã sửa", [])
    assert grafana.boards[SCHOOL].board["description"] != "Cô Lan đã sửa"
    again = pushed(grafana)
    assert "SonCa · Trường is as it should be" in again
    assert len(grafana.boards) == 2 * len(BOARDS) + 1


def test_copies_of_people_are_never_touched(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    own = json.loads(json.dumps(grafana.boards[SCHOOL].board))
    grafana.boards["bang-cua-toi"] = type(grafana.boards[SCHOOL])({**own, "title": "Bảng của tôi"}, "sonca-vi", [""])
    pushed(grafana, zone="Asia/Tokyo")
    assert grafana.boards["bang-cua-toi"].board == {**own, "title": "Bảng của tôi"}


def test_a_board_saved_meanwhile_is_looked_at_again(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    grafana.interfere = [SCHOOL]
    told = pushed(grafana, zone="Asia/Tokyo")
    assert "kept what people changed as SonCa · Trường (bản của trường 2)" in told
    assert grafana.boards[f"{SCHOOL}-v2"].board["description"] == "saved meanwhile"
    assert grafana.boards[SCHOOL].board["timezone"] == "Asia/Tokyo"


def test_a_board_that_is_saved_again_and_again_is_left_with_a_sentence(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    grafana.interfere = [SCHOOL, SCHOOL]
    with pytest.raises(Trouble, match=r"did not take SonCa · Trường \(412.*\n.*try again"):
        pushed(grafana, zone="Asia/Tokyo")


def test_another_board_of_the_same_name_is_said(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    stored = grafana.boards.pop(SCHOOL)
    grafana.boards["khac"] = stored
    with pytest.raises(Trouble, match="another board of that name stands in the folder: rename it"):
        pushed(grafana)


@pytest.mark.parametrize("status", [409, 412])
def test_a_folder_of_that_name_that_is_somebody_elses_is_said(grafana: GrafanaStandIn, status: int) -> None:
    grafana.folders["thu-muc-cua-co-lan"] = "SonCa"
    grafana.folder_conflict = status
    with pytest.raises(Trouble, match=rf"did not make the folder SonCa \({status}: .*\n.*rename it"):
        pushed(grafana)
    assert grafana.boards == {}


def test_a_grafana_that_reads_its_boards_from_files_is_told_apart(grafana: GrafanaStandIn) -> None:
    pushed(grafana)
    grafana.provisioned = {SCHOOL}
    with pytest.raises(Trouble, match="use `sonca dashboards write`"):
        pushed(grafana, zone="Asia/Tokyo")


def test_a_folder_that_vanished_meanwhile_is_said(grafana: GrafanaStandIn) -> None:
    pushes = push(Grafana(grafana.url, TOKEN), SOURCE, Setting())
    for _ in range(3):
        next(pushes)
    grafana.folders.clear()
    with pytest.raises(Trouble, match=r"did not take SonCa · Trường \(400: folder not found\)"):
        next(pushes)


def test_a_wrong_token_a_weak_role_and_an_old_version_are_said_with_what_to_do(grafana: GrafanaStandIn) -> None:
    with pytest.raises(Trouble, match=r"does not know the token \(Invalid API key\)\n.*service account"):
        pushed(grafana, token="glsa_wrong")
    grafana.role = "Viewer"
    with pytest.raises(Trouble, match=r"does not allow that .*\n.*role Editor"):
        pushed(grafana)
    grafana.version = "8.5.27"
    with pytest.raises(Trouble, match=r"is version 8\.5\.27, SonCa's boards need 9\.0"):
        pushed(grafana)
    grafana.version = "none"
    with pytest.raises(Trouble, match="does not answer as a Grafana does"):
        pushed(grafana)
    assert grafana.boards == {}


def test_nobody_there_and_no_address_are_said_without_secrets() -> None:
    with pytest.raises(Trouble, match="cannot be reached"):
        list(push(Grafana(f"http://127.0.0.1:{free_port()}", TOKEN), SOURCE, Setting()))
    for url in ("grafana:3000", "http://[::1", "http://grafana:30000000", "http://:3000"):
        with pytest.raises(Trouble, match="is not the address of a Grafana"):
            Grafana(url, TOKEN)
    for token in ("glsa_a\nglsa_b", "mã bí mật"):
        with pytest.raises(Trouble, match="what was given as the token is none") as caught:
            Grafana("http://grafana:3000", token)
        assert token not in str(caught.value)
    assert "secret" not in Grafana("http://admin:secret@grafana:3000", TOKEN).name


def test_a_missing_secret_is_named_before_anything_is_made(
    grafana: GrafanaStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SONCA_INFLUX_PASSWORD")
    with pytest.raises(Trouble, match="set the environment variable SONCA_INFLUX_PASSWORD"):
        pushed(grafana)
    assert not {method for method, _ in grafana.asked} - {"GET"}
