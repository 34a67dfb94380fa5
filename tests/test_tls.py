"""Encrypted connections as provincial servers make them: accepted whatever they show, and what is wrong is kept."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

import pytest

from tests.certificates import DAY, NOW, Authority, Signed, short_key, sign
from tests.loopback import Nightly, SickPortal


def healthy(path: str, n: int) -> None:
    return None


def chains(ca: Authority) -> dict[str, tuple[Signed, ...]]:
    """By its verdict, what a server shows."""
    root, middle = ca.root, ca.middle
    expired = {"start": NOW - 30 * DAY, "end": NOW - 2 * DAY}
    return {
        "good": (sign("tốt", middle), middle),
        "expired": (sign("hết hạn", middle, **expired), middle),  # type: ignore[arg-type]
        "not_yet_valid": (sign("chưa đến ngày", middle, start=NOW + DAY), middle),
        "wrong_name": (sign("tên khác", middle, hosts=("danvan.example", "10.1.2.3")), middle),
        "self_signed": (sign("tự ký"),),
        "unknown_issuer": (sign("người lạ", ca.stranger), ca.stranger),
        "incomplete": (sign("thiếu trung gian", middle),),
        "expired self_signed wrong_name": (sign("hỏng cả", hosts=("cu.example",), **expired),),  # type: ignore[arg-type]
        "weak_key": (sign("khóa ngắn", root, key=short_key()),),
    }


class Night:
    """One run over a portal for each kind of certificate, and a second one after one of them was mended."""

    def __init__(self, folder: Path) -> None:
        self.ca = Authority(folder)
        self.nightly = Nightly(folder, {"SSL_CERT_FILE": self.ca.trusted})
        self.chains = chains(self.ca)
        self.portals = {
            verdict: SickPortal(healthy, articles=2, tls=self.ca.context(*chain, ciphers="ALL:@SECLEVEL=0"))
            for verdict, chain in self.chains.items()
        }
        for portal in self.portals.values():
            portal.__enter__()
        for verdict, portal in self.portals.items():
            self.nightly.register(verdict.replace(" ", "_"), url=portal.url)
        self.ended = self.nightly.run()
        self.shown = self.rows()
        self.again = self.nightly.run()
        self.shown_again = self.rows()
        for portal in self.portals.values():
            portal.__exit__()

    def rows(self) -> dict[str, tuple[str, ...]]:
        sql = "select portal, host, verdict, protocol, issuer, expires, noticed, seen from certificates"
        return {portal: rest for portal, *rest in self.nightly.archived.rows(sql)}  # type: ignore[misc]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("tls"))


def test_every_certificate_is_accepted_and_its_articles_are_kept(night: Night) -> None:
    assert night.ended.returncode == 0, night.ended.stderr
    assert "Traceback" not in night.ended.stderr
    for verdict, portal in night.portals.items():
        assert night.nightly.archived.numbers(verdict.replace(" ", "_")) == portal.numbers


def test_what_is_wrong_is_kept_by_its_name_beside_the_host(night: Night) -> None:
    assert {key: row[1] for key, row in night.shown.items()} == {
        verdict.replace(" ", "_"): verdict for verdict in night.portals
    }
    for verdict, portal in night.portals.items():
        host, _, protocol, *_ = night.shown[verdict.replace(" ", "_")]
        assert host == f"127.0.0.1:{portal.port}" and protocol == "TLSv1.3"


def test_issuer_and_last_day_are_those_of_the_certificate(night: Night) -> None:
    _, _, _, issuer, expires, noticed, seen = night.shown["good"]
    assert issuer == "Trung gian thử nghiệm" and noticed == seen
    assert expires[:10] >= f"{NOW + 29 * DAY:%Y-%m-%d}" and expires.endswith("+07:00")


def test_a_wrong_certificate_is_said_once_and_not_each_night(night: Night) -> None:
    lines = [line for line in night.ended.stderr.splitlines() if "the certificate of" in line]
    assert len(lines) == len(night.portals) - 1
    assert any(line.endswith("expired self_signed wrong_name") for line in lines)
    assert "the certificate of" not in night.again.stderr
    assert {key: row[5] for key, row in night.shown_again.items()} == {key: row[5] for key, row in night.shown.items()}


# ---------------------------------------------------------------- servers of another age


def tls_1_0(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1


def small_dh(context: ssl.SSLContext) -> None:
    """Diffie-Hellman over 1,024 bits, which browsers refuse since Logjam."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE-RSA-AES128-SHA:@SECLEVEL=0")
    context.load_dh_params(Path(__file__).parent / "dh1024.pem")


@pytest.mark.parametrize("age", [tls_1_0, small_dh])
def test_an_old_server_is_read_where_its_row_says_so_and_named_where_not(tmp_path: Path, age: object) -> None:
    ca = Authority(tmp_path)
    context = ca.context(sign("máy cũ", key=short_key()), ciphers="ALL:@SECLEVEL=0")
    assert callable(age)
    age(context)
    with SickPortal(healthy, articles=2, tls=context) as portal, SickPortal(healthy, articles=2, tls=context) as same:
        nightly = Nightly(tmp_path).register("legacy", url=portal.url, tls="legacy").register("modern", url=same.url)
        ended = nightly.run()
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert nightly.archived.numbers("legacy") == portal.numbers
    assert nightly.archived.numbers("modern") == [] and nightly.archived.outcomes("modern")["tls_error"] >= 1
    assert 'tls = "legacy"' in ended.stderr
    shown = nightly.archived.rows("select portal, verdict, protocol from certificates")
    protocol = "TLSv1" if age is tls_1_0 else "TLSv1.2"
    assert shown == [("legacy", "self_signed", protocol)]
