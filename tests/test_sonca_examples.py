"""The files of examples/ are good ones, and show what a school needs to see."""

from pathlib import Path

from agent.settings import read_agent_settings
from collector.settings_publisher import probe_settings
from contract import defaults
from contract.targets import targets_of
from inventory.school import read_school
from sonca.settings import read_server_settings

EXAMPLES = Path(__file__).parent.parent / "examples"
SCHOOL = read_school(EXAMPLES / "school.yaml")


def test_every_example_is_read_by_a_test() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir()) == [
        "agent.yaml",
        "assets.xlsx",  # by test_inventory_importing.py
        "plan.yaml",  # by test_inventory_plan_settings.py
        "report.yaml",
        "school.yaml",
        "sonca.yaml",
    ]


def test_the_agent_of_the_example_stands_in_the_school_of_the_example() -> None:
    settings = read_agent_settings(EXAMPLES / "agent.yaml")
    assert settings.site == SCHOOL.site
    assert settings.agent in SCHOOL.devices
    assert Path(settings.data) == EXAMPLES / "agent-data"


def test_the_server_of_the_example_finds_the_school_of_the_example() -> None:
    settings = read_server_settings(EXAMPLES / "sonca.yaml")
    assert [read_school(Path(path)) for path in settings.schools] == [SCHOOL]
    assert settings.broker.password_file == str(EXAMPLES / "collector")


def test_the_school_names_the_services_of_a_kindergarten_in_vietnamese() -> None:
    assert [entry.label for entry in SCHOOL.services] == [
        "Kho học liệu trực tuyến",
        "Văn phòng điện tử",
        "Cơ sở dữ liệu ngành",
        "Cổng thanh toán",
        "Dịch vụ chữ ký số",
        "Trang web của trường",
    ]


def test_the_hosts_of_the_services_cannot_be_anybodys() -> None:
    addresses = [target.address for target in targets_of("services", SCHOOL.services)]
    assert all(".example" in address for address in addresses)  # a name kept free for examples (RFC 2606)


def test_lessons_are_where_the_timetable_has_them() -> None:
    monday_8_o_clock_in_the_city = 1_800_234_000_000  # 2027-01-18 01:00 UTC
    assert SCHOOL.in_lesson(monday_8_o_clock_in_the_city)
    assert not SCHOOL.in_lesson(monday_8_o_clock_in_the_city + 4 * 3_600_000)


def test_no_group_relies_on_one_organisation() -> None:
    targets = probe_settings(SCHOOL, 1_800_234_000_000).targets or ()
    internet = {target.name for target in targets if target.group == "internet"}
    assert internet == {entry.name for entry in defaults.INTERNET}
    assert len({entry.label.split()[0] for entry in defaults.INTERNET}) >= 3
    assert len({entry.label for entry in defaults.DNS}) >= 2
