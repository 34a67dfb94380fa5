"""What stands in deploy/ is true: every command, path and file that it names exists, and does what is said of it."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.__main__ import COMMANDS, _parser
from archive.exits import INTERRUPTED, NOT_SENT, PORTAL_FAILED
from archive.site.serve import PORT
from crawler.attached import LIMITS
from crawler.demo.routes import Answer
from tests.loopback import ROOT, Nightly, SickPortal

DEPLOY = ROOT / "deploy"
SYSTEMD = shutil.which("systemd-analyze")


# ---------------------------------------------------------------- what is named exists


SOURCES = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]
TEXTS = [*SOURCES, ROOT / "Makefile", ROOT / "README.md"]


def test_every_command_that_is_named_for_a_server_exists() -> None:
    """Modules run by python -m, commands of scrapy and of python -m archive, targets of make."""
    text = "\n".join(path.read_text("utf-8") for path in TEXTS)
    archive_commands = set(re.findall(r"-m archive ([a-z]+)", text)) | set(re.findall(r'"archive", "([a-z]+)"', text))
    assert {"publish", "serve", "notify", "alert"} <= archive_commands
    assert archive_commands <= set(COMMANDS)
    scrapy_commands = set(re.findall(r"scrapy ([a-z]+)", text))
    assert "nightly" in scrapy_commands
    for name in scrapy_commands:
        assert (ROOT / "crawler" / "commands" / f"{name}.py").is_file(), name
    modules = set(re.findall(r"python -m ([a-z_]+(?:\.[a-z_]+)+)", text))
    assert "crawler.steps" in modules
    for module in modules:
        assert importlib.util.find_spec(module) is not None, module
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"setup", "nightly"} <= set(re.findall(r"(?:`|&& )make ([a-z]+)", text)) <= targets


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_the_makefile_parses_and_its_night_is_the_sequence_of_the_units() -> None:
    done = subprocess.run(
        ["make", "-n", "--no-print-directory", "nightly"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("-m crawler.steps")


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit, each with all its values."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_the_paths_of_the_units_are_those_of_the_readme() -> None:
    readme = (DEPLOY / "README.md").read_text("utf-8")
    for path in (DEPLOY / "systemd").iterdir():
        for word in re.findall(r"(?<![\w.])/(?:srv|etc)/[\w./-]+", path.read_text("utf-8")):
            inside = word.removeprefix("/srv/dan-van")
            known = word in readme or (ROOT / inside.lstrip("/")).exists() or inside.startswith("/.venv/bin/python")
            assert known or (inside == "/data" and "data" in readme), word
    night = unit("dan-van-nightly.service")
    assert night["ExecStart"] == ["/srv/dan-van/.venv/bin/python -m crawler.steps"]
    assert unit("dan-van-nightly.timer")["Persistent"] == ["yes"]
    assert unit("dan-van-nightly.timer")["RandomizedDelaySec"]


def test_a_night_that_is_stopped_has_time_for_what_is_in_flight_and_a_failed_one_tells_somebody() -> None:
    night = unit("dan-van-nightly.service")
    assert night["KillSignal"] == ["SIGTERM"] and night["KillMode"] == ["mixed"]  # one signal, to the sequence alone
    assert night["TimeoutStopSec"] == ["5min"] and LIMITS["download_timeout"] < 5 * 60
    assert night["SuccessExitStatus"] == [f"{PORTAL_FAILED} {NOT_SENT} {INTERRUPTED}"]
    assert night["TimeoutStartSec"] == ["23h"]
    (tells,) = night["OnFailure"]
    template = tells.replace("%n", "")
    assert (DEPLOY / "systemd" / template).is_file()


@pytest.mark.skipif(not SYSTEMD, reason="no systemd-analyze here")
@pytest.mark.parametrize("name", ["dan-van.service", "dan-van-nightly.service", "dan-van-failed@.service"])
def test_the_units_are_hardened(name: str) -> None:
    command = [str(SYSTEMD), "security", "--offline=true", "--threshold=40", str(DEPLOY / "systemd" / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Unknown option" in done.stderr or "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze cannot do it offline")
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr


def cron_line() -> list[str]:
    """The one line of the crontab: five fields of time, the user, the command."""
    text = (DEPLOY / "cron" / "dan-van").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if line and not line.startswith("#") and "=" not in line.split()[0]]
    return line.split(maxsplit=6)


def test_cron_starts_the_sequence_as_the_user_of_the_crawl() -> None:
    *when, user, command = cron_line()
    assert all(re.fullmatch(r"\*|\d+", field) for field in when) and len(when) == 5
    assert user == "dan-van" and "%" not in command  # cron takes a % for the end of the line
    assert subprocess.run(["sh", "-n", "-c", command], check=False).returncode == 0
    assert re.search(r"^MAILTO=\S+$", (DEPLOY / "cron" / "dan-van").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("code", "mailed"), [(0, False), (1, False), (2, True), (75, True)])
def test_cron_mails_the_end_of_the_log_where_a_night_failed_and_says_nothing_else(
    tmp_path: Path, code: int, mailed: bool
) -> None:
    command = cron_line()[-1].replace("/srv/dan-van", str(tmp_path))
    (tmp_path / "data").mkdir()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho \"ran $*\"\necho 'đĩa đầy' >&2\nexit {code}\n", "utf-8")
    python.chmod(0o755)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ran -m crawler.steps\nđĩa đầy\n" if mailed else "", "")
    assert (tmp_path / "data" / "nightly.log").read_text("utf-8") == "ran -m crawler.steps\nđĩa đầy\n"


def test_the_log_that_is_rotated_is_the_one_that_cron_writes() -> None:
    text = (DEPLOY / "logrotate" / "dan-van").read_text("utf-8")
    (log,) = re.findall(r"^(/\S+) \{", text, re.MULTILINE)
    (folder,), (written,) = re.findall(r"cd (\S+) ", cron_line()[-1]), re.findall(r">>(\S+)", cron_line()[-1])
    assert f"{folder}/{written}" == log
    assert "copytruncate" in text and text.count("{") == text.count("}") == 1


@pytest.mark.skipif(not shutil.which("logrotate", path="/usr/sbin:/usr/bin"), reason="no logrotate here")
def test_logrotate_takes_its_file(tmp_path: Path) -> None:
    text = (DEPLOY / "logrotate" / "dan-van").read_text("utf-8").replace("/srv/dan-van/data", str(tmp_path))
    whole = tmp_path / "logrotate.conf"
    whole.write_text(re.sub(r"^\s*su .*$", "", text, flags=re.MULTILINE), "utf-8")
    command = ["/usr/sbin/logrotate", "--debug", "--state", str(tmp_path / "state"), str(whole)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "error" not in done.stderr, done.stderr


# ---------------------------------------------------------------- the container


CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()


def instructions(name: str) -> list[str]:
    """What stands behind each instruction of that name."""
    return [line.split(None, 1)[1] for line in CONTAINER if line.startswith(name)]


def test_every_file_that_the_image_takes_is_there_and_none_that_it_must_not_have() -> None:
    copied = [word for line in instructions("COPY ") for word in line.split()[:-1]]
    assert {"crawler", "archive", "requirements.txt", "constraints.txt", "scrapy.cfg", "metadata.json"} == set(copied)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {".git", ".venv", "data", "alerts.toml"} <= set(ignored) and not set(ignored) & set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name


def test_what_the_image_takes_is_enough_for_a_night_and_for_the_site(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.mkdir()
    for name in (word for line in instructions("COPY ") for word in line.split()[:-1]):
        (image / name).symlink_to(ROOT / name)
    night = Nightly(tmp_path)
    with SickPortal(lambda path, n: None, articles=2) as portal:
        night.register(url=portal.url)
        environment = {**os.environ, "PORTALS_FILE": str(night.registry), "DATA_DIR": str(night.data)}
        command = [sys.executable, "-m", "crawler.steps"]
        done = subprocess.run(command, cwd=image, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code = (
        "import sys; from pathlib import Path; from archive.site.serve import site, METADATA; import archive; "
        "assert METADATA.is_file() and archive.__file__.startswith(sys.argv[2]), archive.__file__; "
        "print(type(site(Path(sys.argv[1]))).__name__)"
    )
    command = [sys.executable, "-c", code, str(night.data), str(image)]
    served = subprocess.run(command, cwd=image, capture_output=True, text=True, check=False)
    assert served.stdout == "Datasette\n", served.stderr


def test_the_image_runs_without_root_with_its_data_in_a_volume_by_commands_that_exist() -> None:
    (base,) = instructions("FROM ")
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", base)
    assert instructions("USER ") == ["dan-van"] and instructions("VOLUME ") == ["/data"]
    assert "DATA_DIR=/data" in instructions("ENV ")[0]
    entry, command = (json.loads(instructions(name)[0]) for name in ("ENTRYPOINT ", "CMD "))
    assert entry == [".venv/bin/python", "-m"] and command[0] == "archive" and command[1] in COMMANDS
    _parser().parse_args(command[1:])  # a wrong option would end the test
    assert importlib.util.find_spec("crawler.steps") is not None


def test_the_health_check_of_the_image_asks_the_page_that_the_site_has() -> None:
    line = next(line for line in CONTAINER if line.startswith("HEALTHCHECK"))
    code = json.loads(line.split(" CMD ", 1)[1])[2]
    assert "127.0.0.1:8001/-/health" in code and str(PORT) == "8001"
    for status, wanted in ((200, 0), (503, 1)):
        with SickPortal(lambda path, n, status=status: Answer(b"{}", "application/json", status)) as site:  # type: ignore[misc]
            asked = code.replace("127.0.0.1:8001", site.origin.removeprefix("http://"))
            done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False)
            assert (done.returncode, site.paths()) == (wanted, ["/-/health"])
