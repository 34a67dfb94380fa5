"""How every page of the site is wrapped and rendered: who may read, which language, which headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Forbidden, Request, Response

from archive.i18n import DEFAULT, LANGUAGES, Language
from archive.site.html import marked

MAX_TYPED = 400  # characters of a query that a page repeats
COOKIE = "lang"  # the one cookie of the site: the language chosen, where it is not the default
A_YEAR = 365 * 24 * 3600  # seconds

Handler = Callable[[Datasette, Request], Awaitable[Response]]
Routes = list[tuple[str, Handler]]  # what a module of pages exports as ROUTES


def readable(page: Handler) -> Handler:
    """What Datasette does for its own pages alone: permission to view, and reading as the only method."""

    async def handler(datasette: Datasette, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return await render(datasette, request, "site_error.html", {"status": 405}, status=405)
        for action, resource in (("view-instance", None), ("view-table", ("archive", "articles"))):
            if not await datasette.permission_allowed(request.actor, action, resource, default=True):
                raise Forbidden("closed")
        return await page(datasette, request)

    return handler


def language_of(request: Request) -> Language:
    """What the address says (?lang=), else the cookie, else Vietnamese."""
    return Language(_asked(request) or _remembered(request))


def kept_language(request: Request) -> str:
    """The language that links must carry on: one that is in the address alone; what the cookie says is not repeated."""
    code = language_of(request).code
    return code if code != _remembered(request) else ""


def _asked(request: Request) -> str:
    code = request.args.get("lang", "")
    return code if code in LANGUAGES else ""


def _remembered(request: Request) -> str:
    code = str(request.cookies.get(COOKIE, ""))
    return code if code in LANGUAGES else DEFAULT


async def render(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """One of the site's own templates, in the language of language_of()."""
    language = language_of(request)
    kept = kept_language(request)

    def link(path: str, **values: object) -> str:
        """An address within the site that keeps the language; what is empty is left out."""
        query = urlencode(
            {name: value for name, value in (values | {"lang": kept}).items() if value not in (None, "", 0)}
        )
        return str(datasette.urls.path(path)) + (f"?{query}" if query else "")

    def years_of(path: str, values: dict[str, object]) -> Callable[[int], str]:
        """What gives the address of a year of a page, for a timeline."""
        return lambda year: link(path, year=year, **values)

    shared = {
        "t": language,
        "link": link,
        "years_of": years_of,
        "marked": marked,
        "q": "",
        "kept_language": kept,
        "other_url": _other_language(datasette, request, language),
    }
    html = await datasette.render_template(template, shared | context, request=request, view_name="site")
    age = datasette.setting("default_cache_ttl") if status == 200 else 0
    return Response.html(html, status=status, headers={"cache-control": f"max-age={age}"})


def _other_language(datasette: Datasette, request: Request, language: Language) -> str:
    """The address that sets the other language and leads back to this page."""
    pairs = [
        (name, value[:MAX_TYPED]) for name in request.args if name != "lang" for value in request.args.getlist(name)
    ]
    query = urlencode(pairs, errors="replace")
    back = request.path.split("?")[0] + (f"?{query}" if query else "")
    return str(datasette.urls.path(f"/language/{language.other}")) + "?" + urlencode({"back": back}, errors="replace")


async def choose_language(datasette: Datasette, request: Request) -> Response:
    """Remember a language in the cookie and lead back. The default needs no cookie: it is taken away.

    The page is asked for with ?lang= as well, so that the choice holds where cookies are refused.
    """
    code = request.url_vars["code"]
    back = request.args.get("back", "/")
    inside = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    path, _, query = (back if inside else "/").partition("?")
    query = "&".join(filter(None, [query, f"lang={code}" if code != DEFAULT else ""]))
    response = Response.redirect(path + (f"?{query}" if query else ""))
    secure = request.scheme == "https"
    age = 0 if code == DEFAULT else A_YEAR
    response.set_cookie(
        COOKIE, code, max_age=age, path=datasette.urls.path("/"), secure=secure, samesite="lax", httponly=True
    )
    return response


ROUTES: Routes = [(r"^/language/(?P<code>vi|en)$", choose_language)]
