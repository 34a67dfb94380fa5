"""The page about the archive: what it is, what is missing, whom to write to."""

from __future__ import annotations

import os

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.site import find, places
from archive.site.rendering import Routes, render


async def about(datasette: Datasette, request: Request) -> Response:
    """/about. Whom to write to is the setting CONTACT: an e-mail or the address of a page."""
    contact = os.environ.get("CONTACT", "").strip()
    is_address = contact.startswith(("https://", "http://"))
    href = contact if is_address else f"mailto:{contact}" if "@" in contact else ""
    context = {
        "contact": contact,
        "contact_href": href,
        "build": (await find.rows(datasette, "select * from build"))[0],
        "portals": await places.portals(datasette),
    }
    return await render(datasette, request, "site_about.html", context)


ROUTES: Routes = [(r"^/about$", about)]
