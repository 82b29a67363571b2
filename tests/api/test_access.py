"""Who may read, who may write."""

from dataclasses import replace

import pytest

from api.access import check_bind, check_reading, check_writing, is_loopback
from api.errors import Forbidden, SettingsError, Unauthorized
from api.settings import Settings
from graph.errors import JipuError

OPEN = Settings()
LOCKED = Settings(api_keys=("甲-key", "second"))
PUBLIC = replace(LOCKED, public_reading=True)
HERE = {"host": "127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),  # an IPv4 caller on an IPv6 socket
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.1.5", False),
        ("localhost.example", False),
    ],
)
def test_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_public_bind_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="JIPU_API_KEYS"):
        check_bind(replace(OPEN, host="0.0.0.0"))
    check_bind(replace(LOCKED, host="0.0.0.0"))
    check_bind(OPEN)


WRITING = [
    # settings, caller, headers, what is raised
    (OPEN, "127.0.0.1", HERE, None),
    (OPEN, None, HERE, None),  # a local socket
    (OPEN, "10.0.0.7", HERE, Forbidden),
    (OPEN, "127.0.0.1", {"host": "evil.example"}, Forbidden),  # a name rebound to this machine
    (OPEN, "127.0.0.1", {**HERE, "origin": "https://evil.example"}, Forbidden),  # another page
    (OPEN, "127.0.0.1", {**HERE, "origin": "null"}, Forbidden),
    (OPEN, "127.0.0.1", {**HERE, "origin": "http://127.0.0.1:8000"}, None),
    (LOCKED, "127.0.0.1", HERE, Unauthorized),  # a key is needed even here
    (LOCKED, "127.0.0.1", {"x-api-key": "wrong"}, Unauthorized),
    (LOCKED, "127.0.0.1", {"x-api-key": "second"}, None),
    (LOCKED, "10.0.0.7", {"authorization": "Bearer 甲-key"}, None),
    (LOCKED, "10.0.0.7", {"authorization": "bearer second"}, None),
    (LOCKED, "10.0.0.7", {"authorization": "Basic second"}, Unauthorized),
    (LOCKED, "10.0.0.7", {"authorization": "Bearer "}, Unauthorized),
    (PUBLIC, "10.0.0.7", {}, Unauthorized),  # open reading opens no writing
]


@pytest.mark.parametrize(("settings", "client", "headers", "error"), WRITING)
def test_writing(
    settings: Settings, client: str | None, headers: dict[str, str], error: type[JipuError] | None
) -> None:
    if error is None:
        check_writing(settings, client, headers)
    else:
        with pytest.raises(error):
            check_writing(settings, client, headers)


READING = [
    (OPEN, "127.0.0.1", {}, None),
    (LOCKED, "::1", {}, None),  # keys close nothing for the machine itself
    (LOCKED, "10.0.0.7", {}, Unauthorized),
    (LOCKED, "10.0.0.7", {"x-api-key": "second"}, None),
    (PUBLIC, "10.0.0.7", {}, None),
]


@pytest.mark.parametrize(("settings", "client", "headers", "error"), READING)
def test_reading(
    settings: Settings, client: str | None, headers: dict[str, str], error: type[JipuError] | None
) -> None:
    if error is None:
        check_reading(settings, client, headers)
    else:
        with pytest.raises(error):
            check_reading(settings, client, headers)
