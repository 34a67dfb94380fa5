"""The registry: five lines a portal, and a mistake in it is named before anything is asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import crawler
from crawler.portals import Portal, RegistryError, load

SHIPPED = Path(crawler.__file__).parent
GOOD = """
[song_lam]
name = "Ban Dân vận Tỉnh ủy Sông Lam"
url = "https://danvan.example/"
cms = "nukeviet"
province = "Sông Lam"
"""


def registry(folder: Path, text: str) -> Path:
    path = folder / "portals.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    path = registry(folder, text)
    with pytest.raises(RegistryError) as refused:
        load(path)
    message = str(refused.value)
    assert str(path) in message and len(message.splitlines()) == 1
    return message


def portal(url: str, **rest: object) -> Portal:
    return Portal(key="a", name="A", url=url, cms="nukeviet", province="P", **rest)  # type: ignore[arg-type]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


# ---------------------------------------------------------------- what is right


@pytest.mark.parametrize("path", ["portals.toml", "demo/portals.toml"])
def test_the_shipped_registries_are_right(path: str) -> None:
    portals = load(SHIPPED / path)
    assert portals and all(key == row.key for key, row in portals.items())
    assert len({row.url for row in portals.values()}) == len(portals)


def test_five_lines_are_a_portal(tmp_path: Path) -> None:
    row = load(registry(tmp_path, GOOD))["song_lam"]
    assert (row.name, row.province) == ("Ban Dân vận Tỉnh ủy Sông Lam", "Sông Lam")
    assert (row.keep, row.enabled, row.verified, row.delay) == ("all", True, False, None)


def test_everything_that_a_row_may_say(tmp_path: Path) -> None:
    more = """keep = "dan-van"
sections = ["/vi/news/Dan-van-kheo/"]
deny = ["/vi/laws/"]
hosts = ["Cu.danvan.example"]
group = "sông"
delay = 3
select = { body = "#content", date = ".time" }
expect = { articles = 100 }
enabled = false
verified = true
note = "đã dời"
succeeds = "nui_tho"
[nui_tho]
name = "Núi Thơ"
url = "http://www.nuitho.example/"
cms = "nukeviet"
province = "Núi Thơ"
"""
    row = load(registry(tmp_path, GOOD + more))["song_lam"]
    assert row.sections == ("/vi/news/Dan-van-kheo/",) and row.deny == ("/vi/laws/",)
    assert row.select["body"] == "#content" and row.expect["articles"] == 100
    assert (row.keep, row.delay, row.enabled, row.succeeds) == ("dan-van", 3, False, "nui_tho")
    assert row.all_hosts == {"danvan.example", "www.danvan.example", "cu.danvan.example"}


def test_portals_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "".join(GOOD.replace("song_lam", key) for key in ("zz", "aa", "mm_2"))
    assert list(load(registry(tmp_path, text))) == ["zz", "aa", "mm_2"]


# ---------------------------------------------------------------- what is wrong


MISTAKES = {
    "an unknown setting": ('sectoins = ["/a/"]', "sectoins"),
    "a wrong address": ('url = "danvan.example"', "url"),
    "an address of another kind": ('url = "ftp://danvan.example/"', "url"),
    "an address without host": ('url = "https:///"', "url"),
    "an address with a query": ('url = "https://danvan.example/?a=b"', "url"),
    "an address that cannot be read": ('url = "http://["', "url"),
    "an address with a wrong port": ('url = "http://danvan.example:port/"', "url"),
    "an unknown CMS": ('cms = "nukeveit"', "cms"),
    "an unknown keep": ('keep = "some"', "keep"),
    "a text for a number": ('delay = "2"', "delay"),
    "a truth for a number": ("delay = true", "delay"),
    "a number for a truth": ("enabled = 1", "enabled"),
    "a text for a list": ('deny = "/vi/laws/"', "deny"),
    "numbers in a list of texts": ("hosts = [1, 2]", "hosts"),
    "a number for a text": ("note = 5", "note"),
    "haste": ("delay = 0.5", "delay"),
    "no delay at all": ("delay = 0", "delay"),
    "a negative delay": ("delay = -1", "delay"),
    "a delay that is no number": ("delay = nan", "delay"),
    "an endless delay": ("delay = inf", "delay"),
    "a forebear that is not there": ('succeeds = "nobody"', "succeeds"),
    "a forebear that is itself": ('succeeds = "song_lam"', "succeeds"),
}


@pytest.mark.parametrize(("line", "setting"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_key_and_line(tmp_path: Path, line: str, setting: str) -> None:
    name = line.split(" = ")[0]
    text = re.sub(rf"^{name} = .*\n", "", GOOD, flags=re.M) + line + "\n"
    message = refusal(tmp_path, text)
    assert f"song_lam.{setting}" in message
    assert f"line {line_of(text, line)}:" in message


def test_a_selector_for_nothing_is_named_with_its_portal(tmp_path: Path) -> None:
    assert "song_lam.bdoy" in refusal(tmp_path, GOOD + 'select = { bdoy = "p" }\n')


@pytest.mark.parametrize("missing", ["name", "url", "cms", "province"])
def test_a_missing_setting_is_named_with_its_portal(tmp_path: Path, missing: str) -> None:
    text = re.sub(rf"^{missing} = .*\n", "", GOOD, flags=re.M)
    message = refusal(tmp_path, text)
    assert f"song_lam.{missing}" in message and f"line {line_of(text, '[song_lam]')}:" in message
    assert f"song_lam.{missing}" in refusal(tmp_path, f'{text}{missing} = " "\n')


@pytest.mark.parametrize("key", ["Song_Lam", "song-lam", "'sông_lam'", "_song"])
def test_a_key_is_plain_ascii(tmp_path: Path, key: str) -> None:
    text = GOOD.replace("song_lam", key)
    message = refusal(tmp_path, text)
    assert key.strip("'") in message and f"line {line_of(text, '[')}:" in message


def test_two_portals_of_one_key_are_an_error_that_names_the_line(tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD + GOOD)
    assert "song_lam" in message and re.search(r"line [89]\b", message)


def test_a_setting_outside_any_portal_is_an_error(tmp_path: Path) -> None:
    assert "line 1" in refusal(tmp_path, 'name = "x"\n' + GOOD)


def test_what_is_no_toml_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    assert "line 7" in refusal(tmp_path, GOOD + "keep = all\n")


def test_the_right_portal_of_several_is_named(tmp_path: Path) -> None:
    text = GOOD + GOOD.replace("song_lam", "nui_tho") + 'kepe = "all"\n'
    message = refusal(tmp_path, text)
    assert "nui_tho.kepe" in message and f"line {line_of(text, 'kepe')}:" in message


def test_a_registry_that_is_not_there_or_no_text_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(RegistryError, match=re.escape(str(path))):
            load(path)
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RegistryError, match=re.escape(str(path))):
        load(path)


# ---------------------------------------------------------------- hosts and pace


@pytest.mark.parametrize("host", ["127.0.0.1:8010", "127.8.9.1", "localhost", "localhost:8010", "[::1]:8010"])
def test_this_machine_may_be_asked_at_any_pace(tmp_path: Path, host: str) -> None:
    assert portal(f"http://{host}/").is_loopback
    text = GOOD.replace("https://danvan.example/", f"http://{host}/") + "delay = 0\n"
    assert load(registry(tmp_path, text))["song_lam"].delay == 0


@pytest.mark.parametrize("host", ["127.0.0.1.example", "localhost.example", "10.0.0.1", "192.168.1.1", "0.0.0.0"])
def test_no_other_machine_is_this_machine(host: str) -> None:
    assert not portal(f"http://{host}/").is_loopback


def test_a_portal_answers_with_and_without_www_and_nowhere_else() -> None:
    assert portal("https://danvan.example/").all_hosts == {"danvan.example", "www.danvan.example"}
    assert portal("https://www.danvan.example/").all_hosts == {"danvan.example", "www.danvan.example"}
    assert "127.0.0.1:8010" in portal("http://127.0.0.1:8010/").all_hosts


def test_portals_of_one_host_share_one_pace() -> None:
    paces = {portal(f"{url}/").pace_group for url in ("https://danvan.example", "http://www.danvan.example")}
    assert len(paces) == 1
    assert portal("https://danvan.example/a/").pace_group == portal("https://DANVAN.example/b/").pace_group
    assert portal("http://127.0.0.1:1/").pace_group != portal("http://127.0.0.1:2/").pace_group
    assert portal("https://a.example/", group="x").pace_group == portal("https://b.example/", group="x").pace_group


def test_default_ports_make_no_other_host() -> None:
    written, plain = portal("https://danvan.example:443/"), portal("https://danvan.example/")
    assert written.pace_group == plain.pace_group
    assert plain.netloc in written.all_hosts
