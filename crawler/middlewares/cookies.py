"""Cookies kept, and no other host asked for what they mean."""

from __future__ import annotations

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# Scrapy's cookies ask for the list of public suffixes over the network at the first cookie of a run. The list
# that comes with tldextract is enough: it only keeps a portal from setting a cookie for all of ".gov.vn".
cookies._split_domain = TLDExtract(include_psl_private_domains=True, suffix_list_urls=(), cache_dir=None)


class OfflineCookies(cookies.CookiesMiddleware):
    """Scrapy's cookies; its name here makes sure that this module, and so the offline list, is loaded."""
