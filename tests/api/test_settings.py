"""Settings: defaults, environment, options, and what cannot be read."""

from dataclasses import fields
from pathlib import Path

import pytest

from api.errors import SettingsError
from api.ingesting import limits
from api.settings import PREFIX, Settings, read_settings
from ingest.limits import Limits

READ = [
    # variable, text, field, value
    ("JIPU_STORE", "sqlite:////srv/图谱.db", "store", "sqlite:////srv/图谱.db"),
    ("JIPU_DATA", "/srv/data", "data", Path("/srv/data")),
    ("JIPU_PORT", "9000", "port", 9000),
    ("JIPU_API_KEYS", "一把, 另一把,", "api_keys", ("一把", "另一把")),  # blanks, trailing comma
    ("JIPU_PUBLIC_READING", "是", "public_reading", True),
    ("JIPU_PUBLIC_READING", "False", "public_reading", False),
    ("JIPU_LOG_FORMAT", "json", "log_format", "json"),
    ("JIPU_MODEL", " 模型 ", "model", "模型"),
    ("JIPU_MODEL_QUERY_PROMPT", "query: ", "model_query_prompt", "query: "),  # the blank counts
    ("JIPU_MODEL_PASSAGE_PROMPT", " ", "model_passage_prompt", ""),
    ("JIPU_MAX_FILE_BYTES", "1", "max_file_bytes", 1),
    ("JIPU_PORT", "", "port", 8000),  # empty counts as not set
    ("JIPU_PORT", "  ", "port", 8000),
]


@pytest.mark.parametrize(("variable", "text", "field", "value"), READ)
def test_a_variable_is_read(variable: str, text: str, field: str, value: object) -> None:
    assert getattr(read_settings({variable: text}), field) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("JIPU_PORT", "八千"),
        ("JIPU_PORT", "0"),  # a limit of nothing makes no sense anywhere
        ("JIPU_PORT", "-1"),
        ("JIPU_PORT", "70000"),
        ("JIPU_PUBLIC_READING", "maybe"),
        ("JIPU_LOG_LEVEL", "loud"),
        ("JIPU_LOG_FORMAT", "xml"),
    ],
)
def test_what_cannot_be_read_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read_settings({variable: text})


def test_every_setting_is_read_from_the_environment() -> None:
    texts = {"port": "9", "log_level": "debug", "log_format": "json", "public_reading": "yes"}
    texts |= {"ocr": "on", "index": "local"}
    environment = {PREFIX + f.name.upper(): texts.get(f.name, "7") for f in fields(Settings)}
    changed = read_settings(environment)
    same = [f.name for f in fields(Settings) if getattr(changed, f.name) == f.default]
    assert same == []


def test_an_option_goes_before_the_environment() -> None:
    settings = read_settings({"JIPU_STORE": "sqlite:///a.db"}, store="sqlite:///b.db", data=None)
    assert settings.store == "sqlite:///b.db"
    assert settings.data == Path("data")


def test_keys_never_show() -> None:
    for name in ("JIPU_API_KEYS", "JIPU_MODEL_KEY"):
        assert "geheim" not in repr(read_settings({name: "geheim"}))


def test_every_limit_of_ingest_is_a_setting_with_the_same_default() -> None:
    assert limits(Settings()) == Limits()
    environment = {PREFIX + field.name.upper(): "7" for field in fields(Limits)}
    assert limits(read_settings(environment)) == Limits(*[7] * len(fields(Limits)))


PASSWORDS = [
    # address, the file, what the store is opened with
    ("neo4j://u@h:7687/d", "p@:/#?%\n", "neo4j://u:p%40%3A%2F%23%3F%25@h:7687/d"),
    ("neo4j+s://u@h", "密码\r\n", "neo4j+s://u:%E5%AF%86%E7%A0%81@h"),
    ("bolt://u@h", " a ", "bolt://u:%20a%20@h"),  # blanks may belong to it
    ("neo4j://u:own@h", "other", "neo4j://u:own@h"),  # the address has one
    ("neo4j://h", "p", "neo4j://h"),  # a server without login
    ("sqlite:///a@b.db", "p", "sqlite:///a@b.db"),
]


@pytest.mark.parametrize(("address", "text", "store"), PASSWORDS)
def test_a_password_comes_from_its_file(
    address: str, text: str, store: str, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_bytes(text.encode())
    settings = read_settings({"JIPU_STORE": address, "JIPU_STORE_PASSWORD_FILE": str(file)})
    assert settings.store == store


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff"])
def test_a_password_file_without_one_is_named(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="JIPU_STORE_PASSWORD_FILE"):
        read_settings({"JIPU_STORE": "bolt://u@h", "JIPU_STORE_PASSWORD_FILE": str(file)})
