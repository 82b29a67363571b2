"""Every setting, once: read from the environment at the start, then handed down.

A plain dataclass: reading settings costs no import that `jipu trace` does not need anyway.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import quote

from api.errors import SettingsError
from graph.errors import reason

PREFIX = "JIPU_"
_MIB = 1024 * 1024
_TRUE = frozenset({"1", "true", "yes", "on", "是"})
_FALSE = frozenset({"0", "false", "no", "off", "否"})
LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")
INDEXES = ("", "local", "server")
_AS_IT_IS = {"as_it_is": True}
"""Of a text in which blanks at the ends count."""
# matches neo4j://jipu@host:7687/neo4j; not neo4j://jipu:secret@host, nor sqlite:///a@b.db
_NO_PASSWORD = re.compile(r"^([\w+.-]+://[^:@/?#]+)@")


@dataclass(frozen=True, slots=True)
class Settings:
    """Sizes in bytes. The name of a setting in the environment is JIPU_ and the field's name."""

    store: str = field(default="sqlite:///data/jipu.db", repr=False)
    store_password_file: str = ""
    data: Path = Path("data")
    model: str = ""
    model_key: str = field(default="", repr=False)
    model_query_prompt: str = field(default="", metadata=_AS_IT_IS)
    model_passage_prompt: str = field(default="", metadata=_AS_IT_IS)
    model_batch: int = 32
    model_device: str = ""
    index: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    public_reading: bool = False
    ocr: bool = False
    log_level: str = "warning"
    log_format: str = "text"
    max_file_bytes: int = 64 * _MIB
    max_expanded_bytes: int = 512 * _MIB
    max_table_cells: int = 2_000_000
    max_pages: int = 20_000
    max_files: int = 100_000
    max_depth: int = 32
    max_archive_files: int = 10_000
    max_archive_bytes: int = 1024 * _MIB
    max_ratio: int = 200
    max_office_seconds: int = 120
    max_ocr_pages: int = 500
    max_ocr_pixels: int = 80_000_000
    max_upload_bytes: int = 256 * _MIB
    max_upload_files: int = 100
    max_body_bytes: int = 4 * _MIB
    max_texts: int = 1000
    max_jobs: int = 16
    trace_depth: int = 8

    @property
    def index_directory(self) -> Path:
        return self.data / "index"

    @property
    def upload_directory(self) -> Path:
        return self.data / "uploads"


def read_settings(environment: Mapping[str, str], **options: str | None) -> Settings:
    """Defaults, then JIPU_… of the environment, then the options that were given.

    An empty variable counts as not set. Raises SettingsError naming the variable that cannot be
    read; a JIPU_ variable that no setting knows is none of our business.
    """
    values: dict[str, object] = {}
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        option = options.get(setting.name)
        if option is not None:
            name = "--" + setting.name.replace("_", "-")
        given = environment.get(name, "") if option is None else option
        raw = given.strip()
        if raw:
            raw = given if setting.metadata == _AS_IT_IS else raw
            values[setting.name] = _parse(name, raw, setting.default)
    settings = _checked(dataclasses.replace(Settings(), **values))  # type: ignore[arg-type]
    return dataclasses.replace(
        settings, store=with_password(settings.store, settings.store_password_file)
    )


def with_password(store: str, file: str) -> str:
    """The address with the password that the file holds, where it names a user and no password.

    A file, because an environment is shown by `docker inspect`; and any character may stand in
    it as it is. Raises SettingsError.
    """
    if not file or not _NO_PASSWORD.match(store):
        return store
    name = f"{PREFIX}STORE_PASSWORD_FILE={file}"
    try:
        password = Path(file).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name} 不是 UTF-8 文字；请重新写入密码。") from error
    except OSError as error:
        raise SettingsError(f"{name} 读不了（{reason(error)}）；请检查路径和权限。") from error
    if not password:
        raise SettingsError(f"{name} 是空的；请把图谱的密码写进去。")
    return _NO_PASSWORD.sub(lambda found: f"{found[1]}:{quote(password, safe='')}@", store)


def _parse(name: str, raw: str, default: object) -> object:
    """Read a value as the type that its default has."""
    if isinstance(default, bool):
        word = raw.lower()
        if word not in _TRUE | _FALSE:
            raise SettingsError(f"{name}={raw} 读不懂；请写 true 或 false。")
        return word in _TRUE
    if isinstance(default, int):
        if not (raw.isascii() and raw.isdigit()) or int(raw) == 0:
            raise SettingsError(f"{name}={raw} 不是正整数；请写数字，例如 {default}。")
        return int(raw)
    if isinstance(default, Path):
        return Path(raw).expanduser()
    if isinstance(default, tuple):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return raw


def _checked(settings: Settings) -> Settings:
    for name, value, allowed in (
        ("LOG_LEVEL", settings.log_level, LOG_LEVELS),
        ("LOG_FORMAT", settings.log_format, LOG_FORMATS),
        ("INDEX", settings.index, INDEXES),
    ):
        if value not in allowed:
            raise SettingsError(
                f"{PREFIX}{name}={value} 读不懂；可用：{'、'.join(filter(None, allowed))}。"
            )
    if settings.port > 65535:
        raise SettingsError(f"{PREFIX}PORT={settings.port} 超出范围；端口在 1 与 65535 之间。")
    return settings


def with_address(settings: Settings, host: str | None, port: int | None) -> Settings:
    """The settings with the address that was given on the command line."""
    return dataclasses.replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
