"""Who may read and who may write over HTTP.

Reading is open to the machine itself. Anyone else needs a key, unless the setting
`public_reading` opens it. Writing needs a key as soon as one is configured; without any, only the
machine itself may write, and no page of another site through somebody's browser.
"""

import hmac
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from api.errors import Forbidden, SettingsError, Unauthorized
from api.settings import Settings

_NEEDS_KEY = "需要密钥：请在请求头 X-API-Key 或 Authorization: Bearer 中给出 JIPU_API_KEYS 之一。"
_WRONG_KEY = "密钥不对；请核对 JIPU_API_KEYS。"


def is_loopback(host: str) -> bool:
    """Whether an address or host name means this machine; an empty host means every interface."""
    host = host.strip("[]")
    if host == "localhost":
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def check_bind(settings: Settings) -> None:
    """Raise SettingsError where the server would stand open to a network without any key."""
    if not settings.api_keys and not is_loopback(settings.host):
        raise SettingsError(
            f"不能在 {settings.host} 上公开服务：还没有设置密钥。请把 JIPU_API_KEYS 设为足够长的"
            "随机串（例如 openssl rand -hex 32 的输出），或改用 --host 127.0.0.1 只供本机使用。"
        )


def check_reading(settings: Settings, client: str | None, headers: Mapping[str, str]) -> None:
    """`client` is the caller's address, None for a local socket. Raises Unauthorized."""
    if _is_here(client) or settings.public_reading:
        return
    _check_key(settings.api_keys, headers)


def check_writing(settings: Settings, client: str | None, headers: Mapping[str, str]) -> None:
    """Raises Unauthorized, or Forbidden where no key could help."""
    if settings.api_keys:
        _check_key(settings.api_keys, headers)
        return
    # A page of another site may make a browser on this machine send a request here; it can
    # neither forge Origin nor make Host say what the browser did not connect to.
    if not _is_here(client) or not _same_site(headers):
        raise Forbidden("没有设置密钥时，只有本机可以写入；要从别处写入，请先设置 JIPU_API_KEYS。")


def _is_here(client: str | None) -> bool:
    return client is None or is_loopback(client)


def _same_site(headers: Mapping[str, str]) -> bool:
    host = headers.get("host", "")
    if not is_loopback(urlsplit(f"//{host}").hostname or ""):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def _check_key(keys: Iterable[str], headers: Mapping[str, str]) -> None:
    given = _given_key(headers)
    if given is None:
        raise Unauthorized(_NEEDS_KEY)
    # Every key is compared, each in constant time: nothing is learned from how long it took.
    right = [hmac.compare_digest(given.encode(), key.encode()) for key in keys]
    if not any(right):
        raise Unauthorized(_WRONG_KEY)


def _given_key(headers: Mapping[str, str]) -> str | None:
    key = headers.get("x-api-key")
    if key:
        return key
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
