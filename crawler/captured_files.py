"""Attached files out of WARC files: those that an article of the archive lists, kept as of their capture."""

from __future__ import annotations

from archive.attachments import sha256_of
from archive.files.reading import read_text
from archive.files.text import Extracted
from archive.files.types import is_whole, sniff
from archive.snapshots import Capture
from archive.store import Archive
from crawler.capture_index import CaptureIndex
from crawler.portals import Portal
from crawler.urls import at_origin, netloc
from crawler.warc_files import Files


def take_files(archive: Archive, portal: Portal, index: CaptureIndex, files: Files) -> int:
    """Keep what was captured of a portal's attached files, whose articles are filed already; returns how many captures.

    A page where a file should be, or one cut short, is left. Raises StoreError, WarcError.
    """
    taken = 0
    for url in _listed(archive, portal):
        for fetched, number, offset in index.files(portal.key, at_origin(url, portal.url)):
            taken += _keep(archive, files.read(number, offset, url, fetched))
    return taken


def _listed(archive: Archive, portal: Portal) -> list[str]:
    """The addresses at the portal's own hosts whose files the crawl would ask for."""
    of_files = "select f.url from articles a join article_files f on f.article = a.id"
    of_images = "select a.image from articles a"
    listed = []
    for sql in (of_files, of_images) if portal.keep_images else (of_files,):
        wanted = f"{sql} where a.portal = ? and coalesce(a.topic, '') != 'other'"
        listed += [row[0] for row in archive.connection.execute(wanted, [portal.key]) if row[0]]
    return [url for url in dict.fromkeys(listed) if netloc(url) in portal.all_hosts]


def _keep(archive: Archive, capture: Capture) -> bool:
    type = sniff(capture.body)
    if type is None or not is_whole(capture.body, type):
        return False
    is_known = archive.attachments.of(sha256_of(capture.body)) is not None
    read = Extracted() if is_known else read_text(capture.body, type)
    with archive.transaction():
        archive.attachments.keep(capture.url, capture.fetched, type, capture.body, read)
    return True
