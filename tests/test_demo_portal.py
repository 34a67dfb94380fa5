"""What the demonstration portal promises to whoever crawls it."""

from __future__ import annotations

import socket
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

import pytest
from parsel import Selector

from crawler.demo.content import DemoArticle, Section, load, sections
from crawler.demo.portal import DemoPortal

FUTURE, LOGIN_ONLY, EXTERNAL, DRAFT, TWO_SECTIONS, DECOMPOSED = 397, 260, 319, 352, 279, 128
MASS_MOBILIZATION = {"Cong-tac-dan-van", "Dan-van-kheo", "Dan-van-chinh-quyen", "Dan-toc-Ton-giao"}
ARTICLES = {article.id: article for article in load()}


@dataclass
class Page:
    status: int
    location: str
    kind: str
    cookie: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def html(self) -> Selector:
        return Selector(self.text)

    def one(self, css: str) -> str:
        return self.html.css(css).get(default="").strip()


@pytest.fixture(scope="module")
def portal() -> Iterator[DemoPortal]:
    with DemoPortal() as running:
        yield running


def get(portal: DemoPortal, path: str, **headers: str) -> Page:
    """One request, no redirect followed."""
    connection = HTTPConnection(urlsplit(portal.url).netloc, timeout=10)
    connection.request("GET", quote(path, safe="/?=&%"), headers=headers)
    response = connection.getresponse()
    page = Page(
        response.status,
        response.getheader("Location") or "",
        response.getheader("Content-Type") or "",
        (response.getheader("Set-Cookie") or "").split(";")[0],
        response.read(),
    )
    connection.close()
    return page


def follow(portal: DemoPortal, page: Page) -> Page:
    assert page.status == 301 and page.location.startswith(portal.url)
    return get(portal, urlsplit(page.location).path)


def ordinary() -> list[DemoArticle]:
    special = {FUTURE, LOGIN_ONLY, EXTERNAL, DRAFT}
    return [article for article in ARTICLES.values() if article.id not in special]


def squeeze(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- what it has to say


def test_about_sixty_articles_stand_in_at_least_three_mass_mobilization_sections() -> None:
    per_section = Counter(article.section for article in ARTICLES.values())
    assert 58 <= len(ARTICLES) <= 64
    assert {section.alias for section in sections()} == set(per_section)
    assert all(per_section[alias] >= 8 for alias in MASS_MOBILIZATION)


def test_words_that_tempt_a_search_to_err_stand_in_the_unrelated_sections() -> None:
    unrelated = [a for a in ARTICLES.values() if a.section in {"Van-hoa-The-thao", "Kinh-te-Doi-song"}]
    text = " ".join(f"{a.title} {a.lead} {a.body}" for a in unrelated).casefold()
    for words in (
        "đang", "dâng", "đáng", "người dân vận chuyển", "nông dân vận hành", "nhân dân vận động",
        "vận động viên", "sân vận động", "vận đơn", "đường", "dương", "bàn", "bạn", "bán",
    ):  # fmt: skip
        assert f" {words}" in text, words


def test_no_title_and_no_first_sentence_is_used_twice() -> None:
    titles = Counter(article.title for article in ARTICLES.values())
    openings = Counter(article.lead[:60] for article in ARTICLES.values())
    assert max(titles.values()) == 1 and max(openings.values()) == 1


def test_both_tone_placements_and_many_ways_of_pasting_occur() -> None:
    everything = " ".join(f"{a.lead} {a.body}" for a in ARTICLES.values())
    for sign in (
        "Tỉnh ủy", "Tỉnh uỷ", "MsoNormal", "<o:p>", "<!--[if gte mso 9]>", "<br><br>", "<font", "<center>",
        "&nbsp;", "&aacute;", "<table", "<ul>", "<ol>", "<blockquote>", "<h3", "<figcaption>",
        "youtube.com/embed", ".pdf\"", ".doc\"", "43 – KL/TW", "68 - KL/TW",
    ):  # fmt: skip
        assert sign in everything, sign


def test_one_article_is_typed_in_decomposed_letters() -> None:
    article = ARTICLES[DECOMPOSED]
    assert article.body != unicodedata.normalize("NFC", article.body)
    assert article.slug.startswith("Nguoi-co-uy-tin")


# ---------------------------------------------------------------- articles


def test_every_article_in_the_sitemap_answers_as_stated(portal: DemoPortal) -> None:
    index = get(portal, "/sitemap.xml")
    assert f"{portal.url}sitemap-vi.news.xml" in index.text
    news = Selector(get(portal, "/sitemap-vi.news.xml").text, type="xml")
    news.remove_namespaces()
    expected = {FUTURE: 404, EXTERNAL: 301}
    found = {}
    for entry in news.xpath("//url"):
        path = urlsplit(entry.xpath("loc/text()").get(default="")).path
        number = int(path.rsplit("-", 1)[1].removesuffix(".html"))
        found[number] = get(portal, path).status
        assert entry.xpath("lastmod/text()").get() == ARTICLES[number].published.isoformat()
    assert found == {number: expected.get(number, 200) for number in ARTICLES if number != DRAFT}


@pytest.mark.parametrize("article", ordinary(), ids=lambda article: str(article.id))
def test_an_article_stands_where_the_cms_puts_it(portal: DemoPortal, article: DemoArticle) -> None:
    page = get(portal, article.path)
    panel = 'div.newsdetail[itemtype="http://schema.org/NewsArticle"] '
    assert page.one(panel + 'h1.title[itemprop="headline"]::text') == article.title
    assert page.one('div.hometext[itemprop="description"]::text') == article.lead
    assert article.body in page.text
    assert len(page.html.css("#news-bodyhtml")) == 1
    date, views, comments = page.html.css("div.newsdetailmetatop span.h5::text").getall()
    assert date.endswith(f" - {article.published:%d/%m/%Y %H:%M}")
    assert int(views) >= article.views and comments == str(len(article.comments))
    meta = page.one('meta[property="article:published_time"]::attr(content)')
    assert meta == f"{article.published:%Y-%m-%d}+07{article.published:%H:%M:%S}"
    assert page.one('[itemprop="datePublished"]::text') == article.changed.isoformat()
    assert page.one('link[rel="canonical"]::attr(href)') == portal.url.rstrip("/") + article.path
    assert 'nv_func_name="detail"' in page.text


def test_author_source_tags_files_comments_and_copyright_are_around_the_text(portal: DemoPortal) -> None:
    page = get(portal, ARTICLES[236].path)
    below = squeeze(" ".join(page.html.css("p.h5.text-right ::text").getall()))
    assert below == "Tác giả bài viết: Nguyễn Thùy Dương Nguồn tin: Thùy Dương - BDVTU"
    assert page.html.css("#showcomment li.media .media-body > div.margin-bottom::text").getall() == [
        comment.text for comment in ARTICLES[236].comments
    ]
    assert "vi phạm bản quyền" in page.one(".newsdetail .alert.alert-info::text")
    assert page.html.css('.newsdetailbox a[href*="/tag/"] em::text').getall() == list(ARTICLES[236].tags)
    files = get(portal, ARTICLES[298].path).html.css(".news-download-file")
    assert files.css("a strong::text").getall() == list(ARTICLES[298].files)
    attached = get(portal, files.css('a[href*="download=1"]::attr(href)').get(default=""))
    assert attached.body.startswith(b"%PDF") and attached.kind == "application/pdf"


def test_links_to_other_articles_carry_other_articles_leads(portal: DemoPortal) -> None:
    related = get(portal, ARTICLES[236].path).html.css("ul.related a")
    assert len(related) > 10
    assert all(link.attrib["data-content"] and link.attrib["href"] != ARTICLES[236].path for link in related)


def test_print_and_save_views_repeat_the_body_at_their_own_address(portal: DemoPortal) -> None:
    article = ARTICLES[233]
    for view in ("print", "savefile"):
        page = get(portal, article.view(view))
        assert page.status == 200 and article.body in page.one("#bodytext")
        assert page.one('link[rel="canonical"]::attr(href)').endswith(article.view(view))
        assert f'nv_func_name="{view}"' in page.text
    assert 'content="noindex, follow"' in get(portal, article.view("print")).text


# ---------------------------------------------------------------- special ones


def test_the_future_article_is_listed_everywhere_but_its_page_is_missing(portal: DemoPortal) -> None:
    path = ARTICLES[FUTURE].path
    for listing in (
        "/vi/",
        "/vi/news/",
        "/vi/news/Cong-tac-dan-van/",
        "/vi/news/rss/",
        "/sitemap-vi.news.xml",
    ):
        assert path in get(portal, listing).text
    assert get(portal, path).status == 404


def test_the_draft_is_nowhere(portal: DemoPortal) -> None:
    path = ARTICLES[DRAFT].path
    assert get(portal, path).status == 404
    assert path not in get(portal, "/sitemap-vi.news.xml").text
    assert path not in get(portal, "/vi/news/Dan-van-chinh-quyen/").text


def test_the_login_only_article_shows_a_notice_and_no_body(portal: DemoPortal) -> None:
    page = get(portal, ARTICLES[LOGIN_ONLY].path)
    assert page.status == 200
    assert page.one(".alert.alert-info::text") == "Bạn không được phép xem bài viết"
    assert not page.html.css(".bodytext") and ARTICLES[LOGIN_ONLY].body not in page.text


def test_the_external_article_sends_the_reader_away(portal: DemoPortal) -> None:
    page = get(portal, ARTICLES[EXTERNAL].path)
    assert page.status == 301 and page.location.startswith("https://example.vn/")


def test_the_second_section_lists_the_article_and_redirects_to_the_main_one(portal: DemoPortal) -> None:
    article = ARTICLES[TWO_SECTIONS]
    main, second = article.sections
    assert article.path in "".join(get(portal, f"/vi/news/{second}/{p}").text for p in ("", "page-2/"))
    assert follow(portal, get(portal, article.path.replace(main, second))).status == 200
    assert get(portal, article.path.replace(main, "Dan-van-kheo")).status == 404


def test_the_number_is_the_key_whatever_the_slug(portal: DemoPortal) -> None:
    article = ARTICLES[104]
    for wrong in (
        f"Ten-khac-{article.id}.html",
        f"{article.slug}-{article.id}",
        f"{article.slug}-{article.id}/",
    ):
        moved = get(portal, f"/vi/news/{article.section}/{wrong}")
        assert moved.location.endswith(article.path) and follow(portal, moved).status == 200
    assert get(portal, f"/vi/news/{article.section}/{article.slug}-999999.html").status == 404
    assert get(portal, article.path + "?utm_source=zalo").status == 200


# ---------------------------------------------------------------- lists and feeds


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.alias)
def test_a_section_pages_to_its_end(portal: DemoPortal, section: Section) -> None:
    alias = section.alias
    seen: list[str] = []
    path = f"/vi/news/{alias}/"
    while path:
        page = get(portal, path)
        assert page.status == 200
        listed = page.html.css(".listpage h2 a, .listpage h3 a").css("::attr(href)").getall()
        assert 1 <= len(listed) <= 8
        seen += listed
        path = page.html.xpath('//ul[@class="pagination"]//a[@rel="next"][text()="»"]/@href').get(default="")
    expected = [a.path for a in load() if alias in a.sections and not a.draft]
    assert seen == expected


def test_list_pages_print_dates_views_and_replies_in_their_own_shape() -> None:
    with DemoPortal() as fresh:
        first = get(fresh, "/vi/news/Van-hoa-The-thao/").html.css(".listpage .panel")[0]
    lines = [squeeze(" ".join(item.css("::text").getall())) for item in first.css("ul.list-inline li")]
    assert lines == ["06/10/2026 08:40:10 AM", "Đã xem: 198", "Phản hồi: 0"]


def test_below_the_pager_older_articles_are_listed_again(portal: DemoPortal) -> None:
    page = get(portal, "/vi/news/Dan-van-kheo/")
    assert '<li class="active"><a href="#">1</a><li>' in page.text
    assert "Các tin khác" in page.text and len(page.html.css("ul.related li")) == 6


def test_pages_that_do_not_exist_lead_back(portal: DemoPortal) -> None:
    for path, target in {
        "/vi/news/Dan-van-kheo/page-1/": "/vi/news/Dan-van-kheo/",
        "/vi/news/Dan-van-kheo/page-99/": "/vi/news/Dan-van-kheo/",
        "/vi/news/Dan-van-kheo/?page=2": "/vi/news/Dan-van-kheo/",
        "/vi/news/Dan-van-kheo": "/vi/news/Dan-van-kheo/",
        "/vi/news/Dan-van-kheo/page-2": "/vi/news/Dan-van-kheo/page-2/",
        "/vi/news/dan-van-kheo/": "/vi/news/",
        "/vi/news": "/vi/news/",
        "/vi/laws/": "/vi/",
        "/khong-co": "/vi/",
    }.items():
        page = get(portal, path)
        assert (page.status, page.location) == (301, portal.url.rstrip("/") + target), path


def test_feeds_hold_the_thirty_newest_with_the_months_in_place_of_the_minutes(portal: DemoPortal) -> None:
    feed = get(portal, "/vi/news/rss/")
    items = Selector(feed.text, type="xml").xpath("//item")
    assert feed.kind.startswith("text/xml") and len(items) == 30
    newest = [a for a in load() if not a.draft][:30]
    assert [squeeze(item.xpath("guid/text()").get(default="")) for item in items] == [f"news_{a.id}" for a in newest]
    assert items[1].xpath("pubDate/text()").get() == "Tue, 6 Oct 2026 01:10:10 GMT"
    for section in sections():
        assert f"/vi/news/rss/{section.alias}/" in get(portal, "/vi/feeds/").text
        assert get(portal, f"/vi/news/rss/{section.alias}/").status == 200


def test_tags_have_vietnamese_addresses(portal: DemoPortal) -> None:
    page = get(portal, "/vi/news/tag/dân-vận-khéo")
    tagged = [a.path for a in load() if "dân vận khéo" in a.tags]
    assert page.html.css("h3 a::attr(href)").getall() == tagged[:8]
    assert get(portal, "/vi/news/tag/khong-co-the-nay").status == 404


def test_robots_names_the_sitemap_and_allows_articles(portal: DemoPortal) -> None:
    robots = get(portal, "/robots.txt").text
    assert f"Sitemap: {portal.url}sitemap.xml" in robots and "Disallow: /users/" in robots
    assert "/vi/news" not in robots


def test_a_page_about_the_portal_is_no_news(portal: DemoPortal) -> None:
    page = get(portal, "/vi/about/")
    assert page.status == 200 and 'nv_module_name="about"' in page.text and not page.html.css(".newsdetail")


def test_every_image_and_file_that_an_article_shows_is_really_there(portal: DemoPortal) -> None:
    magic = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG", "pdf": b"%PDF", "doc": b"%PDF"}
    shown = {article.image for article in ordinary() if article.image}
    for article in ordinary():
        shown |= set(Selector(article.body or " ").css("img::attr(src), a::attr(href)").getall())
    assert len(shown) > 20
    for path in shown:
        assert get(portal, path).body.startswith(magic[path.rsplit(".", 1)[1]]), path


# ---------------------------------------------------------------- what moves, and what does not


def test_counters_move_and_the_text_does_not(portal: DemoPortal) -> None:
    first, second = (get(portal, ARTICLES[208].path) for _ in range(2))
    counter = "ul.counter li span:last-child::text"
    assert first.html.css(counter).getall() != second.html.css(counter).getall()
    text = "h1.title, div.hometext, #news-bodyhtml, p.text-right"
    assert first.html.css(text).getall() == second.html.css(text).getall()


def test_views_grow_once_per_session() -> None:
    views = "div.newsdetailmetatop span.h5:nth-child(2)::text"
    path, base = ARTICLES[257].path, ARTICLES[257].views
    with DemoPortal() as fresh:
        first = get(fresh, path)
        again = [int(get(fresh, path, Cookie=first.cookie).one(views)) for _ in range(3)]
        stranger = get(fresh, path)
    assert int(first.one(views)) == base
    assert again == [base + 1] * 3
    assert int(stranger.one(views)) == base + 1 and stranger.cookie != first.cookie


def test_two_portals_asked_the_same_say_the_same() -> None:
    said = []
    for _ in range(2):
        with DemoPortal() as fresh:
            said.append([get(fresh, p).text.replace(fresh.url, "/") for p in ("/vi/", ARTICLES[104].path)])
            port = urlsplit(fresh.url).netloc
            said[-1] = [text.replace(port, "") for text in said[-1]]
    assert said[0] == said[1]


def test_if_modified_since_is_ignored(portal: DemoPortal) -> None:
    page = get(portal, "/vi/news/", **{"If-Modified-Since": "Tue, 24 Nov 2026 00:00:00 GMT"})
    assert page.status == 200


# ---------------------------------------------------------------- the server itself


def test_it_remembers_every_request_it_saw() -> None:
    with DemoPortal() as fresh:
        first = get(fresh, "/vi/", **{"User-Agent": "test/1.0"})
        get(fresh, "/khong-co", Cookie=first.cookie)
        seen = [(r.method, r.path, r.user_agent, r.had_cookie, r.in_flight, r.status) for r in fresh.requests]
    assert seen == [
        ("GET", "/vi/", "test/1.0", False, 1, 200),
        ("GET", "/khong-co", "", True, 1, 301),
    ]


def test_an_article_can_be_withdrawn_while_it_runs() -> None:
    with DemoPortal() as fresh:
        del fresh.articles[104]
        assert get(fresh, ARTICLES[104].path).status == 404
        assert ARTICLES[104].path not in get(fresh, "/sitemap-vi.news.xml").text


def test_it_listens_on_loopback_alone_and_stops_when_told() -> None:
    fresh = DemoPortal()
    fresh.start()
    host, port = urlsplit(fresh.url).hostname, urlsplit(fresh.url).port
    assert host == "127.0.0.1" and port
    kept = HTTPConnection(host, port, timeout=5)
    kept.request("GET", "/robots.txt")
    kept.getresponse().read()
    fresh.stop()
    with pytest.raises((OSError, HTTPException)):
        kept.request("GET", "/robots.txt")
        kept.getresponse()
    with pytest.raises(OSError):
        socket.create_connection((host, port), timeout=1)


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with DemoPortal() as running:
        port = urlsplit(running.url).port or 0
        with pytest.raises(OSError):
            DemoPortal(port)
        command = [sys.executable, "-m", "crawler.demo.portal", "--port", str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1 and ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1 and str(port) in ended.stderr
