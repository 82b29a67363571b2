"""Refuse a request body that is larger than the settings allow, while it arrives."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from api.settings import Settings

UPLOAD_PATH = "/api/documents"
_FORM_OVERHEAD = 64 * 1024
"""Part headers of a multipart body are not the files' bytes."""


class BodyLimit:
    """ASGI middleware. The declared length is checked first, then what really arrives."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, name = self._limit(scope)
        sentence = f"请求超过 {limit} 字节；请分次发送，或在 {name} 中放宽。"
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await problem("upload_too_large", sentence)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, sentence)
            return message

        await self.app(scope, counted, send)

    def _limit(self, scope: Scope) -> tuple[int, str]:
        if scope["path"].rstrip("/") == UPLOAD_PATH:
            return self.settings.max_upload_bytes + _FORM_OVERHEAD, "JIPU_MAX_UPLOAD_BYTES"
        return self.settings.max_body_bytes, "JIPU_MAX_BODY_BYTES"
