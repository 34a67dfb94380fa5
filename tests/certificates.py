"""Certificates for servers on loopback: good ones and each kind of broken one, made for one test run."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Signed:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def sign(
    name: str,
    by: Signed | None = None,
    *,
    ca: bool = False,
    hosts: tuple[str, ...] = ("127.0.0.1",),
    start: datetime = NOW - 30 * DAY,
    end: datetime = NOW + 30 * DAY,
    key: Key | None = None,
) -> Signed:
    """A certificate, signed by itself where nobody else does."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer = by or Signed(None, key)  # type: ignore[arg-type]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host) for host in hosts
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Signed(builder.sign(issuer.key, hashes.SHA256()), key)


class Authority:
    """A root, an intermediate that it signed, and a stranger's root that nobody trusts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = sign("Gốc thử nghiệm", ca=True)
        self.middle = sign("Trung gian thử nghiệm", self.root, ca=True)
        self.stranger = sign("Gốc lạ", ca=True)

    @cached_property
    def trusted(self) -> str:
        """The file that SSL_CERT_FILE names."""
        path = self.folder / "root.pem"
        path.write_bytes(self.root.pem())
        return str(path)

    def context(self, *chain: Signed, ciphers: str = "") -> ssl.SSLContext:
        """A server's context that shows these certificates, its own first."""
        own = chain[0]
        path = self.folder / f"{own.certificate.serial_number}.pem"
        private = own.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(b"".join([private, *(one.pem() for one in chain)]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if ciphers:
            context.set_ciphers(ciphers)
        context.load_cert_chain(path)
        return context


def short_key() -> rsa.RSAPrivateKey:
    """As servers of 2008 have it."""
    return rsa.generate_private_key(65537, 1024)
