"""Scrapy settings: polite defaults, stated outright. Each name of our own is also an environment variable."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent

BOT_NAME = "dan-van-archive"
SPIDER_MODULES: list[str] = []  # one spider a portal, made from the registry: see commands/nightly.py
COMMANDS_MODULE = "crawler.commands"

# Our own. README.md, "Settings", says what each is for.
PORTALS_FILE = os.environ.get("PORTALS_FILE", str(HERE / "portals.toml"))
DATA_DIR = os.environ.get("DATA_DIR", "data")
CONTACT = os.environ.get("CONTACT", "")
ROTATION = os.environ.get("ROTATION", "20")
HEARTBEAT_URL = os.environ.get("HEARTBEAT_URL", "")
NOTIFY_URLS = os.environ.get("NOTIFY_URLS", "")
REPORT_LANGUAGE = os.environ.get("REPORT_LANGUAGE", "")
ARCHIVE_NOW = os.environ.get("ARCHIVE_NOW", "")
REPORTS_DAYS = os.environ.get("REPORTS_DAYS", "")
LOG_JSON = os.environ.get("LOG_JSON", "") not in ("", "0")

# What a run may spend; see crawler/common.py. A night ends before the next begins.
NIGHT_HOURS = os.environ.get("NIGHT_HOURS", "20")
PORTAL_HOURS = os.environ.get("PORTAL_HOURS", "8")
PORTAL_PAGES = os.environ.get("PORTAL_PAGES", "12000")
PORTAL_ERRORS = os.environ.get("PORTAL_ERRORS", "500")
RETURN_AFTER = os.environ.get("RETURN_AFTER", "300")

# One request at a time a host, by crawler/pace.py; Scrapy's own slots are each crawler's, and lenient at small delays.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0  # half of 2.2 s would be under the flood guard's limit
DOWNLOAD_DELAY = 2.2
AUTOTHROTTLE_ENABLED = True  # slower where the server is slow; never quicker than the delay
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "DanVanArchive"

# Without cookies every request of ours would count as a visitor in the portal's public statistics.
COOKIES_ENABLED = True

# A small state server is slow, not dead; and no page of text is larger than this.
DOWNLOAD_TIMEOUT = float(os.environ.get("DOWNLOAD_TIMEOUT", "45"))  # seconds, from the connection to the last byte
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0

# Redirects, retries and refreshes are decided by the spider, which knows the portal's hosts and its frontier.
RETRY_ENABLED = False
METAREFRESH_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.connecting.handler.Handler",
    "https": "crawler.connecting.handler.Handler",
    **dict.fromkeys(("file", "ftp", "data", "s3")),
}
TWISTED_DNS_RESOLVER = "crawler.connecting.resolver.PublicAddresses"

# Ours in the places of Scrapy's own; crawler/middlewares/ says why.
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.hosts.RegisteredHosts": 50,
    "crawler.middlewares.proxying.PortalProxy": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.HeedRobots": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.unpacking.Unpacking": 590,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.cookies.OfflineCookies": 700,
    "crawler.pace.HostPace": 990,  # the last before the network: what it lets through goes out
}

# On by default and not wanted, so that they are not even loaded: a console and a server that execute code, statistics,
# exports.
_UNWANTED = (
    "telnet.TelnetConsole",
    "remote_control.RemoteControl",
    "feedexport.FeedExporter",
    "memdebug.MemoryDebugger",
    "logstats.LogStats",
)
EXTENSIONS = {f"scrapy.extensions.{name}": None for name in _UNWANTED}
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
