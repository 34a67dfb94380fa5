"""The honest user agent: who asks, and where to complain."""

from __future__ import annotations

from crawler.portals import Portal

NAME = "DanVanArchive/0.1"


class ContactMissing(ValueError):
    """A portal out in the world may not be asked without CONTACT."""


def user_agent(contact: str, portal: Portal) -> str:
    """The user agent for a portal. Raises ContactMissing where CONTACT is empty and the portal is not on loopback.

    "Mozilla/5.0 (compatible; ...)" because NukeViet serves phones another theme; nothing else is pretended.
    """
    if not contact.strip() and not portal.is_loopback:
        raise ContactMissing(
            f"CONTACT is not set: portal {portal.key} is asked only by somebody who leaves an address or e-mail, "
            "for example CONTACT=archive@example.org"
        )
    return f"Mozilla/5.0 (compatible; {NAME}; +{contact.strip() or 'loopback'})"
