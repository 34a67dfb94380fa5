"""What a probe goes by, piece by piece: signs, names, lists and pagers, and the row's place in the registry."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import crawler
from archive.clock import now, stamp
from crawler.cms import load as load_family
from crawler.page import Page
from crawler.portals import Portal, RegistryError, load
from crawler.probing.doors import newest
from crawler.probing.naming import keep_of, key_of, name_of, province_of, province_of_host
from crawler.probing.recognising import browser_sign, recognise, related, sends_on
from crawler.probing.row import AlreadyRegistered, append, check, registered, toml
from crawler.probing.showing import clean
from crawler.probing.ways import Ways
from tests.family_pages import FIXTURES, Case, cases
from tests.small_sites import link, page

HOST = "https://danvan.example"


def of(html: str, url: str = f"{HOST}/") -> Page:
    return Page(url, html, now())


def ways(cms: str = "generic", url: str = f"{HOST}/") -> Ways:
    row = Portal(key="x", name="x", url=url, cms=cms)
    return Ways(row, load_family(row))


# ---------------------------------------------------------------- which family


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.family}-{case.name}")
def test_every_family_is_recognised_by_its_pages(case: Case) -> None:
    made = recognise([case.page])
    assert made.family == case.family and made.rivals == ()
    assert made.family == "generic" or made.signs


@pytest.mark.parametrize("name", ["home", "egov-plain", "default45-attachments", "v3-modern", "custom-h3-bodytext"])
def test_nukeviet_is_recognised_in_every_edition(name: str) -> None:
    folder = FIXTURES / "nukeviet" / name
    url = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["url"]
    made = recognise([of(gzip.decompress((folder / "page.html.gz").read_bytes()).decode(), url)])
    assert made.family == "nukeviet" and made.edition.startswith("NukeViet") and made.signs
    assert ("eGovernment" in made.edition) == (name in ("home", "egov-plain"))


def test_the_files_of_another_site_tell_nothing_of_this_one() -> None:
    foreign = '<img src="https://bao.example/wp-content/uploads/2024/05/anh.jpg">'
    assert recognise([of(page("Xóm Bưởi", foreign))]).family == "generic"
    assert recognise([of(page("Xóm Bưởi", foreign.replace("bao.example", "tep.danvan.example")))]).family == "wordpress"


def test_the_makers_own_word_counts_more_than_the_look_of_addresses() -> None:
    html = page(
        "Xóm Bưởi",
        link("/bai-so-mot-c12.html", "Một") + '<img src="/ckfinder/userfiles/a.jpg">',
        '<meta name="generator" content="Joomla! - Open Source Content Management">',
    )
    made = recognise([of(html)])
    assert made.family == "joomla" and made.confidence == "sure"
    assert made.rivals == (("hung_yen_c", ("articles -c<id>.html", "/ckfinder/userfiles/")),)


def test_one_sign_alone_is_called_a_guess() -> None:
    assert (
        recognise([of(page("Xóm", '<img src="/ckfinder/userfiles/a.jpg">'))]).confidence == "a guess, by one sign alone"
    )


def test_sister_hosts_are_told_from_strangers() -> None:
    assert related("tep.danvan.example", "danvan.example")
    assert related("cdn.suoingoc.gov.vn", "danvan.suoingoc.gov.vn")
    assert not related("bensong.gov.vn", "suoingoc.gov.vn")
    assert related("127.0.0.1:8010", "127.0.0.1:8010") and not related("127.0.0.1:8011", "127.0.0.1:8010")


WORDS = "<p>Xóm Bưởi có ba mươi nóc nhà, một bến đò và cây gạo nở đỏ mỗi độ tháng ba.</p>" * 6


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ('<div id="root"></div><script src="/static/js/main.1.js"></script>', '<div id="root">'),
        ('<div id="__next"></div><script src="/_next/static/a.js"></script>', '<div id="__next">'),
        ("<app-root></app-root><script src='runtime.js'></script>", "<app-root>"),
        ("<noscript>You need to enable JavaScript</noscript><script src='x.js'></script>", "switch JavaScript on"),
        ("<script src='/x.js'></script>", "nothing but scripts"),
        (f'<div id="root">{WORDS}</div><script src="/static/js/main.1.js"></script>', ""),  # made on the server
        ("<p>Trang đang xây dựng</p>", ""),
    ],
)
def test_a_page_that_scripts_make_is_known_by_its_root(body: str, sign: str) -> None:
    said = browser_sign(of(page("Ban Dân vận", body)))
    assert sign in said if sign else said == ""


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ('<meta http-equiv="REFRESH" content="0;URL=\'/vi/\'">', f"{HOST}/vi/"),
        ('<script>window.location.href = "/Pages/default.aspx";</script>', f"{HOST}/Pages/default.aspx"),
        (f'{WORDS}<script>function doi() {{ location.href = "/khac"; }}</script>', ""),
    ],
)
def test_a_page_that_only_sends_on_says_where(body: str, target: str) -> None:
    assert sends_on(of(page("", body))) == target


# ---------------------------------------------------------------- whose it is


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Trang nhất - Ban Dân vận Tỉnh ủy Bình Phước", "Ban Dân vận Tỉnh ủy Bình Phước"),
        ("BAN DÂN VẬN TỈNH ỦY BÌNH PHƯỚC", "Ban Dân vận Tỉnh ủy Bình Phước"),
        ("Cổng thông tin điện tử Tỉnh uỷ Bà Rịa - Vũng Tàu", "Tỉnh uỷ Bà Rịa - Vũng Tàu"),
        ("Trang chủ | Ủy ban MTTQ Việt Nam tỉnh Hưng Yên", "Ủy ban MTTQ Việt Nam tỉnh Hưng Yên"),
        ("ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM TỈNH ĐẮK LẮK", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Đắk Lắk"),
        ("Trang chủ", ""),
    ],
)
def test_the_name_is_the_organs_without_what_stands_around_it(title: str, name: str) -> None:
    assert name_of(of(page(title, ""))) == name


def test_a_name_that_the_head_does_not_give_is_the_logos() -> None:
    logo = '<div class="logo"><img src="/logo.png" alt="Ban Dân vận Thành ủy Hải Phòng"></div>'
    assert name_of(of(page("Trang chủ", logo))) == "Ban Dân vận Thành ủy Hải Phòng"


@pytest.mark.parametrize(
    ("name", "province", "key", "keep"),
    [
        ("Ban Dân vận Tỉnh ủy Bình Phước", "Bình Phước", "binh_phuoc_dan_van", "all"),
        ("Ủy ban MTTQ Việt Nam tỉnh Hưng Yên", "Hưng Yên", "hung_yen_mat_tran", "all"),
        ("Ban Tuyên giáo và Dân vận Tỉnh ủy Lào Cai", "Lào Cai", "lao_cai_tuyen_giao_dan_van", "dan-van"),
        ("Tỉnh ủy Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu", "ba_ria_vung_tau_tinh_uy", "dan-van"),
        ("Đảng bộ Thành phố Hồ Chí Minh", "TP Hồ Chí Minh", "ho_chi_minh_dang_bo", "dan-van"),
        ("Huyện ủy Phù Cừ", "", "phu_cu_huyen_uy", "dan-van"),
        ("Ban Tuyên giáo Trung ương", "Trung ương", "trung_uong_tuyen_giao", "dan-van"),
        ("Tỉnh uỷ Hoà Bình", "Hòa Bình", "hoa_binh_tinh_uy", "dan-van"),
        ("Ban Dân vận Tỉnh ủy", "", "danvansuoingoc_dan_van", "all"),
        ("Bến Đá", "", "danvansuoingoc_vn", "dan-van"),
    ],
)
def test_province_key_and_what_to_keep_follow_from_the_name(name: str, province: str, key: str, keep: str) -> None:
    assert province_of([name], ()) == province
    assert key_of(name, province, "https://danvansuoingoc.vn/", ()) == key
    assert keep_of(name) == keep


def test_names_of_the_registry_are_made_again() -> None:
    """The rows that people wrote are what the probe would write, province and all, for the boards themselves."""
    rows = [
        row for row in load(Path(crawler.__file__).with_name("portals.toml")).values() if row.key.endswith("_dan_van")
    ]
    boards = [row for row in rows if row.name.startswith("Ban Dân vận Tỉnh ủy")]
    assert boards and [key_of(row.name, row.province, row.url, ()) for row in boards] == [row.key for row in boards]
    assert [province_of([row.name], ()) for row in boards] == [row.province for row in boards]


def test_a_host_names_the_province_where_the_name_does_not() -> None:
    assert province_of_host("https://danvanbinhphuoc.vn/", ()) == "Bình Phước"
    assert province_of_host("https://danvan.example/", ()) == ""


def test_a_key_is_unlike_all_others() -> None:
    taken = {"binh_phuoc_dan_van", "binh_phuoc_dan_van_hai"}
    name = "Ban Dân vận Tỉnh ủy Bình Phước"
    assert key_of(name, "Bình Phước", "https://x.example/", taken) == "binh_phuoc_dan_van_ba"


# ---------------------------------------------------------------- what a listing shows

SLUGS = [f"xom-buoi-dap-lai-bo-ruong-{100 + number}" for number in range(9)]
ITEMS = "".join(f"<li><h3>{link(f'/tin/{slug}.html', 'Xóm Bưởi đắp lại bờ ruộng')}</h3></li>" for slug in SLUGS)
MARGIN = "".join(f"<b>{link(f'/tin/ben-do-doc-bao-cu-{n}.html', 'Bến đò đọc báo cũ')}</b>" for n in range(300, 312))


@pytest.mark.parametrize(
    ("pager", "form", "by_script"),
    [
        (link("/tin/page-2/", "2"), "/page-N", False),
        (link("/tin/page/2", "2"), "/page/N", False),
        (link("/tin/trang-2", "2"), "/trang-N", False),
        (link("/tin?page=2", "2"), "?page=", False),
        (link("/tin?start=10", "2"), "?start=", False),
        (link("/Lists/Tin/TongQuat.aspx?PageIndex=2", "2"), "?PageIndex=", False),
        (link("javascript:__doPostBack('p','2')", "2") + link("javascript:__doPostBack('p','3')", "3"), "", True),
        (link("/tin?page=1", "2"), "?page=", False),  # Drupal counts from 0
        (link("/tin?p_p_id=x&amp;_x_cur=2", "Sau"), "?_x_cur=", False),
        (link("javascript:__doPostBack('dnn$lnkNext','')", "Sau"), "", True),
        ('<a href="#" onclick="xem(2)">2</a><a onclick="xem(3)">»</a>', "", True),
        ('<a href="#dau-trang">Lên đầu trang</a>', "", False),
    ],
)
def test_the_form_of_a_pager_is_named(pager: str, form: str, by_script: bool) -> None:
    html = page("Tin", f"<ul>{ITEMS}</ul><div>{pager}</div>")
    assert ways().paging(of(html, f"{HOST}/tin")) == (form, by_script)


def test_the_articles_of_a_listing_are_told_from_those_in_its_margin() -> None:
    html = page("Tin", f'<ul class="tin">{ITEMS}</ul><div class="le">{MARGIN}</div>')
    here = ways()
    margin = {here.named(url).key for url in here.articles(of(page("", MARGIN))).values()}
    assert here.main_list(of(html, f"{HOST}/tin"), margin) == [f"{HOST}/tin/{slug}.html" for slug in SLUGS]


def test_the_first_item_of_a_listing_may_look_otherwise() -> None:
    first = f'<div class="to"><h2>{link("/tin/bai-dau-trang-nay-99.html", "Bài đầu trang")}</h2><p>{WORDS}</p></div>'
    html = page(
        "Tin", f'<div class="chinh">{first}<ul>{ITEMS}</ul></div><div>{link("/gioi-thieu", "Giới thiệu")}</div>'
    )
    assert len(ways().main_list(of(html, f"{HOST}/tin"), set())) == len(SLUGS) + 1


def test_sections_come_before_static_pages() -> None:
    menu = (
        link("/gioi-thieu", "Giới thiệu") + link("/lien-he", "Liên hệ") + link("/tin", "Tin") + link("/", "Trang chủ")
    )
    assert next(iter(ways().menu(of(page("", menu + ITEMS))).values())) == f"{HOST}/tin"
    assert f"{HOST}/" not in ways().menu(of(page("", menu))).values()


def test_a_sub_site_has_its_own_addresses_only() -> None:
    here = ways(url=f"{HOST}/tinhuybensong/")
    assert here.named(f"{HOST}/tinhuybensong/tin") is not None
    assert here.named(f"{HOST}/khac/tin") is None and here.ours(f"{HOST}/", "https://khac.example/tin") == ""


def test_the_newest_day_is_never_one_to_come() -> None:
    days = ("2024-02-03", "2023-12-30T08:00:00+07:00", stamp(now()).replace("20", "30", 1))
    urls = "".join(f"<url><loc>{HOST}/{n}</loc><lastmod>{day}</lastmod></url>" for n, day in enumerate(days))
    assert newest(f"<urlset>{urls}</urlset>".encode()) == "2024-02-03"
    assert newest(b"<rss><item><pubDate>Mon, 05 Feb 2024 23:30:00 GMT</pubDate></item></rss>") == "2024-02-06"
    assert newest(b"not xml") == newest(b"") == ""


# ---------------------------------------------------------------- the row in the registry

REGISTRY = '# của người quản trị\n[suoi_ngoc]\nname = "Suối Ngọc"\nurl = "https://suoingoc.example/tin/"\n'
VALUES = {
    "name": 'Ban "Dân vận" \\ Suối\u007f Ngọc',
    "url": f"{HOST}/",
    "keep": "all",
    "sections": ["/tin"],
    "delay": 2.5,
}


def test_whatever_a_name_holds_is_read_back_as_it_was() -> None:
    row = check(toml("suoi_ngoc_dan_van", VALUES | {"verified": False, "province": None}))
    assert (row.name, row.sections, row.delay, row.province) == (VALUES["name"], ("/tin",), 2.5, "")


def test_a_row_is_put_behind_the_others_and_nothing_else_is_touched(tmp_path: Path) -> None:
    real, linked = tmp_path / "that.toml", tmp_path / "portals.toml"
    real.write_bytes(REGISTRY.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    linked.symlink_to(real)
    append(linked, "dan_van", toml("dan_van", VALUES))
    assert linked.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert real.read_bytes().startswith(REGISTRY.replace("\n", "\r\n").encode() + b"\n[dan_van]\n")
    assert list(load(linked)) == ["suoi_ngoc", "dan_van"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["portals.toml", "that.toml"]


def test_a_registry_that_is_not_there_yet_is_begun(tmp_path: Path) -> None:
    append(tmp_path / "portals.toml", "dan_van", toml("dan_van", VALUES))
    assert list(load(tmp_path / "portals.toml")) == ["dan_van"]


@pytest.mark.parametrize(
    ("before", "key", "url", "said"),
    [
        (REGISTRY, "suoi_ngoc", f"{HOST}/", "has the key [suoi_ngoc] already, for https://suoingoc.example/tin/"),
        (REGISTRY, "moi", "http://www.suoingoc.example/tin", "as [suoi_ngoc] at https://suoingoc.example/tin/"),
        (REGISTRY + "[hong]\n", "moi", f"{HOST}/", "[hong.name] is missing"),
        (REGISTRY + "[hong", "moi", f"{HOST}/", "portals.toml"),
        (REGISTRY, "Mới", f"{HOST}/", ""),
    ],
)
def test_a_row_that_does_not_go_with_the_others_changes_nothing(
    tmp_path: Path, before: str, key: str, url: str, said: str
) -> None:
    path = tmp_path / "portals.toml"
    path.write_text(before, encoding="utf-8")
    with pytest.raises(RegistryError) as refused:
        append(path, key, toml(key, VALUES | {"url": url}))
    assert said in str(refused.value) and len(str(refused.value).splitlines()) == 1
    assert path.read_text(encoding="utf-8") == before
    assert [found.name for found in tmp_path.iterdir()] == ["portals.toml"]


def test_several_probes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "portals.toml"
    path.write_text(REGISTRY, encoding="utf-8")

    def write(number: int) -> None:
        append(path, f"dan_van_{number}", toml(f"dan_van_{number}", VALUES | {"url": f"https://x{number}.example/"}))

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(write, range(24)))
    assert len(load(path)) == 25


def test_a_folder_that_is_not_there_is_an_error_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        append(tmp_path / "khac" / "portals.toml", "dan_van", toml("dan_van", VALUES))


def test_the_same_portal_is_known_under_another_scheme_and_www() -> None:
    rows = {
        "a": Portal("a", "A", "https://suoingoc.example/tin/"),
        "b": Portal("b", "B", "http://x.example/", hosts=("y.example",)),
    }
    assert registered(rows, "http://www.suoingoc.example/tin") == rows["a"]
    assert registered(rows, "https://y.example/") == rows["b"]
    assert registered(rows, "https://suoingoc.example/") is None


def test_an_already_registered_portal_is_an_error_of_the_registry() -> None:
    assert issubclass(AlreadyRegistered, RegistryError)


def test_what_a_terminal_would_obey_is_not_passed_on() -> None:
    assert clean("Xóm\x1b[2J Bưởi\u202e\n\tđọc\x07 báo") == "Xóm [2J Bưởi đọc báo"
