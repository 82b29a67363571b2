"""Web pages saved as one file (mht, mhtml): an e-mail whose parts are the page and its frames."""

import re
from email import message_from_bytes
from email.message import Message

from ingest.errors import DamagedFile

# MIME-Version: 1.0⏎Content-Type: multipart/related  ·  not: 绩效目标
_HEAD = re.compile(
    rb"(?=\s*[\w-]+:)(?=.*^mime-version:)(?=.*^content-type:\s*multipart/(?:related|mixed))",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_HEAD_ENDS = 4096


def is_mhtml(content: bytes) -> bool:
    return bool(_HEAD.match(content[:_HEAD_ENDS]))


def pages(content: bytes, name: str) -> list[bytes]:
    """The page first, then its frames, as the bytes of their HTML. Raises DamagedFile."""
    message = message_from_bytes(content.lstrip())
    found = [
        payload
        for part in message.walk()
        if part.get_content_type() in ("text/html", "application/xhtml+xml")
        and (payload := _payload(part))
    ]
    if not found:
        raise DamagedFile(
            f"{name}：这个网页存档（mht）里没有网页，可能没有保存完整；"
            "请用浏览器重新打开原网页，另存为“仅网页，HTML”后再入库。"
        )
    return found


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
