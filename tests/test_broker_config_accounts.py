"""Accounts: what a name may do, and where its password stands."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker_config.accounts import Account, Accounts, account_named
from broker_config.errors import BrokerError
from contract.topics import BadName, Channel, Role, build

AGENT = frozenset({Role.AGENT})
SLUGS = st.text("abcxyz0189-", min_size=1, max_size=48)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "accounts")


@pytest.mark.parametrize(
    "account",
    [
        Account("collector", frozenset({Role.COLLECTOR, Role.SERVER})),
        Account("collector-2", frozenset({Role.COLLECTOR, Role.SERVER})),
        Account("hoa-mai.pc-1", AGENT, "hoa-mai", "pc-1"),
        Account("hoa-mai.pc-1.sender", AGENT, "hoa-mai", "pc-1"),
        Account("hoa-mai.simulator", AGENT, "hoa-mai", "simulator"),
        Account("sim-hoa-mai.simulator", AGENT, "sim-hoa-mai", "+"),
        Account("sim-hoa-mai.pc-1", AGENT, "sim-hoa-mai", "pc-1"),
        Account("keeper", frozenset()),
    ],
    ids=lambda account: account.name,
)
def test_what_an_account_may_do_follows_from_its_name(account: Account) -> None:
    assert account_named(account.name) == account


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "#", "pc-1", "Collector", "collectors", "collector.x y", "../collector"),
        *("hoa-mai.", ".pc-1", "hoa-mai.pc.1", "hoa-mai.+", "+.pc-1", "hoa-mai/pc-1", "lớp.pc-1"),
        *("hoa-mai.sender.", "hoa-mai..sender", "hoa-mai.pc-1.sender.sender", "hoa-mai.pc-1.other"),
        *("hoa-mai.pc-1\n", "hoa-mai.pc-1\nuser root"),
    ],
)
def test_any_other_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(BadName):
        accounts.add(name)
    assert not accounts.folder.exists()


@given(site=SLUGS, agent=SLUGS)
def test_an_agent_writes_below_its_own_name_only(site: str, agent: str) -> None:
    account = account_named(f"{site}.{agent}")
    assert build(site, agent, Channel.MEASUREMENTS) in account.writable()
    assert {tuple(topic.split("/")[2:4]) for topic in account.writable() + account.readable()} == {(site, agent)}


def test_a_password_is_random_long_and_stays(accounts: Accounts) -> None:
    first = accounts.add("collector")
    assert len(first.password) >= 40
    assert accounts.add("collector") == first == accounts.login("collector")
    assert accounts.add("hoa-mai.pc-1").password != first.password


def test_renewing_makes_another_password(accounts: Accounts) -> None:
    first = accounts.add("collector")
    assert accounts.add("collector", renew=True) != first


def test_what_one_process_adds_another_sees(accounts: Accounts) -> None:
    other = Accounts(accounts.folder)
    login = accounts.add("hoa-mai.pc-1")
    assert other.logins() == [login]
    other.remove("hoa-mai.pc-1")
    assert accounts.logins() == []


def test_only_the_owner_may_read_them(accounts: Accounts) -> None:
    accounts.add("collector")
    accounts.password_file("collector").chmod(0o644)
    accounts.add("collector", renew=True)
    if os.name != "nt":
        assert stat.S_IMODE(accounts.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(accounts.password_file("collector").stat().st_mode) == 0o600
    assert [path.name for path in accounts.folder.iterdir()] == ["collector"]


def test_a_password_is_not_shown_in_text(accounts: Accounts) -> None:
    login = accounts.add("collector")
    assert login.password not in f"{login} {login!r} {[login]} {login.account}"


def test_an_unknown_account_is_told_with_those_that_exist(accounts: Accounts) -> None:
    accounts.add("hoa-mai.pc-1")
    for attempt in (accounts.remove, accounts.login):
        with pytest.raises(BrokerError, match=r"no broker account 'hoa-mai\.pc-2'\n.*known accounts: hoa-mai\.pc-1"):
            attempt("hoa-mai.pc-2")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("collector~", "x", "'collector~' is not a user name"), ("collector", "\n", "collector: holds no password")],
)
def test_a_strange_file_among_them_is_told(accounts: Accounts, name: str, content: str, sentence: str) -> None:
    accounts.add("hoa-mai.pc-1")
    (accounts.folder / name).write_text(content)
    with pytest.raises(BrokerError, match=sentence):
        accounts.logins()
