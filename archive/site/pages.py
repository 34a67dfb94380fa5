"""The routes of all pages of the site."""

from __future__ import annotations

from datasette.app import Datasette
from pluggy import HookimplMarker

from archive.site import (
    about,
    article,
    cite,
    document,
    downloads,
    export,
    feed,
    front,
    health,
    places,
    rendering,
    results,
    versions,
    whole,
)
from archive.site.guarding import closed_routes
from archive.site.rendering import Routes, readable

hookimpl = HookimplMarker("datasette")

MODULES = (
    front.ROUTES,
    article.ROUTES,
    versions.ROUTES,
    cite.ROUTES,
    document.ROUTES,
    places.ROUTES,
    about.ROUTES,
    downloads.ROUTES,
    rendering.ROUTES,
    health.ROUTES,
    whole.ROUTES,
    results.ROUTES,
    export.ROUTES,
    feed.ROUTES,
)


@hookimpl
def register_routes(datasette: Datasette) -> Routes:
    """The routes of every module of pages, then what is closed; a plugin's are tried before Datasette's own."""
    return [(path, readable(page)) for routes in MODULES for path, page in routes] + closed_routes(datasette)
