"""The API as an ASGI application, made of what its host gives it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from presgen.api import problems
from presgen.api.bodies import hoist_definitions
from presgen.api.desk import Desk
from presgen.api.door import Door
from presgen.api.guards import Limits, RateLimit, require_known_parameters
from presgen.api.routes import routers
from presgen.api.views import Problem

READS_A_MINUTE = 6_000
WRITES_A_MINUTE = 120
"""For one caller in one process. A page that shows a thousand posters loads them within seconds."""

PREVIEWS_A_MINUTE = 12
"""For one caller in one process: each takes a processor for some seconds."""

_ABOUT = """\
Ask for a lesson video, watch it being made, and trace every second of it to the answers it is there for.

Times are UTC in ISO 8601; lengths are seconds. Errors are problem details (RFC 9457) and say what would have
been fine. Addresses of media are signed for whoever asks and hold for 10 to 20 minutes.
"""

_bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    description="Airflow's token: `POST /auth/token` gives one. Browsers may send it in Airflow's cookie.",
)


def create_api(desk: Desk, documents: Callable[[str], str] | None = None) -> FastAPI:
    """Make the API.

    Args:
        desk: what it works with.
        documents: tells, of where the API is on its host, where the host shows Great Expectations' documents,
            one folder a run; None: it does not.
    """
    app = FastAPI(
        title="PresGen",
        summary="Personal lesson videos: order, watch, trace.",
        description=_ABOUT,
        version=version("presgen"),
        # Its pages would load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(_bearer), Depends(require_known_parameters)],
        responses=problems.answers(401, 403, 422, 429, 500, 503),
        generate_unique_id_function=_operation,
    )
    app.state.desk = desk
    app.state.documents = documents
    app.state.previews = RateLimit(0, PREVIEWS_A_MINUTE, at_once=6)
    for router in routers():
        app.include_router(router)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    # The last one added meets a request first.
    limit = RateLimit(READS_A_MINUTE, WRITES_A_MINUTE)
    app.add_middleware(Door, who=desk.who, limit=limit)
    app.add_middleware(Limits)
    problems.install(app)
    return app


def _operation(route: APIRoute) -> str:
    return route.name


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs", {})
        schemas[Problem.__name__] = problem
        hoist_definitions(document)
        app.openapi_schema = document
    return app.openapi_schema
