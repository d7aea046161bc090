"""plan.yaml and report.yaml of a school, beside its school file: what the pages of its plan cannot invent."""

from datetime import date
from pathlib import Path
from typing import Literal

from api.problems import Problem
from api.text import Text
from contract.trouble import Trouble
from inventory.plan.prices import PriceList, shipped_prices
from inventory.plan.request import PlanRequest
from inventory.plan.rules import Rules, shipped_rules
from inventory.plan.settings import Budget, PlanSettings, read_plan_settings
from inventory.report.settings import ReportSettings, read_report_settings
from inventory.schools import Schools

Kind = Literal["plan", "report"]

NO_MONEY = Text(
    "Chưa có kinh phí: máy chủ không thấy tệp {path}.", "There is no budget yet: the server finds no file {path}."
)
NO_MONEY_HINT = Text(
    "Ghi số tiền của mỗi năm học vào khóa `budgets` của tệp đó, ví dụ: `budgets: [{{amount: 60000000}}]`. "
    "Trong khi chờ, kế hoạch chỉ gồm những việc không tốn tiền.",
    "Write the money of each school year into its key `budgets`, like `budgets: [{{amount: 60000000}}]`. "
    "Until then the plan holds only what costs nothing.",
)
NO_REPORT = Text(
    "Chưa lập được văn bản: máy chủ không thấy tệp {path}.",
    "Documents cannot be made: the server finds no file {path}.",
)
NO_REPORT_HINT = Text(
    "Chép examples/report.yaml tới đó và ghi các khóa `code`, `vietnamese`: ai ban hành, ai ký, ai nhận.",
    "Copy examples/report.yaml there and fill in its keys `code` and `vietnamese`: who issues, signs, receives.",
)
BAD_FILE = Text("Không dùng được tệp cài đặt: {detail}.", "A settings file cannot be used: {detail}.")
BAD_FILE_HINT = Text("Sửa tệp rồi tải lại trang này. {advice}", "Mend the file, then load this page again. {advice}")
NO_SCHOOL_FILE = Text("Trường này chưa có tệp school.yaml.", "This school has no school file yet.")
NO_SCHOOL_FILE_HINT = Text(
    "Ghi tệp của trường vào khóa `schools` của sonca.yaml.", "Name its file in the key `schools` of sonca.yaml."
)
NO_EXTRA = Text(
    "Chưa lập được văn bản: máy chủ thiếu phần mở rộng reports ({library}).",
    "Documents cannot be made: the extra reports is missing on the server ({library}).",
)
NO_EXTRA_HINT = Text('Cài đặt: `pip install "sonca[reports]"`.', 'Install it: `pip install "sonca[reports]"`.')


def settings_file(schools: Schools, site: str, kind: Kind) -> Path:
    """Where a school's plan.yaml or report.yaml is, or should be. Raises Problem for a site without a school file."""
    path = schools.settings_file(site, kind)
    if path is None:
        raise Problem(404, "no_school_file", NO_SCHOOL_FILE, NO_SCHOOL_FILE_HINT)
    return path


def money_of(path: Path, today: date) -> tuple[PlanRequest, Rules, PriceList, Problem | None]:
    """What the plan is asked for, by the file; without money where there is none, and then the problem."""
    nothing = PlanSettings((Budget(0),)).request(today), shipped_rules(), shipped_prices()
    if not path.exists():
        return *nothing, Problem(409, "no_budget", NO_MONEY, NO_MONEY_HINT, path=str(path))
    try:
        settings = read_plan_settings(path)
        return settings.request(today), settings.own_rules(), settings.own_prices(), None
    except Trouble as error:
        return *nothing, bad_file(error)


def wording_of(path: Path) -> ReportSettings:
    """report.yaml. Raises Problem that names the file or the key."""
    if not path.exists():
        raise Problem(409, "no_report_settings", NO_REPORT, NO_REPORT_HINT, path=str(path))
    try:
        return read_report_settings(path)
    except Trouble as error:
        raise bad_file(error) from error


def bad_file(error: Trouble) -> Problem:
    """A settings file that cannot be used, in the words of whoever read it."""
    return Problem(409, "bad_settings", BAD_FILE, BAD_FILE_HINT, detail=error.sentence, advice=error.hint)


def no_extra(error: ImportError) -> Problem:
    """A library of the extra reports that is not installed."""
    return Problem(501, "extra_missing", NO_EXTRA, NO_EXTRA_HINT, library=error.name or "")
