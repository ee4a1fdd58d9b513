"""What people see: the page with form, batch and map, its assets, and the documentation; all from this machine."""

from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from seg_utils.reporting.rendering import theme
from seg_utils.scoring.answer import Answerer
from seg_utils.serving import schemas
from seg_utils.serving.guard import POLICY_NAME, STYLED_BY_SCRIPT
from seg_utils.serving.model_reload import ModelReloader

SCRIPTS = {"page.js": (*theme.FORM, "serve.js"), "docs.js": ("docs.js",), "redoc.js": ("redoc.js",)}
VIEWERS = ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js")
MEDIA = {"js": "text/javascript", "css": "text/css"}
OPEN_PATHS = ("/assets/", "/docs", "/redoc", "/openapi.json", "/health")
"""What holds nothing about customers and so needs no token; so does the page itself, which asks for one."""


def add(app: FastAPI, reloader: ModelReloader) -> None:
    """Add the addresses of the pages."""
    page, docs, reference = map(theme.text, ("serve.html", "docs.html", "redoc.html"))
    assets = _assets()

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


def segments(answerer: Answerer) -> list[dict[str, Any]]:
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


def _assets() -> dict[str, str | bytes]:
    """Everything the pages load, by name: nothing else can be asked for."""
    viewers = files("fastapi_offline") / "static"
    return {
        "page.css": "\n".join([theme.stylesheet(), theme.text("serve.css")]),
        **{name: "\n".join(map(theme.text, parts)) for name, parts in SCRIPTS.items()},
        **{name: (viewers / name).read_bytes() for name in VIEWERS},
    }
