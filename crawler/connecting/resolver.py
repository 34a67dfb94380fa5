"""Names to addresses: a name out in the world never leads to this machine or its network.

What is checked is the very address that the connection is then made to: Twisted connects to what this resolver gives.
So a name that is public today and points to 127.0.0.1 tomorrow (DNS rebinding) finds no gap, and neither do the other
spellings of an address (http://2130706433/, http://0x7f.1/): they are names to us, and resolve to what they mean.
"""

from __future__ import annotations

import ipaddress

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

OWN_NAMES = frozenset({"localhost"})  # of this machine, by their very meaning
trusted: set[str] = set()  # hosts of proxies: the operator's own choice, wherever they stand
refused: dict[str, str] = {}  # the names of this process that led to a private address -> that address


class PrivateAddress(DNSLookupError):
    """A name that stands for an address of this machine or its network, and is not one of this machine's own."""


class PublicAddresses(CachingThreadedResolver):
    """Scrapy's resolver with a check of each answer, remembered ones included."""

    def getHostByName(self, name: str, timeout: object = ()) -> Deferred[str]:
        """Called by Twisted: the address of a name, as text. Fails with PrivateAddress, or with DNSLookupError."""
        found: Deferred[str] = super().getHostByName(name)
        return found.addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        name = name.lower()
        # An address that is written as one was named by the registry itself: RegisteredHosts lets no other pass.
        if name == address or name in OWN_NAMES or name in trusted or is_public(address):
            return address
        refused[name] = address
        raise PrivateAddress(f"{name} leads to {address}")


def is_public(address: str) -> bool:
    """Whether an address is one of the world's: neither loopback, private, link-local, multicast nor reserved."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_global and not found.is_multicast
