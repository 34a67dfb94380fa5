"""TLS as provincial portals speak it: every certificate is accepted, and what is wrong with it is noticed by name.

What we read is public, and a certificate that ran out in a district office must not cost the archive its articles.
Who asks for a page is told nothing that a stranger in the middle could use; that a text was tampered with on its way
is for the record to show, which is why the verdict is kept beside the host (archive/certificates.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import certifi
from OpenSSL import SSL, crypto
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

GOOD = "good"
# What OpenSSL's numbers mean to a person; any other is "invalid".
WRONG = {
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    19: "unknown_issuer",  # the chain is whole and ends in a root that nobody trusts
    20: "unknown_issuer",
    21: "unknown_issuer",  # OpenSSL says so as well where only the server's own certificate came
    66: "weak_key",
    67: "weak_key",
    68: "weak_signature",
}
INCOMPLETE = "incomplete"  # the server's own certificate came alone: an intermediate is missing, or nobody knows it
WRONG_NAME = "wrong_name"
UNSAFE_LEGACY_RENEGOTIATION = 1 << 18  # OpenSSL's names for what pyOpenSSL has no name for
LEGACY_SERVER_CONNECT = 0x4
HTTPS = 443


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a host showed. `verdict`: "good", or what is wrong in words of WRONG, parted by blanks.

    `protocol`: such as TLSv1.2. `expires`: the last moment of the certificate, in UTC; None where it has none to read.
    """

    host: str
    verdict: str
    protocol: str
    issuer: str
    expires: datetime | None


Notice = Callable[[Certificate], None]


@implementer(IPolicyForHTTPS)
class AcceptAndNotice:
    """The policy of one portal. `is_legacy`: also TLS 1.0, short keys and renegotiation of the old kind."""

    def __init__(self, is_legacy: bool, notice: Notice) -> None:
        self.context = _context(is_legacy)
        self.notice = notice

    def creatorForNetloc(self, hostname: bytes, port: int) -> _Connections:
        """Called by Twisted for each new connection."""
        return _Connections(self, hostname.decode("ascii"), port)


@implementer(IOpenSSLClientConnectionCreator)
class _Connections:
    def __init__(self, policy: AcceptAndNotice, hostname: str, port: int) -> None:
        self.policy = policy
        self.hostname = hostname
        self.port = port

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """Called by Twisted when the connection stands and the handshake is to begin."""
        connection = SSL.Connection(self.policy.context, None)
        is_address = isIPAddress(self.hostname) or isIPv6Address(self.hostname)
        if not is_address:
            connection.set_tlsext_host_name(self.hostname.encode("ascii"))
        seen = _Seen(connection, self.hostname, self.port, is_address, self.policy.notice)
        connection.set_verify(SSL.VERIFY_PEER, seen.look)
        return connection


class _Seen:
    """What one handshake shows. OpenSSL asks once a certificate and error; all within one call of its own."""

    def __init__(self, connection: SSL.Connection, host: str, port: int, is_address: bool, notice: Notice) -> None:
        self.connection = connection
        self.host = host
        self.port = port
        self.service = IPAddress_ID(host) if is_address else DNS_ID(host)
        self.notice = notice
        self.wrong: set[str] = set()
        self.leaf: crypto.X509 | None = None

    def look(self, _: SSL.Connection, certificate: crypto.X509, error: int, depth: int, ok: int) -> bool:
        """Accepts all; an exception in here would be lost in OpenSSL, so nothing that may raise stands here."""
        if error:
            self.wrong.add(WRONG.get(error, "invalid"))
        if depth == 0 and self.leaf is None:
            from twisted.internet import reactor  # not before Scrapy has chosen one

            self.leaf = certificate
            # When the handshake is through, the version is known too.
            reactor.callLater(0, self.tell)  # type: ignore[arg-type,unused-ignore]
        return True

    def tell(self) -> None:
        """Hand on what was seen."""
        assert self.leaf is not None
        if not self._bears_the_name():
            self.wrong.add(WRONG_NAME)
        chain = self.connection.get_peer_cert_chain() or []
        if len(chain) == 1 and "unknown_issuer" in self.wrong:
            self.wrong = self.wrong - {"unknown_issuer"} | {INCOMPLETE}
        host = self.host if self.port == HTTPS else f"{self.host}:{self.port}"
        verdict = " ".join(sorted(self.wrong)) or GOOD
        protocol = self.connection.get_protocol_version_name()
        self.notice(Certificate(host, verdict, protocol, _issuer(self.leaf), _expires(self.leaf)))

    def _bears_the_name(self) -> bool:
        assert self.leaf is not None
        try:
            verify_service_identity(extract_patterns(self.leaf), [self.service], [])
        except (CertificateError, VerificationError, ValueError):  # ValueError: a certificate that breaks its own rules
            return False
        return True


@cache  # one for all portals of a run: the roots alone are a megabyte and thirty milliseconds
def _context(is_legacy: bool) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_options(SSL.OP_ALL | SSL.OP_NO_COMPRESSION | LEGACY_SERVER_CONNECT)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.load_verify_locations(certifi.where())
    context.set_default_verify_paths()  # and what the operator's machine trusts, or SSL_CERT_FILE names
    context.set_min_proto_version(SSL.TLS1_VERSION if is_legacy else SSL.TLS1_2_VERSION)
    if is_legacy:
        context.set_options(UNSAFE_LEGACY_RENEGOTIATION)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
    return context


def _issuer(certificate: crypto.X509) -> str:
    name = certificate.get_issuer()
    return name.O or name.CN or ""


def _expires(certificate: crypto.X509) -> datetime | None:
    try:
        return datetime.strptime((certificate.get_notAfter() or b"").decode("ascii"), "%Y%m%d%H%M%SZ").replace(
            tzinfo=UTC
        )
    except ValueError:
        return None
