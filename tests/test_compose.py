"""docker-compose.yml and Dockerfile: read as they stand, and the service started as they say."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.neo4j_servers import servers
from tools.neo4j_server import PASSWORD

ROOT = Path(__file__).parents[1]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "青禾县商务局2025年部门预算绩效文本.docx"
KEY = "a-key-of-the-tests"
# matches ${NAME}, ${NAME:-default} and ${NAME:?sentence}; not $$NAME
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
INGEST = "docker compose run --rm jipu ingest /documents"
_START_SECONDS = 60


class Missing(Exception):
    """A variable that must be set is not."""


def interpolated(text: str, environment: Mapping[str, str]) -> str:
    """What Compose makes of the variables. Raises Missing."""

    def value(found: re.Match[str]) -> str:
        given = environment.get(found[1], "")
        if not given and found[2] == "?":
            raise Missing(found[3])
        return given or (found[3] or "" if found[2] == "-" else "")

    return VARIABLE.sub(value, text)


GIVEN = {"NEO4J_PASSWORD": PASSWORD, "JIPU_API_KEYS": KEY}


def compose(environment: Mapping[str, str] = GIVEN) -> Any:
    return yaml.safe_load(interpolated(COMPOSE, environment))


def instruction(name: str) -> str:
    """The one instruction of that name in the Dockerfile, its lines joined."""
    (found,) = re.findall(rf"^{name} (.*)$", DOCKERFILE.replace("\\\n", " "), re.MULTILINE)
    return str(found)


SERVICES = compose()["services"]


def test_the_whole_is_what_a_plain_start_brings_up() -> None:
    plain = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert plain == {"neo4j", "jipu"}
    assert SERVICES["jipu"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


@pytest.mark.parametrize("left_out", GIVEN)
def test_a_start_without_password_or_key_is_refused(left_out: str) -> None:
    with pytest.raises(Missing, match=left_out):
        compose({name: value for name, value in GIVEN.items() if name != left_out})


def test_only_this_machine_reaches_what_is_published() -> None:
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert ports.pop("jipu") == ports.pop("jipu-cluster") == ["127.0.0.1:8000:8000"]
    assert not any(ports.values())


def test_no_password_and_no_licence_is_written_down() -> None:
    for text in (COMPOSE, DOCKERFILE):
        for line in text.splitlines():
            if re.search(r"(PASSWORD|AUTH|KEYS?|ACCEPT\w*)\s*[:=]", line):
                assert re.search(r"\$\{|_FILE: /run/|environment: NEO4J_PASSWORD$", line), line
    assert PASSWORD not in json.dumps(SERVICES)  # what `docker inspect` would show
    for name in ("server1", "server2", "server3"):
        assert not SERVICES[name]["environment"]["NEO4J_ACCEPT_LICENSE_AGREEMENT"]


def test_every_variable_is_documented() -> None:
    for name in {found[1] for found in VARIABLE.finditer(COMPOSE)}:
        assert f"| `{name}` |" in PAGE


def test_every_image_has_its_version() -> None:
    assert all(("image" in service) != ("build" in service) for service in SERVICES.values())
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    for image in (*images, instruction("FROM")):
        assert re.search(r":\d+\.\d+", image), image


def test_every_volume_is_declared() -> None:
    named = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service["volumes"]
        if not volume.startswith((".", "/"))
    }
    assert named == set(compose()["volumes"])


def test_a_cluster_knows_its_members() -> None:
    for name in ("server1", "server2", "server3"):
        settings = SERVICES[name]["environment"]
        assert settings["NEO4J_dbms_cluster_discovery_v2_endpoints"] == (
            "server1:6000,server2:6000,server3:6000"
        )
        assert settings["NEO4J_server_cluster_advertised__address"] == f"{name}:6000"
        assert settings["NEO4J_server_bolt_advertised__address"] == f"{name}:7687"
        assert SERVICES[name]["healthcheck"] == SERVICES["neo4j"]["healthcheck"]
    assert SERVICES["jipu-cluster"]["environment"]["JIPU_STORE"].startswith("neo4j://")


def test_the_image_runs_as_a_plain_user_who_may_read_the_password() -> None:
    assert instruction("USER") == "jipu"
    for name in ("jipu", "jipu-cluster"):
        (secret,) = SERVICES[name]["secrets"]
        assert f"--uid {secret['uid']} " in DOCKERFILE
    assert json.loads(instruction("ENTRYPOINT")) == ["jipu"]
    assert json.loads(instruction("CMD")) == ["serve"]


def test_what_the_image_copies_is_let_through() -> None:
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copied = {
        word
        for line in re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    }
    assert copied == set(allowed)
    assert all((ROOT / name).exists() for name in copied)


PASSWORDS = [
    # the password, whether Neo4j's image can take it
    ("p@s:s#1 %$'\"\\", True),
    ("只有四字只有四字", True),
    ("12345678", True),
    ("1234567", False),  # the server wants eight
    ("", False),
    ("with/slash", False),  # the image parts user and password there
    ("long-enough/true", False),  # it would be taken as `long-enough`, to be changed at once
    ("-looks-like-an-option", False),
    (" blank-in-front", False),  # settings are read without blanks around
    ("blank-behind ", False),
    ("neo4j", False),
]


@pytest.mark.parametrize(("password", "fits"), PASSWORDS)
def test_a_password_is_looked_at_first(password: str, fits: bool, tmp_path: Path) -> None:
    """The entry point runs; what it would start only tells that it was started."""
    tini = tmp_path / "tini"
    tini.write_text('#!/bin/sh\necho "started $*"\n', encoding="utf-8")
    tini.chmod(0o755)
    auth = tmp_path / "auth"
    auth.write_text(f"neo4j/{password}", encoding="utf-8")
    words = [
        word.replace("$$", "$").replace("/run/neo4j_auth", str(auth))
        for word in SERVICES["neo4j"]["entrypoint"]
    ]
    ran = subprocess.run(
        words,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if fits:
        assert ran.stdout == "started -g -- /startup/docker-entrypoint.sh neo4j\n"
    else:
        assert (ran.returncode, ran.stdout) == (64, "")
        assert "NEO4J_PASSWORD 不能用" in ran.stderr
        assert password in ("", "neo4j") or password not in ran.stderr


def test_compose_itself_reads_the_file() -> None:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("没有 docker compose")
    ran = subprocess.run(
        [docker, "compose", "--profile", "cluster", "config", "--quiet"],
        cwd=ROOT,
        env={**os.environ, **GIVEN},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


class Service:
    """The service of the compose file, run here: names of its network and its folders replaced."""

    def __init__(self, folder: Path) -> None:
        (folder / "data").mkdir()
        (folder / "documents").mkdir()
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        server = servers().own(0)
        servers().empty(0)
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self._places = {
            "neo4j:7687": f"127.0.0.1:{server.port}",
            "/run/secrets/store_password": str(folder / "password"),
            "/documents": str(folder / "documents"),
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
        }
        image = dict(re.findall(r"(JIPU_\w+)=(\S+)", instruction("ENV")))
        wanted = {**image, **SERVICES["jipu"]["environment"]}
        plain = {k: v for k, v in os.environ.items() if not k.startswith("JIPU_")}
        self.environment = plain | {
            name: self._here("" if value is None else str(value)) for name, value in wanted.items()
        }
        self.environment |= {
            "JIPU_DATA": str(folder / "data"),
            "JIPU_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "api", *(self._here(argument) for argument in arguments)]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def healthy(self) -> bool:
        check = json.loads(instruction("HEALTHCHECK").partition(" CMD ")[2])
        assert check[0] == "python"
        command = [sys.executable, *(self._here(word) for word in check[1:])]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def get(self, path: str) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"X-API-Key": KEY}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _here(self, text: str) -> str:
        for there, here in self._places.items():
            text = text.replace(there, here)
        return text


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    command = service.command(*json.loads(instruction("CMD")))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=service.environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not service.healthy():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((tmp_path / "log").read_text(encoding="utf-8"))
            time.sleep(0.2)
        yield service
    finally:
        process.kill()
        process.wait()


def test_the_service_starts_reads_and_finds(service: Service, tmp_path: Path) -> None:
    assert service.get("/readyz")["status"] == "ready"
    assert INGEST in PAGE
    shutil.copy(EXAMPLE, tmp_path / "documents")
    ran = service.run(*INGEST.partition(" jipu ")[2].split())
    assert ran.returncode == 0, ran.stderr
    found = service.get(f"/api/search?q={urllib.parse.quote('群众满意度')}")
    assert found["hits"]


def test_no_health_without_a_service(tmp_path: Path) -> None:
    assert not Service(tmp_path).healthy()


def test_the_service_says_what_key_is_missing(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.environment["JIPU_API_KEYS"] = ""
    ran = service.run("serve")
    assert ran.returncode == 2
    assert "JIPU_API_KEYS" in ran.stderr
