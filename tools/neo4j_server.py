"""A real Neo4j for the tests, without Docker: its jars from Maven Central, run by a plain Java.

python -m tools.neo4j_server      put the jars into the cache, once; says what is missing
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import neo4j
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from tools.maven import NotHere, cache, copy_jars

POM = Path(__file__).parent / "neo4j" / "pom.xml"
PASSWORD = "only-for-tests"
LEAST_JAVA = 17
_START_SECONDS = 120
_STOP_SECONDS = 30
# matches `openjdk version "17.0.15"` and `java version "1.8.0_402"`; not `Java HotSpot(TM)`
_JAVA_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_VERSION = re.compile(r"<version>(\d[\w.]+\.[\w.]+)</version>")  # 5.26.31; not the pom's own 1
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")


def jars(environment: Mapping[str, str]) -> Path:
    """The folder that holds the server's jars once they are there."""
    home = environment.get("JIPU_NEO4J_CACHE") or cache("neo4j", environment)
    (version,) = set(_VERSION.findall(POM.read_text(encoding="utf-8")))
    return Path(home).expanduser() / str(version)


def java() -> str:
    """The Java to run it. Raises NotHere where there is none, or one that is too old."""
    program = shutil.which("java")
    if program is None:
        raise NotHere(
            f"没有 Java：请安装 JDK {LEAST_JAVA}（sudo apt install openjdk-17-jdk-headless）"
        )
    asked = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    said = _JAVA_VERSION.search(asked.stderr)
    if said is None or int(said[1]) < LEAST_JAVA:
        version = said[1] if said else "读不出版本"
        raise NotHere(f"Java 版本是 {version}，要 {LEAST_JAVA} 或更新的")
    return program


def download(folder: Path) -> None:
    """Fetch the jars into the folder. Raises NotHere."""
    copy_jars(POM, folder, "Neo4j")


class Server:
    """One server on a free port of this machine, in a home that goes with it.

    `heap` and `cache` (for pages of the store) as Java and Neo4j write them. A `brief` one is
    compiled quickly and not well: for tests, which ask most things once, that halves its time.
    """

    def __init__(
        self, folder: Path, heap: str = "768m", cache: str = "128m", *, brief: bool = False
    ) -> None:
        self._jars = folder
        self._java = java()
        self._heap = heap
        self._cache = cache
        self._brief = brief
        self._home = tempfile.TemporaryDirectory(prefix="jipu-neo4j-", ignore_cleanup_errors=True)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._configure()

    @property
    def url(self) -> str:
        return f"bolt://neo4j:{PASSWORD}@127.0.0.1:{self.port}/neo4j"

    @property
    def data(self) -> Path:
        """The folder of its databases and their transaction logs."""
        return Path(self._home.name) / "data"

    @property
    def process(self) -> int:
        """The number of its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Run it until it answers on Bolt. Raises RuntimeError with the last lines of its log."""
        home = Path(self._home.name)
        command = [self._java, "-Xms256m", f"-Xmx{self._heap}", "-XX:+UseSerialGC"]
        command += ["-XX:TieredStopAtLevel=1"] if self._brief else []
        command += [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED]
        command += ["-cp", f"{self._jars}/*", "org.neo4j.server.CommunityEntryPoint"]
        command += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
        with (home / "out.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                log_text = (home / "out.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(
                    "Neo4j did not start:\n" + "\n".join(log_text.splitlines()[-20:])
                )
            time.sleep(0.2)

    def kill(self) -> None:
        """End it at once; `start` brings it back with what it had committed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def end(self) -> None:
        """End it as its owner would: all that it holds then stands in its files."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_STOP_SECONDS)
            self._process = None

    def stop(self) -> None:
        """End it for good. What it holds is thrown away, so it need not close its files well."""
        self.kill()
        self._home.cleanup()

    def _answers(self) -> bool:
        """Whether it takes the password; a new server is given it."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                pass
        except OSError:
            return False
        address = f"bolt://127.0.0.1:{self.port}"
        try:
            with neo4j.GraphDatabase.driver(address, auth=("neo4j", PASSWORD)) as driver:
                driver.execute_query("RETURN 1", database_="neo4j")
            return True
        except AuthError:
            self._set_password(address)
            return False
        except (DriverError, Neo4jError):
            return False

    def _set_password(self, address: str) -> None:
        change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
        with neo4j.GraphDatabase.driver(address, auth=("neo4j", "neo4j")) as driver:
            driver.execute_query(change, password=PASSWORD, database_="system")

    def _configure(self) -> None:
        conf = Path(self._home.name) / "conf"
        conf.mkdir()
        settings = {
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.pagecache.size": self._cache,
            "db.tx_log.preallocate": "false",
            "dbms.usage_report.enabled": "false",
            # many wrong passwords in a row are a test here, no attack
            "dbms.security.auth_max_failed_attempts": "0",
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (conf / "neo4j.conf").write_text(lines, encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    folder = jars(os.environ)
    if os.environ.get("JIPU_TEST_NEO4J") or folder.is_dir():
        return
    try:
        java()
        sys.stderr.write(f"下载测试用的 Neo4j（约 120 MB，只有第一次），放在 {folder} …\n")
        download(folder)
    except NotHere as reason:
        sys.stderr.write(f"{reason}；用到 Neo4j 的测试会跳过。\n")


if __name__ == "__main__":
    main()
