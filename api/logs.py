"""Logs go to stderr, one line an event, as text or as JSON. Never a credential in them."""

import json
import logging
import re
import sys

from api.settings import Settings

_CREDENTIALS = re.compile(r"(?P<scheme>\w+://)[^\s/]*@")
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def without_credentials(text: str) -> str:
    """
    >>> without_credentials("neo4j://user:secret@host:7687/db")
    'neo4j://***@host:7687/db'
    """
    return _CREDENTIALS.sub(r"\g<scheme>***@", text)


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_credentials(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_credentials(record.getMessage()),
        }
        if record.exc_info:
            event["exception"] = without_credentials(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def configure(settings: Settings) -> None:
    """Set up the root logger; calling it again replaces what an earlier call set up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.log_format == "json" else _Masked(_FORMAT))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    # What the driver tries again concerns nobody; what lasts the store says itself, in Chinese.
    quiet = settings.log_level != "debug"
    logging.getLogger("neo4j").setLevel(logging.CRITICAL if quiet else logging.NOTSET)
