"""The text of a PDF, by pypdf, page by page."""

from __future__ import annotations

import io
import logging
import time

from pypdf import PasswordType, PdfReader
from pypdf.errors import LimitReachedError

from archive.files.text import PAGES, Extracted, Gathered, Problem, Refused, finished

SECONDS = 12  # after which no further page is begun

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each flaw of a file; we name the one that matters


def text_of_pdf(body: bytes) -> Extracted:
    """The text of a PDF. Raises Refused.

    One that is locked with an empty password, against printing and copying, opens for any reader, and so for us.
    """
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise Refused(Problem.ENCRYPTED)
        pages = len(reader.pages)
    except (Refused, MemoryError):
        raise
    except LimitReachedError as error:
        raise Refused(Problem.BOMB) from error
    except Exception as error:  # of a broken file pypdf raises whatever came up while it was taken apart
        raise Refused(Problem.BROKEN) from error
    return _read(reader, min(pages, PAGES), Problem.CUT if pages > PAGES else "")


def _read(reader: PdfReader, pages: int, problem: str) -> Extracted:
    found, end, failed = Gathered(), time.monotonic() + SECONDS, ""
    for number in range(pages):
        if found.is_full or time.monotonic() > end:
            problem = Problem.CUT if found.is_full else Problem.TOO_SLOW
            break
        try:
            for line in reader.pages[number].extract_text().splitlines():
                found.add(line)
        except MemoryError:
            raise
        except LimitReachedError:
            failed = Problem.BOMB
        except Exception:  # one bad page, as above; the others may be good
            failed = failed or Problem.BROKEN
    return finished(found.lines, problem or failed)
