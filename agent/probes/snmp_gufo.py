"""SNMP by gufo_snmp: written in Rust, quick and small. Loaded by agent/probes/snmp_session.py when it is needed."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from gufo.snmp import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    BaseAuthKey,
    BasePrivKey,
    DesKey,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    SnmpAuthError,
    SnmpError,
    User,
)
from gufo.snmp.sync import SnmpSession as Client

from agent.probes.outcomes import BadAnswer
from agent.probes.snmp_session import Row, SnmpValue
from agent.snmp_settings import SnmpSettings, secret

_AUTHENTICATION: Mapping[str, type[BaseAuthKey]] = {
    "md5": Md5Key,
    "sha1": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
_PRIVACY: Mapping[str, type[BasePrivKey]] = {
    "des": DesKey,
    "aes128": Aes128Key,
    "aes192": Aes192Key,
    "aes256": Aes256Key,
}


def open_peer(address: str, settings: SnmpSettings, try_seconds: float) -> "GufoPeer":
    """A peer at an IP address; sends nothing yet. Raises PermissionError without the secrets."""
    if settings.community_file is not None:
        community = secret(settings.community_file)
        return GufoPeer(Client(address, settings.port, community, timeout=try_seconds))
    return GufoPeer(Client(address, settings.port, user=_user(settings), timeout=try_seconds))


def _user(settings: SnmpSettings) -> User:
    assert settings.authentication_file is not None
    authentication = _AUTHENTICATION[settings.authentication](secret(settings.authentication_file).encode())
    privacy = _PRIVACY[settings.privacy](secret(settings.privacy_file).encode()) if settings.privacy_file else None
    return User(settings.user or "", auth_key=authentication, priv_key=privacy)


class GufoPeer:
    """The sessions of version 3 begin with the first question, so that opening one never waits."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._begun = False

    def get(self, oids: Sequence[str]) -> dict[str, SnmpValue]:
        with _ours():
            self._begin()
            return {oid: value for oid, value in self._client.get_many(oids).items() if value is not None}

    def walk(self, root: str) -> Callable[[], Row | None]:
        rows = self._client.getbulk(root)  # asks again where it was when it is called after a timeout

        def following() -> Row | None:
            with _ours():
                self._begin()
                return next(((oid, value) for oid, value in rows if value is not None), None)

        return following

    def close(self) -> None:
        del self._client  # its socket closes with it

    def _begin(self) -> None:
        if not self._begun:
            self._client.refresh()
            self._begun = True


@contextlib.contextmanager
def _ours() -> Iterator[None]:
    """The library's exceptions as ours."""
    try:
        yield
    except BlockingIOError as error:
        raise TimeoutError("the device did not answer") from error
    except TimeoutError as error:
        if "refused" in str(error):
            raise ConnectionRefusedError("nobody listens at the port") from error
        raise
    except SnmpAuthError as error:
        raise PermissionError("the device does not take this user or these passwords") from error
    except OSError as error:
        if "Interrupted" in str(error):  # the library gives no number; a PC may have slept while it waited
            raise TimeoutError("the wait for the device was interrupted") from error
        raise
    except (SnmpError, RuntimeError) as error:
        raise BadAnswer(f"the device answered with something else: {error}") from error
