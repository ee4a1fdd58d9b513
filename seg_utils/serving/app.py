"""The application: its addresses and pages, and what each answers; all from this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from seg_utils import __version__
from seg_utils.reporting.rendering import theme
from seg_utils.scoring.answer import Answerer
from seg_utils.serving import batch, schemas
from seg_utils.serving.answers import former
from seg_utils.serving.bodies import features_of, in_features, parsed, refuse
from seg_utils.serving.guard import POLICY_NAME, STYLED_BY_SCRIPT, Guard, Limits, OpenRequests
from seg_utils.serving.model_reload import ModelReloader
from seg_utils.serving.workers import Workers

SCRIPTS = {"page.js": (*theme.FORM, "serve.js"), "docs.js": ("docs.js",), "redoc.js": ("redoc.js",)}
VIEWERS = ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js")
MEDIA = {"js": "text/javascript", "css": "text/css"}

# What holds nothing about customers and so needs no token; so does the page itself, which asks for one
OPEN_PATHS = ("/assets/", "/docs", "/redoc", "/openapi.json", "/health")


def add_pages(app: FastAPI, reloader: ModelReloader) -> None:
    """Add the addresses of the pages."""
    page, docs, reference = map(theme.text, ("serve.html", "docs.html", "redoc.html"))
    viewers = files("fastapi_offline") / "static"
    assets = {
        "page.css": "\n".join([theme.stylesheet(), theme.text("serve.css")]),
        **{name: "\n".join(map(theme.text, parts)) for name, parts in SCRIPTS.items()},
        **{name: (viewers / name).read_bytes() for name in VIEWERS},
    }

    @app.get("/", include_in_schema=False)
    async def home() -> HTMLResponse:
        return HTMLResponse(page)

    @app.get("/docs", include_in_schema=False)
    async def documentation() -> HTMLResponse:
        return HTMLResponse(docs)

    @app.get("/redoc", include_in_schema=False)
    async def reference_to_read() -> HTMLResponse:
        return HTMLResponse(reference, headers={POLICY_NAME.decode(): STYLED_BY_SCRIPT})

    @app.get("/assets/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        if name not in assets:
            raise HTTPException(404)
        return Response(assets[name], media_type=MEDIA[name.rpartition(".")[2]])

    @app.get(
        "/form",
        summary="What a form for one customer needs",
        responses={200: {"description": "Fields with typical values and ranges, and words"}, **schemas.QUIET},
    )
    async def form() -> JSONResponse:
        """For the page at /."""
        return JSONResponse(reloader.loaded.form)


def all_segments(answerer: Answerer) -> list[dict[str, Any]]:
    """All segments, in order, with the place of their centres on the map."""
    model = answerer.model
    places = model.plane.project(model.centroids).tolist()
    return [
        {
            "cluster_id": number,
            "cluster_name": answerer.segments[number].name,
            "cluster_description": answerer.segments[number].description,
            "customers": size,
            "share": size / model.reference.customers,
            "actions": answerer.segments[number].actions,
            "position": places[number],
        }
        for number, size in enumerate(model.sizes)
    ]


TITLE = "Card-customer segments"
REFRESH_SECONDS = 1.0
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def create(
    reloader: ModelReloader,
    *,
    hosts: Collection[str] | None = LOOPBACK,
    token: str | None = None,
    limits: Limits | None = None,
) -> FastAPI:
    """The application around a model, which may change between requests. ``hosts`` are names the Host header may hold,
    None for any, which only a token makes safe; the ``token`` is brought as ``Authorization: Bearer``."""
    limits, workers = limits or Limits(), Workers()
    app = FastAPI(title=TITLE, version=__version__, docs_url=None, redoc_url=None, lifespan=_living(reloader, workers))
    app.state.open_requests = OpenRequests()
    _add_questions(app, reloader)
    batch.add(app, reloader, limits, workers)
    add_pages(app, reloader)
    app.openapi = lambda: _openapi(app, reloader, token)
    app.add_middleware(
        Guard,
        limits=limits,
        batch_paths=batch.PATHS,
        open_paths=OPEN_PATHS,
        hosts=hosts,
        token=token,
        open_requests=app.state.open_requests,
    )
    return app


def _living(reloader: ModelReloader, workers: Workers) -> Any:
    """What goes on from the start of a server to its end."""

    async def watch() -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            await asyncio.to_thread(reloader.refresh)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(watch()), asyncio.create_task(workers.start())]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await workers.stop()

    return lifespan


def _add_questions(app: FastAPI, reloader: ModelReloader) -> None:
    @app.post(
        "/predict",
        summary="The segment of one customer",
        responses={200: schemas.response("Answer", "The segment, and what is known of it"), **schemas.REFUSALS},
        openapi_extra=schemas.body(**{"application/json": {"schema": schemas.ref("Customer")}}),
    )
    async def predict(request: Request) -> Response:
        """Features that are absent or null are filled as in training, and listed as ``imputed``; one must be given.
        ``former_segment`` is that of a customer whose ``id`` the last period, or the run itself, knows."""
        customer = parsed(await request.body())
        loaded = reloader.loaded
        reading = loaded.answerer.inputs.read(features_of(customer))
        if reading.problems:
            refuse(*in_features(reading.problems))
        [last] = former(loaded, [str(customer.get("id", ""))])
        answer = loaded.answerer.answer(reading) | {"former_segment": last}
        return Response(json.dumps(answer), media_type="application/json")

    @app.get(
        "/segments",
        summary="All segments",
        responses={200: schemas.response("Segments", "Segments, the largest first"), **schemas.QUIET},
    )
    async def segments() -> JSONResponse:
        """Names, sizes, actions, and where their centres are on the map."""
        return JSONResponse(all_segments(reloader.loaded.answerer))

    @app.get(
        "/health",
        summary="What is being served",
        responses={200: schemas.response("Health", "The model in use; why a newer one is not"), **schemas.QUIET},
    )
    async def health() -> JSONResponse:
        """Needs no token."""
        loaded = reloader.loaded
        model = loaded.answerer.model
        return JSONResponse(
            {
                "status": "ok",
                "version": app.version,
                "model": loaded.sha256,
                "algorithm": model.algorithm,
                "segments": len(model.centroids),
                "features": len(model.space.features),
                "customers": model.reference.customers,
                "problem": reloader.problem,
            }
        )


def _openapi(app: FastAPI, reloader: ModelReloader, token: str | None) -> dict[str, Any]:
    """The description of the model in use, description anew each time: another may have another limit."""
    # 3.0: the bundled viewer does not know 3.1
    description = get_openapi(title=app.title, version=app.version, openapi_version="3.0.3", routes=app.routes)
    description["components"] = {"schemas": schemas.components(reloader.loaded.answerer.inputs)}
    if token is not None:
        description["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        description["security"] = [{"token": []}]
    return description
