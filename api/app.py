"""The HTTP application: routes, errors, limits and counters put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from api import VERSION, problems
from api.body_limit import BodyLimit
from api.deps import may_read, may_write
from api.metrics import CountRequests
from api.routers import documents, export, health, lists, nodes, pages, policies, search, texts
from api.services import Services
from api.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Opens the store at once: raises StoreUnavailable or StoreVersionError."""
    services = Services(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services.start()
        try:
            yield
        finally:
            services.close()

    app = FastAPI(
        title="绩谱 HTTP 接口",
        description="县级预算绩效文件的知识图谱与语义检索。",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    problems.install(app)
    for public in (pages.router, health.router):
        app.include_router(public)
    # Routes with a suffix stand before those whose id takes the rest of the path.
    for reading in (search, policies, nodes, lists, export, texts):
        app.include_router(reading.router, dependencies=[Depends(may_read)])
    app.include_router(documents.reading, dependencies=[Depends(may_read)])
    app.include_router(documents.writing, dependencies=[Depends(may_write)])
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(CountRequests, metrics=services.metrics)
    return app
