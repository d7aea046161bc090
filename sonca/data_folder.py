"""The folder in which `sonca up` keeps everything of one machine: settings, accounts, data, logs.

school.yaml is written once and belongs to its reader. sonca.yaml and agent.yaml follow the options of `sonca up`, as
long as their first line says so.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from contract.connection import BrokerConnection
from contract.trouble import Trouble
from inventory.school import School, read_school

if TYPE_CHECKING:
    from sonca.simulate.school_day import SchoolDay

OURS = "# Written by `sonca up` at each start. Take this line away to keep changes of your own.\n"
THIS_MACHINE = "may-nay"

FIRST_SCHOOL = """\
# Trường của bạn: sửa tệp này cho đúng phòng, thiết bị, dịch vụ và giờ học. SonCa tự đọc lại khi tệp thay đổi.
# Your school: rooms, devices, services and lesson hours. SonCa reads this file again whenever it changes.
site: truong-cua-toi
name: Trường của tôi

rooms:
  - id: phong-nay
    name: Phòng này
    devices:
      - {id: may-nay, name: Máy này}   # máy đang chạy SonCa / the machine that runs SonCa

lesson_hours:
  - {days: [mon, tue, wed, thu, fri], start: "07:30", end: "16:30"}

# Những dịch vụ mà mỗi lớp học phải dùng được; thay bằng địa chỉ thật của trường, ví dụ:
# The services that every classroom must reach; put in the school's own, for example:
# services:
#   - {name: kho-hoc-lieu, label: Kho học liệu trực tuyến, web: "https://kho-hoc-lieu.example/"}
#   - {name: van-phong-dien-tu, label: Văn phòng điện tử, web: "https://van-phong.example/"}
"""


@dataclass(frozen=True)
class DataFolder:
    """Where each thing is."""

    path: Path

    @property
    def school_file(self) -> Path:
        return self.path / "school.yaml"

    @property
    def simulated_school_file(self) -> Path:
        return self.path / "simulated-school.yaml"

    @property
    def server_settings(self) -> Path:
        return self.path / "sonca.yaml"

    @property
    def agent_settings(self) -> Path:
        return self.path / "agent.yaml"

    @property
    def accounts(self) -> Path:
        return self.path / "accounts"

    @property
    def broker(self) -> Path:
        return self.path / "broker"

    @property
    def certificates(self) -> Path:
        return self.path / "certificates"

    @property
    def public_address_file(self) -> Path:
        return self.path / "listens-at"

    @property
    def processes_file(self) -> Path:
        return self.path / "processes.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def prepare(self) -> School:
        """Makes the folder and, the first time, school.yaml. Raises Trouble when it cannot be written or read."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self.path / ".writable"
            probe.write_text("")
            probe.unlink()
            if not self.school_file.exists():
                self.school_file.write_text(FIRST_SCHOOL, encoding="utf-8")
        except OSError as error:
            raise Trouble(
                f"the folder {self.path} cannot be written: {error.strerror}", "choose another one with --data"
            ) from error
        return read_school(self.school_file)

    def write_server_settings(
        self, broker: BrokerConnection, schools: Sequence[Path], port: int, public_address: str = ""
    ) -> None:
        """sonca.yaml for the collector, the API and, where other PCs reach this machine, their tests of throughput."""
        settings = {"broker": plain(broker), "schools": [school.name for school in schools], "api": {"port": port}}
        if public_address:
            settings["throughput"] = {"host": public_address, "accounts": self.accounts.name}
        _write_ours(self.server_settings, settings)

    def write_simulated_school(self, school: School) -> Path:
        """The school file of the simulator."""
        from sonca.simulate.school import school_text

        self.simulated_school_file.write_text(school_text(school), encoding="utf-8")
        return self.simulated_school_file

    def equip_simulated_school(self, day: "SchoolDay", now: int) -> None:
        """Its register, money and signer, once; the server's settings are written before. Raises Trouble."""
        from sonca.settings import read_server_settings
        from sonca.simulate.equip import equip

        equip(self.path, read_server_settings(self.server_settings).state_url, day, now)

    def write_agent_settings(self, broker: BrokerConnection, site: str) -> None:
        """agent.yaml for this machine's own agent."""
        _write_ours(self.agent_settings, {"site": site, "agent": THIS_MACHINE, "broker": plain(broker)})


def plain(broker: BrokerConnection) -> dict[str, object]:
    """The keys of a broker section, without those that have their default value."""
    defaults = {field.name: field.default for field in dataclasses.fields(broker)}
    return {name: value for name, value in dataclasses.asdict(broker).items() if value != defaults[name]}


def _write_ours(path: Path, settings: Mapping[str, object]) -> None:
    if path.exists() and not path.read_text(encoding="utf-8").startswith(OURS):
        return
    path.write_text(OURS + yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
