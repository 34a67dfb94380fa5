"""The certificates that a portal's hosts showed in this run: kept in the archive, and said once when they are wrong."""

from __future__ import annotations

import logging

from archive import clock
from archive.certificates import Shown, remember
from archive.clock import stamp
from archive.store import Archive
from crawler.connecting.tls import GOOD, Certificate

logger = logging.getLogger(__name__)


class Noticed:
    """What was noticed of one portal. saw() is called between two steps of the crawl, remember() in it."""

    def __init__(self, archive: Archive, portal: str) -> None:
        self.archive = archive
        self.portal = portal
        self.fresh: list[Certificate] = []
        self.known: set[Certificate] = set()

    def saw(self, certificate: Certificate) -> None:
        """Called by the handler after each handshake."""
        if certificate not in self.known:
            self.known.add(certificate)
            self.fresh.append(certificate)

    def remember(self) -> None:
        """Write down what is new since the last time. Raises StoreError."""
        if not self.fresh:
            return
        found, self.fresh = self.fresh, []
        with self.archive.transaction() as db:
            for one in found:
                expires = stamp(one.expires) if one.expires is not None else None
                shown = Shown(self.portal, one.host, one.verdict, one.protocol, one.issuer, expires)
                if remember(db, shown, stamp(clock.now())) and one.verdict != GOOD:
                    logger.warning("%s: the certificate of %s: %s", self.portal, one.host, one.verdict)
