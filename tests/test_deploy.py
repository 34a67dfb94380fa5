"""The files for a server are ones that nginx and systemd take, and what readers search for is in no log of theirs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[1] / "deploy"
NGINX, SYSTEMD = shutil.which("nginx", path="/usr/sbin:/usr/bin"), shutil.which("systemd-analyze")
CERTIFICATE = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=archive.example"


@pytest.mark.skipif(not NGINX or not shutil.which("openssl"), reason="no nginx or no openssl here")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    pem = [tmp_path / "cert.pem", tmp_path / "key.pem"]
    subprocess.run([*CERTIFICATE.split(), "-out", pem[0], "-keyout", pem[1]], check=True, capture_output=True)
    text = (DEPLOY / "nginx" / "dan-van.conf").read_text("utf-8")
    for old, new in (
        ("/etc/letsencrypt/live/archive.example/fullchain.pem", pem[0]),
        ("/etc/letsencrypt/live/archive.example/privkey.pem", pem[1]),
        ("/etc/nginx/dan-van-download.inc", DEPLOY / "nginx" / "dan-van-download.inc"),
        ("/var/cache/nginx", tmp_path),
        ("/var/log/nginx", tmp_path),
    ):
        assert old in text
        text = text.replace(old, str(new))
    text = re.sub(r"listen \[::\].*", "", text)
    text = re.sub(r"listen (80|443)", "listen 127.0.0.1:18126", text).replace("18126;", "18127;")
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n", "utf-8")
    command = [str(NGINX), "-t", "-q", "-c", str(whole), "-g", f"error_log {tmp_path}/e.log;"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_log_of_nginx_has_a_query_or_a_reader_in_it() -> None:
    text = (DEPLOY / "nginx" / "dan-van.conf").read_text("utf-8")
    (line,) = re.findall(r"log_format without_queries (.*);", text)
    assert "$uri" in line
    for variable in ("request ", "request'", "request_uri", "args", "query_string", "http_referer", "remote_addr"):
        assert f"${variable}" not in line, variable
    logs = re.findall(r"access_log ([^;]+);", text)
    assert set(logs) == {"off", "/var/log/nginx/dan-van.log without_queries"}
    assert re.findall(r"error_log \S+ (\w+);", text) == ["crit"]


@pytest.mark.skipif(not SYSTEMD, reason="no systemd-analyze here")
def test_systemd_takes_its_units(tmp_path: Path) -> None:
    units = []
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        text = unit.read_text("utf-8").replace("/srv/dan-van/.venv/bin/python", "/usr/bin/env")
        units.append(tmp_path / unit.name)
        units[-1].write_text(text, "utf-8")
    command = [str(SYSTEMD), "verify", "--man=no", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "dan-van" in line]
    assert ours == [], done.stderr


def test_the_site_may_write_nothing() -> None:
    unit = (DEPLOY / "systemd" / "dan-van.service").read_text("utf-8")
    assert "ProtectSystem=strict" in unit and "DynamicUser=yes" in unit and "ReadWritePaths" not in unit
