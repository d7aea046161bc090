"""What the server's own down / up endpoint offers, and how an agent proves to it who it is.

The password never travels: the agent signs a challenge of the endpoint together with what it asks for. What is
transferred means nothing, so it goes without encryption, which would measure the processor instead of the network.
"""

import hashlib
import hmac

PORT = 8484
CHALLENGE, DOWN, UP = "/challenge", "/down", "/up"
SCHEME = "SonCa"
MOST_BYTES = 10_000_000_000


def authorization(user: str, password: str, challenge: str, method: str, path: str) -> str:
    """The header's value for one request; `path` holds the number of bytes: `/down?bytes=1000000`."""
    return f"{SCHEME} {user} {challenge} {proof(password, user, challenge, method, path)}"


def proof(password: str, user: str, challenge: str, method: str, path: str) -> str:
    """What only somebody who knows the password can say about this request."""
    said = "\n".join((user, challenge, method, path))
    return hmac.new(password.encode(), said.encode(), hashlib.sha256).hexdigest()
