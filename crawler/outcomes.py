"""The names of what a request can come to. Each is counted by its name; nothing is absorbed in silence."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What one address turned out to be."""

    NEW = "new"  # an article, stored for the first time
    CHANGED = "changed"  # an article whose title, lead or body is another than before
    UNCHANGED = "unchanged"  # an article, as it was
    FILE = "file"  # an attached file, kept
    TOO_LARGE = "too_large"  # more than a page or a file may have, packed or unpacked; a file is not asked for again
    NOT_FILE = "not_file"  # a page where a file should be
    LISTING = "listing"  # a page of links: home, section, tag
    SITEMAP = "sitemap"
    FEED = "feed"
    WITHDRAWN = "withdrawn"  # an article that was not there on two nights: the portal has taken it down
    NOT_FOUND = "not_found"  # 404 or 410
    SOFT_404 = "soft_404"  # says "not found" under another status
    LOGIN_ONLY = "login_only"  # answers, but only members may read it
    DRAFT = "draft"  # says that it is not published yet
    FUTURE_DATED = "future_dated"  # listed, but to be published later
    EXTERNAL_REDIRECT = "external_redirect"  # leads to another host
    MOVED = "moved"  # an article's address that leads to a listing or the home page
    REDIRECT = "redirect"  # leads to another address of the portal, which is asked in its own right
    COPY = "copy"  # another address of an article that is known already: another section's, the one for the printer
    NOT_ARTICLE = "not_article"  # a page without article: a form, a law, a contact page
    HELD = "held"  # may be an article: kept until the portal's layout is known
    MISFIT = (
        "misfit"  # an article that does not fit its portal's layout: read by the fallback and marked, or kept unread
    )
    UNREADABLE = "unreadable"  # says that it is an article, and its text could not be found
    READER_ERROR = "reader_error"  # our own reader failed on it: a bug, shown with its traceback
    TRUNCATED = "truncated"  # broke off before its end; tried again
    FLOOD = "flood"  # the portal's flood blocker; tried again later
    CHALLENGE = "challenge"  # a page that wants to see a browser: a firewall's, a wall of cookies; tried again
    PARKED = "parked"  # the portal is not there any more: its name is for sale, suspended, or it says where it went
    FORBIDDEN = "forbidden"  # robots.txt forbids it
    CLOSED = "closed"  # robots.txt forbids the portal's own address: obeyed, and counted once a run
    ROBOTS_UNREACHABLE = "robots_unreachable"  # nobody can say what robots.txt allows, so nothing is asked; tried again
    FOREIGN_HOST = "foreign_host"  # no registered host of the portal
    PRIVATE_ADDRESS = "private_address"  # a public name that leads to this machine or its network: never connected to
    REDIRECT_LOOP = "redirect_loop"  # leads in circles; tried again, and at last left until the next run
    NOT_PAGE = "not_page"  # a picture, a PDF or other bytes where a page should be, whatever its header says
    TLS_ERROR = "tls_error"  # no encrypted connection; tried again
    PROXY_ERROR = "proxy_error"  # the row's proxy does not answer or refuses; tried again
    HTTP_ERROR = "http_error"  # another status; tried again
    NETWORK_ERROR = "network_error"  # no answer; tried again
    CLOCK_SET_BACK = "clock_set_back"  # no page: the archive has seen a later time than that of this run
    LEFT = "left"  # not asked any more in this run: the portal is sick
    TOO_MANY_ERRORS = "too_many_errors"  # ... or more requests failed than a portal may have of them (PORTAL_ERRORS)
    OUT_OF_TIME = "out_of_time"  # not asked in this run: its time, or the whole run's, was up; the next one goes on
    OUT_OF_PAGES = "out_of_pages"  # ... or its budget of requests was spent (PORTAL_PAGES)


ARTICLES = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED})

# What stands where an article was, and means that the portal has taken it down when it does so on two nights.
ABSENT = frozenset({Outcome.NOT_FOUND, Outcome.SOFT_404, Outcome.MOVED, Outcome.LOGIN_ONLY, Outcome.DRAFT})

# What will not be an article tomorrow. All else may be: it is listed before it is out, or our reader is mended.
LASTING = frozenset(
    {
        Outcome.FORBIDDEN,
        Outcome.EXTERNAL_REDIRECT,
        Outcome.LOGIN_ONLY,
        Outcome.NOT_ARTICLE,
        Outcome.FOREIGN_HOST,
        Outcome.TOO_LARGE,
        Outcome.NOT_PAGE,
    }
)

# What no request is sent for.
UNSENT = frozenset({Outcome.FORBIDDEN, Outcome.FOREIGN_HOST, Outcome.PRIVATE_ADDRESS, Outcome.ROBOTS_UNREACHABLE})

# What is worth another try in the same run.
PASSING = frozenset(
    {
        *(Outcome.TRUNCATED, Outcome.FLOOD, Outcome.HTTP_ERROR, Outcome.NETWORK_ERROR),
        *(Outcome.CHALLENGE, Outcome.PARKED),
        *(Outcome.TLS_ERROR, Outcome.PROXY_ERROR, Outcome.PRIVATE_ADDRESS),
        *(Outcome.REDIRECT_LOOP, Outcome.ROBOTS_UNREACHABLE),
    }
)
