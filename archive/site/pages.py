"""The routes of all pages of the site."""

from __future__ import annotations

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
    places,
    rendering,
    results,
    versions,
)
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
    results.ROUTES,
    export.ROUTES,
    feed.ROUTES,
)


@hookimpl
def register_routes() -> Routes:
    """The routes of every module of pages; those of a plugin are tried before Datasette's own."""
    return [(path, readable(page)) for routes in MODULES for path, page in routes]
