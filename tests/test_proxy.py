"""A portal that answers only from inside the country is asked through its row's proxy, whose password nobody sees."""

from __future__ import annotations

import base64
import select
import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.portals import Portal, RegistryError, load
from tests.certificates import Authority, sign
from tests.loopback import Nightly, SickPortal, free_port

PASSWORD = "m4t-khau-bi-mat"
FAR = ("127.0.0.1", 1)  # where nothing listens: only the proxy leads anywhere from there


def healthy(path: str, n: int) -> None:
    return None


class Proxy:
    """A small real proxy: GET with a whole address, CONNECT, and Basic authorization."""

    def __init__(self, leads_to: tuple[str, int], user: str = "dan-van") -> None:
        self.leads_to = leads_to
        self.wanted = b"Basic " + base64.b64encode(f"{user}:{PASSWORD}".encode())
        self.asked: list[str] = []
        self.leaked = False  # whether the portal was told what is for the proxy alone
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            while head := self._head(client):
                first, _, rest = head.partition(b"\r\n")
                method, target, _ = first.decode().split(" ")
                self.asked.append(f"{method} {target}")
                lines = rest.split(b"\r\n")
                kept = [line for line in lines if not line.lower().startswith(b"proxy-")]
                if not any(line.partition(b": ")[2] == self.wanted for line in lines):
                    client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                    continue
                with socket.create_connection(self.leads_to) as portal:
                    if method == "CONNECT":
                        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    else:
                        path = urlsplit(target).path or "/"
                        kept = [line for line in kept if not line.lower().startswith(b"connection:")]
                        start = f"{method} {path} HTTP/1.1\r\nConnection: close".encode()
                        portal.sendall(b"\r\n".join([start, *kept]))
                    self._carry(client, portal)
                return

    def _head(self, client: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = client.recv(4096)
            if not piece:
                return b""
            data += piece
        return data

    def _carry(self, client: socket.socket, portal: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([client, portal], [], [])
            for one in ready:
                piece = one.recv(65536)
                if not piece:
                    return
                self.leaked = self.leaked or (one is client and PASSWORD.encode() in piece)
                (portal if one is client else client).sendall(piece)

    @property
    def address(self) -> str:
        return f"http://dan-van:{PASSWORD}@127.0.0.1:{self.port}"


class Night:
    """One run: http and https through the proxy, a wrong password for both, and a proxy that is not there."""

    def __init__(self, folder: Path) -> None:
        tls = Authority(folder).context(sign("trong nước"))
        self.plain, self.secret = SickPortal(healthy, articles=2), SickPortal(healthy, articles=2, tls=tls)
        self.to_plain, self.to_secret = Proxy(("127.0.0.1", self.plain.port)), Proxy(("127.0.0.1", self.secret.port))
        wrong = self.to_plain.address.replace("dan-van:", "nguoi-la:")
        gone = f"http://dan-van:{PASSWORD}@127.0.0.1:{free_port()}"
        self.nightly = Nightly(folder)
        far = f"{FAR[0]}:{FAR[1]}"
        rows = {
            "plain": (f"http://{far}/", self.to_plain.address),
            "secret": (f"https://{far}/", self.to_secret.address),
            "wrong": (f"http://{far}/", wrong),
            "wrong_secret": (f"https://{far}/", wrong),
            "gone": (f"http://{far}/", gone),
        }
        for key, (url, proxy) in rows.items():
            self.nightly.register(key, url=url, proxy=proxy, group=key)
        with self.plain, self.secret:
            self.ended = self.nightly.run("-s", "LOG_LEVEL=DEBUG")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("proxy"))


def test_a_portal_is_read_through_its_proxy_by_http_and_https(night: Night) -> None:
    archived = night.nightly.archived
    assert archived.numbers("plain") == night.plain.numbers and archived.numbers("secret") == night.secret.numbers
    assert "GET http://127.0.0.1:1/robots.txt" in night.to_plain.asked
    assert set(night.to_secret.asked) == {"CONNECT 127.0.0.1:1"}
    assert archived.rows("select verdict from certificates where portal = 'secret'") == [("self_signed",)]


@pytest.mark.parametrize("key", ["wrong", "wrong_secret", "gone"])
def test_a_proxy_that_refuses_or_is_not_there_is_named(night: Night, key: str) -> None:
    outcomes = night.nightly.archived.outcomes(key)
    assert outcomes["proxy_error"] >= 1 and night.nightly.archived.numbers(key) == []
    assert night.ended.returncode == 1 and "Traceback" not in night.ended.stderr


def test_user_and_password_are_in_no_log_no_error_and_no_file_of_the_archive(night: Night) -> None:
    assert "the proxy 127.0.0.1:" in night.ended.stderr  # errors name the proxy, by its host alone
    secrets = [PASSWORD, base64.b64encode(f"dan-van:{PASSWORD}".encode()).decode()]
    files = [path.read_bytes() for path in night.nightly.data.rglob("*") if path.is_file()]
    assert files
    for secret in secrets:
        assert secret not in night.ended.stdout + night.ended.stderr
        assert not any(secret.encode() in content for content in files)
    assert not night.to_plain.leaked and not night.to_secret.leaked


# ---------------------------------------------------------------- in the registry

ROW = '[a]\nname = "A"\nurl = "https://danvan.example/"\n'


@pytest.mark.parametrize(
    "proxy",
    ["127.0.0.1:3128", "socks5://10.0.0.1:1080", "https://10.0.0.1:3128", "http://10.0.0.1", "http://:3128",
     "http://10.0.0.1:3128/duong", "http://10.0.0.1:x", "http://10.0.0.1:3128 "],
)  # fmt: skip
def test_a_proxy_that_is_none_is_refused_without_being_shown(tmp_path: Path, proxy: str) -> None:
    path = tmp_path / "portals.toml"
    secret = proxy.replace("10.0.0.1", f"ten:{PASSWORD}@10.0.0.1")
    path.write_text(f'{ROW}proxy = "{secret}"\n', encoding="utf-8")
    with pytest.raises(RegistryError) as refused:
        load(path)
    assert "line 4" in str(refused.value) and "http://user:password@host:port" in str(refused.value)
    assert PASSWORD not in str(refused.value)


def test_a_proxy_of_the_wrong_type_is_not_shown_either(tmp_path: Path) -> None:
    path = tmp_path / "portals.toml"
    path.write_text(f'{ROW}proxy = ["http://ten:{PASSWORD}@10.0.0.1:3128"]\n', encoding="utf-8")
    with pytest.raises(RegistryError) as refused:
        load(path)
    assert "[a.proxy] must be str" in str(refused.value) and PASSWORD not in str(refused.value)


def test_a_row_shown_for_a_person_hides_its_proxy(tmp_path: Path) -> None:
    row = Portal(key="a", name="A", url="https://danvan.example/", proxy=f"http://ten:{PASSWORD}@10.0.0.1:3128")
    assert PASSWORD not in repr(row) and PASSWORD not in str(row.record())


def test_tls_is_legacy_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "portals.toml"
    path.write_text(f'{ROW}tls = "1.0"\n', encoding="utf-8")
    with pytest.raises(RegistryError, match=r"line 4: \[a.tls\] '1.0' is unknown"):
        load(path)
    path.write_text(f'{ROW}tls = "legacy"\n', encoding="utf-8")
    assert load(path)["a"].tls == "legacy"
