"""The broker's users. What a user may do follows from its name alone:

    collector, collector-2 ...      takes in everything, publishes receipts and settings
    <site>.<agent>                  one agent
    <site>.<agent>.sender           the second connection of an agent that needs two (the shell agent of a router)
    sim-<school>.simulator          all agents of one simulated site
    keeper                          what starts the broker: may log in, and nothing else

Every user has one file, named like the user, that holds its password: the very file that `broker.password_file` in
the settings of an agent or of the server points to.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from broker_config.errors import BrokerError
from broker_config.private_file import private_folder, write_private
from contract.topics import SLUG, BadName, Role, check_slug, is_simulated, readable, writable

COLLECTOR = "collector"
KEEPER = "keeper"
SIMULATOR = "simulator"
SENDER = "sender"
_PASSWORD_BYTES = 32


@dataclass(frozen=True)
class Account:
    """A user of the broker and what it is there for; `site` and `agent` are `+` where it speaks for all of them."""

    name: str
    roles: frozenset[Role]
    site: str = "+"
    agent: str = "+"

    def writable(self) -> list[str]:
        """The topic filters it may publish to."""
        return sorted({topic for role in self.roles for topic in writable(role, self.site, self.agent)})

    def readable(self) -> list[str]:
        """The topic filters it may subscribe to."""
        return sorted({topic for role in self.roles for topic in readable(role, self.site, self.agent)})


@dataclass(frozen=True)
class Login:
    """An account with its password, which stays out of logs and tracebacks."""

    account: Account
    password: str = field(repr=False)

    @property
    def name(self) -> str:
        return self.account.name


def account_named(name: str) -> Account:
    """The account of this name. Raises BadName."""
    if name == KEEPER:
        return Account(name, frozenset())
    site, dot, rest = name.partition(".")
    if dot:
        agent = rest.removesuffix(f".{SENDER}")
        check_slug(site)
        check_slug(agent)
        all_agents = is_simulated(site) and agent == SIMULATOR
        return Account(name, frozenset({Role.AGENT}), site, "+" if all_agents else agent)
    if SLUG.fullmatch(name) and (name == COLLECTOR or name.startswith(f"{COLLECTOR}-")):
        return Account(name, frozenset({Role.COLLECTOR, Role.SERVER}))
    raise BadName(f"{name!r} is not a user name here: use <site>.<agent>, {COLLECTOR} or {COLLECTOR}-2")


class Accounts:
    """The folder of password files. What one process adds, another sees at once: nothing is kept in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, *, renew: bool = False) -> Login:
        """The login of this name, made with a random password unless it exists. Raises BadName, OSError."""
        account = account_named(name)
        path = self.password_file(name)
        if renew or not path.exists():
            private_folder(self.folder)
            write_private(path, secrets.token_urlsafe(_PASSWORD_BYTES) + "\n")
        return self._login(account)

    def remove(self, name: str) -> None:
        """Takes the account away. Raises BrokerError when there is none of this name."""
        try:
            self.password_file(name).unlink()
        except FileNotFoundError as error:
            raise self._unknown(name) from error

    def login(self, name: str) -> Login:
        """The login of this name. Raises BrokerError when there is none."""
        if not self.password_file(name).is_file():
            raise self._unknown(name)
        return self._login(account_named(name))

    def logins(self) -> list[Login]:
        """All of them, by name. Raises BrokerError on a file that is no account."""
        try:
            return [self._login(account_named(name)) for name in self._names()]
        except BadName as error:
            raise BrokerError(
                f"{self.folder}: {error}", "move files that are no accounts out of this folder"
            ) from error

    def password_file(self, name: str) -> Path:
        """Where the password of this account stands."""
        return self.folder / account_named(name).name

    def _names(self) -> list[str]:
        if not self.folder.exists():
            return []
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))

    def _login(self, account: Account) -> Login:
        path = self.folder / account.name
        password = path.read_text(encoding="utf-8").strip()
        if not password:
            raise BrokerError(f"{path}: holds no password", "delete the file and add the account again")
        return Login(account, password)

    def _unknown(self, name: str) -> BrokerError:
        known = ", ".join(self._names()) or "none yet"
        return BrokerError(f"there is no broker account {name!r}", f"known accounts: {known}")
