"""Documents in and out of the graph, and the jobs that take them in."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, File, Header, Response, UploadFile
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.deps import Server, json_object
from api.jobs import Job
from api.schemas.documents import DeletedAnswer, JobAnswer
from api.services import Services
from api.uploads import save
from api.wire import Object, dumps
from graph.errors import NotFound

reading = APIRouter(prefix="/api", tags=["文件"])
writing = APIRouter(prefix="/api", tags=["文件"])

_POLL_SECONDS = 0.2
_HEARTBEAT_SECONDS = 15.0


@writing.post("/documents", summary="上传文件", status_code=202, response_model=JobAnswer)
def upload(
    server: Server,
    response: Response,
    files: Annotated[list[UploadFile], File(description="一个或几个文件")],
) -> Object:
    """文件先存下，再在后台读入；返回任务，进度见 /api/jobs/{id}。"""
    paths = save(((file.filename or "", file.file) for file in files), server.settings)
    job = server.jobs.submit(paths)
    response.headers["Location"] = f"/api/jobs/{job.id}"
    return json_object(server, job)


@writing.delete("/documents/{id:path}", summary="删去一份文件", response_model=DeletedAnswer)
def delete(server: Server, id: str) -> Object:
    """图谱恢复成从未读入它的样子。"""
    if not server.store.delete_document(id):
        raise NotFound(f"图谱里没有文件 {id}。")
    return {"deleted": id}


@reading.get("/jobs/{id}/events", summary="任务的进度流", response_class=StreamingResponse)
async def events(
    server: Server, id: str, last_event_id: Annotated[str, Header()] = "0"
) -> StreamingResponse:
    """Server-Sent Events：每次变化发出一条 job 事件，任务结束时流也结束。"""
    server.jobs.get(id)
    seen = int(last_event_id) if last_event_id.isdigit() else 0
    return StreamingResponse(_watch(server, id, seen), media_type="text/event-stream")


async def _watch(server: Services, job_id: str, seen: int) -> AsyncIterator[str]:
    """Looks again and again instead of waiting in a thread: watchers must not use up threads."""
    silent = 0.0
    while True:
        job = server.jobs.get(job_id)
        if job.version > seen:
            seen, silent = job.version, 0.0
            yield await run_in_threadpool(_event, server, job)
        if job.finished or server.jobs.stopping:
            return
        await asyncio.sleep(_POLL_SECONDS)
        silent += _POLL_SECONDS
        if silent >= _HEARTBEAT_SECONDS:
            silent = 0.0
            yield ": 仍在进行\n\n"


def _event(server: Services, job: Job) -> str:
    return f"id: {job.version}\nevent: job\ndata: {dumps(json_object(server, job))}\n\n"


@reading.get("/jobs/{id}", summary="任务的状态", response_model=JobAnswer)
def job(server: Server, id: str) -> Object:
    """status 为 queued、running、done 或 failed；done 时各文件的结果在 files 中。"""
    return json_object(server, server.jobs.get(id))
