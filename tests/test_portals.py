"""The registry: a few lines a portal, and a mistake in it is named before anything is asked."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

import crawler
from crawler.cms import FAMILIES
from crawler.common import Limits
from crawler.portals import KEEP, Portal, RegistryError, load
from crawler.urls import netloc

SHIPPED = Path(crawler.__file__).parent
GOOD = """
[song_lam]
name = "Ban Dân vận Tỉnh ủy Sông Lam"
url = "https://danvan.example/"
cms = "nukeviet"
province = "Sông Lam"
"""

# The 63 provinces up to mid 2025, in the order of their official codes.
PROVINCES = (
    "Hà Nội, Hà Giang, Cao Bằng, Bắc Kạn, Tuyên Quang, Lào Cai, Điện Biên, Lai Châu, Sơn La, Yên Bái, Hòa Bình, "
    "Thái Nguyên, Lạng Sơn, Quảng Ninh, Bắc Giang, Phú Thọ, Vĩnh Phúc, Bắc Ninh, Hải Dương, Hải Phòng, Hưng Yên, "
    "Thái Bình, Hà Nam, Nam Định, Ninh Bình, Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình, Quảng Trị, Thừa Thiên Huế, "
    "Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận, Bình Thuận, Kon Tum, Gia Lai, "
    "Đắk Lắk, Đắk Nông, Lâm Đồng, Bình Phước, Tây Ninh, Bình Dương, Đồng Nai, Bà Rịa - Vũng Tàu, TP Hồ Chí Minh, "
    "Long An, Tiền Giang, Bến Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, Cần Thơ, Hậu Giang, "
    "Sóc Trăng, Bạc Liêu, Cà Mau"
).split(", ")


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
    assert len({(row.url, row.sections) for row in portals.values()}) == len(portals)


def test_every_row_of_the_shipped_registry_says_whose_it_is_and_who_reads_it() -> None:
    for key, row in load(SHIPPED / "portals.toml").items():
        assert re.fullmatch(r"[a-z]+(?:_[a-z]+)+", key), key
        assert row.province in (*PROVINCES, "Trung ương"), key
        assert row.cms in FAMILIES and row.keep in KEEP, key
        assert row.enabled or row.note, f"{key}: a row that is switched off says why"
        assert row.name == unicodedata.normalize("NFC", row.name.strip()), key
        assert all(path.startswith("/") and path.isascii() for path in row.sections), key


def test_the_shipped_registry_stands_in_the_order_of_the_provinces() -> None:
    order = ["Trung ương", *PROVINCES]
    met = [order.index(row.province) for row in load(SHIPPED / "portals.toml").values()]
    assert met == sorted(met)


def test_every_article_of_a_board_for_mass_mobilization_or_of_the_front_is_kept() -> None:
    for key, row in load(SHIPPED / "portals.toml").items():
        of_the_matter = key.endswith(("_dan_van", "_mat_tran")) and "giao" not in key
        assert row.keep == ("all" if of_the_matter else "dan-van"), key


def test_shipped_rows_of_one_host_share_one_pace_and_never_run_side_by_side() -> None:
    groups: dict[str, set[str]] = {}
    for row in load(SHIPPED / "portals.toml").values():
        for host in {netloc(row.url), *row.hosts}:
            groups.setdefault(host.removeprefix("www."), set()).add(row.pace_group)
    assert all(len(paces) == 1 for paces in groups.values()), groups
    assert {group for host, (group,) in groups.items() if host.endswith("binhthuan.dcs.vn")} == {"binhthuan.dcs.vn"}


def test_the_portals_that_stood_first_in_the_registry_keep_their_keys() -> None:
    """A key is half of every permalink."""
    assert set(load(SHIPPED / "portals.toml")) >= {
        "binh_phuoc_dan_van",
        "nam_tra_my_mat_tran",
        "thai_nguyen_tuyen_giao",
        "tien_giang_tuyen_giao",
        "ha_tinh_dang_uy_khoi",
        "quang_tri_mat_tran",
    }


def test_a_name_and_an_address_are_a_portal(tmp_path: Path) -> None:
    row = load(registry(tmp_path, '[song_lam]\nname = "Sông Lam"\nurl = "https://danvan.example/"\n'))["song_lam"]
    assert (row.cms, row.province, row.keep, row.enabled) == ("generic", "", "all", True)
    assert row.record()["province"] == ""


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
expect = { new_a_week = 3, lead = 0.9, silent_days = 60, length = 400 }
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
    assert row.select["body"] == "#content" and row.expect == {
        "new_a_week": 3,
        "lead": 0.9,
        "silent_days": 60,
        "length": 400,
    }
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
    "no CMS at all": ('cms = ""', "cms"),
    "a number for a CMS": ("cms = 4", "cms"),
    "a blank for a province": ('province = " "', "province"),
    "a number for a province": ("province = 70", "province"),
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
    "an expectation of nothing": ("expect = { artciles = 100 }", "expect"),
    "a share beyond all": ("expect = { lead = 90 }", "expect"),
    "a negative expectation": ("expect = { new_a_week = -1 }", "expect"),
    "an endless expectation": ("expect = { new_a_week = inf }", "expect"),
    "an expectation that is no number": ("expect = { author = nan }", "expect"),
    "a text for an expectation": ('expect = { lead = "0.9" }', "expect"),
    "a truth for an expectation": ("expect = { image = true }", "expect"),
    "a number for expectations": ("expect = 3", "expect"),
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


@pytest.mark.parametrize("budget", ["{ days = 1 }", "{ hours = 0 }", "{ pages = true }", "{ errors = nan }", "5"])
def test_a_budget_that_is_none_is_named_with_its_portal(tmp_path: Path, budget: str) -> None:
    assert "song_lam.budget" in refusal(tmp_path, GOOD + f"budget = {budget}\n")


def test_a_row_has_a_budget_of_its_own_and_else_the_usual(tmp_path: Path) -> None:
    row = load(registry(tmp_path, GOOD + "budget = { pages = 50, hours = 0.5 }\n"))["song_lam"]
    limits = Limits().of_portal(row.budget)
    assert (limits.portal_pages, limits.portal_hours) == (50, 0.5)
    assert limits.portal_errors == Limits().portal_errors and Limits().of_portal({}) == Limits()


@pytest.mark.parametrize("missing", ["name", "url"])
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
