"""The pages of an invented portal as strings, for the tests of template induction: no server, no archive.

A Site is one layout. Story 0, 1, 2 ... is told by page 0, 1, 2 ...; what else stands on a page is given by functions of
the story, so that a test says in one line what it adds: `Site(top=clock)`. `bare` is a layout of tables without a class
or an id in it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from archive.article import Article
from archive.clock import VIETNAM
from crawler.page import Page
from crawler.template.hints import NOTHING, Known
from crawler.template.learn import learn
from crawler.template.model import Template
from crawler.template.read import look, to_article

HOST = "https://portal.example"
NAME = "Ban Dân vận Tỉnh ủy Suối Ngọc"
FETCHED = datetime(2024, 6, 20, 9, 5, tzinfo=VIETNAM)
FIRST = datetime(2022, 1, 3, 8, 15, tzinfo=VIETNAM)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

# As many of the one as share no divisor with the other: 204 titles before one comes again.
WHO = (
    "Tổ dân vận thôn Bàu Sen",
    "Hội Phụ nữ xã Đồng Lau",
    "Đoàn Thanh niên phường Gò Mít",
    "Chi bộ bản Nà Tranh",
    "Hội Nông dân xã Vĩnh Khê",
    "Ban công tác Mặt trận khu phố Cây Đa",
    "Câu lạc bộ người cao tuổi xóm Rẫy",
    "Đội văn nghệ làng Chuôm",
    "Hội Cựu chiến binh xã Hòa Lộc",
    "Nhóm thiện nguyện chợ Bến Tràm",
    "Tổ hòa giải ấp Kênh Ngang",
    "Dân quân thị trấn Phú Sơn",
)
DID = (
    "vận động bà con hiến đất mở rộng con đường ra bến sông",
    "sửa lại chiếc cầu tre bắc qua con mương đầu làng",
    "trồng hàng trăm gốc hoa giấy dọc lối vào nhà văn hóa",
    "quyên góp sách cũ cho tủ sách của trường tiểu học",
    "mở lớp dạy đan lát cho chị em lúc nông nhàn",
    "thăm hỏi các cụ già neo đơn trước đợt rét đậm",
    "bàn cách giữ nguồn nước sạch cho cánh đồng cuối kênh",
    "dựng lại mái nhà bị bão làm tốc cho gia đình ông Khoát",
    "hướng dẫn nhau ủ phân từ rơm rạ thay vì đốt đồng",
    "tổ chức đêm hát gây quỹ khuyến học",
    "nạo vét kênh mương trước vụ gieo sạ",
    "thắp sáng ngõ xóm bằng những bóng đèn chạy năng lượng mặt trời",
    "góp ngày công đổ bê tông lối vào nghĩa trang liệt sĩ",
    "nhận đỡ đầu các em nhỏ mồ côi trong xã",
    "khuyên giải hai nhà tranh chấp bờ ruộng đã nhiều năm",
    "đưa nước giếng khoan về từng hộ ở lưng đồi",
    "gói bánh chưng tặng công nhân không kịp về quê",
)
WHEN = (
    "ngay sau mùa gặt",
    "khi nước lũ vừa rút",
    "vào những ngày nông nhàn",
    "vào một sáng đầu tuần",
    "trước thềm năm học mới",
    "giữa mùa mưa",
    "sau đêm hội trăng rằm",
    "khi hoa xoan bắt đầu nở",
)
HOW = (
    "với sự góp sức của hơn hai mươi hộ",
    "mà không tốn một đồng ngân sách nào",
    "bằng tiền bán ve chai dành dụm cả năm",
    "nhờ tiếng nói của các cụ cao niên",
    "trong tiếng trống hội rộn ràng",
    "dù trời mưa lâm thâm từ sớm",
    "đúng như lời hứa tại buổi họp dân",
    "để kịp đón con cháu ở xa về",
)
PEOPLE = ("bà Mận", "cụ Tư Lành", "anh Phiên", "chị Thoa", "ông Bảy Đờn", "cô giáo Hiên", "bác trưởng thôn")
SAID = ("kể rằng", "cho biết", "vẫn nhắc rằng", "tin rằng")
WORDS = (
    "muốn dân tin thì mình phải làm trước",
    "việc lớn nào cũng bắt đầu từ một ấm nước chè",
    "người trong xóm đã quen gọi nhau ra đồng từ lúc gà gáy",
    "mỗi nhà bớt đi một buổi chợ là đủ công cho cả đoạn đường",
    "lũ trẻ sẽ không còn phải lội qua suối để đến lớp",
    "nghe cho hết câu chuyện mới biết người ta cần gì",
    "tiền góp được ghi lên tấm bảng treo trước đình cho ai cũng thấy",
    "năm nay cả làng không còn hộ nào phải chạy ăn từng bữa",
    "bản đồ con mương cũ vẫn nằm trong trí nhớ của người già",
    "cán bộ đến nhà phải nhớ tên từng đứa nhỏ",
    "hàng rào dâm bụt dời vào một mét thì tình làng rộng thêm mười mét",
)
AUTHORS = ("Thanh Nhàn", "Lê Hải Vân", "Trần Minh Khuê", "Hoàng Diệp", "Y Thảo Niê", "Phạm Thị Cúc", "Đỗ Quang")


@dataclass(frozen=True)
class Story:
    """What one article has to say."""

    number: int
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    author: str
    published: datetime

    @property
    def url(self) -> str:
        return f"{HOST}/bai-{self.number}.html"

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


@cache
def story(number: int) -> Story:
    """The how-manieth story: always the same, and no paragraph of it in another."""
    chance = random.Random(number)
    pick = chance.choice
    who = WHO[number % len(WHO)]
    lead = (
        f"Ở nơi ấy, câu chuyện bắt đầu {pick(WHEN)}: {pick(WORDS)}, như lời {pick(PEOPLE)} và {number + 2} người bạn."
    )
    paragraphs = tuple(
        f"{_capital(pick(WHEN))}, {who} {did} {pick(HOW)}. {_capital(pick(PEOPLE))} {pick(SAID)} {words}."
        for did, words in zip(chance.sample(DID, 5), chance.sample(WORDS, 5), strict=True)
    )
    published = FIRST + timedelta(days=3 * number, minutes=37 * number)
    title = f"{who} {DID[number % len(DID)]}"
    return Story(number, title, lead, paragraphs, AUTHORS[number % len(AUTHORS)], published)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


Part = Callable[[Story], str]


def nothing(_: Story) -> str:
    return ""


def text(told: Story) -> str:
    """The story's paragraphs."""
    return "".join(f"<p>{one}</p>\n" for one in told.paragraphs)


def strewn(told: Story, at: int, html: str) -> str:
    """The story's paragraphs with something before one of them."""
    lines = [f"<p>{one}</p>" for one in told.paragraphs]
    return "\n".join([*lines[:at], html, *lines[at:]])


def date_line(told: Story) -> str:
    """Weekday, day and minute: "Thứ Ba, 12/03/2024 - 08:15"."""
    return f"{WEEKDAYS[told.published.weekday()]}, {told.published:%d/%m/%Y - %H:%M}"


def others(told: Story, count: int) -> list[Story]:
    """Other articles than this one, others on each page."""
    return [story((told.number * 7 + 31 * step) % 190 + 100) for step in range(1, count + 1)]


def links(told: Story, count: int = 4) -> str:
    """A list of other articles' headlines."""
    return "".join(f'<li><a href="{one.url}">{one.title}</a></li>' for one in others(told, count))


@dataclass(frozen=True, kw_only=True)
class Site:
    """One layout: what stands in the head, above all, as the date, in the container, behind it."""

    bare: bool = False
    date: Part = date_line
    head: Part = nothing
    top: Part = nothing
    within: Part = text
    behind: Part = nothing
    fetched: Callable[[Story], datetime] = lambda _: FETCHED

    def page(self, number: int) -> Page:
        """The page of a story."""
        told = story(number)
        content = (_bare if self.bare else _named)(told, self)
        return Page(told.url, self._frame(told.title, self.head(told), content, told), self.fetched(told))

    def pages(self, count: int, first: int = 0) -> list[Page]:
        return [self.page(number) for number in range(first, first + count)]

    def listing(self) -> Page:
        """The page of a section: headlines with their dates and leads."""
        items = "".join(
            f'<li><h3><a href="{one.url}">{one.title}</a></h3><span>{date_line(one)}</span><p>{one.lead}</p></li>'
            for one in map(story, range(20, 32))
        )
        content = f"<div><h1>Tin tức</h1><ul>{items}</ul></div>"
        return Page(f"{HOST}/tin-tuc", self._frame("Tin tức", "", content, story(20)), FETCHED)

    def _frame(self, title: str, head: str, content: str, told: Story) -> str:
        """Header, menu and footer; online and total go up from page to page."""
        online = f"<p>Đang truy cập: {12 + told.number}</p><p>Tổng lượt truy cập: {93_400 + 17 * told.number:,}</p>"
        return (
            f"<!DOCTYPE html><html><head><title>{title} - {NAME}</title>{head}</head><body>\n"
            f"<table><tr><td><b>{NAME}</b>{self.top(told)}</td></tr></table>\n"
            '<ul><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc">Tin tức</a></li></ul>\n'
            f"{content}\n<footer><p>Trụ sở: số 5 đường Bờ Hồ, Suối Ngọc</p>{online}</footer></body></html>"
        )


def _named(told: Story, site: Site) -> str:
    return (
        '<div class="main" id="wrapper"><div class="entry">\n'
        f'<h1 class="title">{told.title}</h1>\n<div class="when">{site.date(told)}</div>\n'
        f'<p class="sapo">{told.lead}</p>\n<div class="content">{site.within(told)}</div>\n'
        f'<p class="byline">Tác giả: {told.author}</p></div>{site.behind(told)}\n'
        f'<div class="sidebar"><h4>Tin mới</h4><ul>{links(told)}</ul></div></div>'
    )


def _bare(told: Story, site: Site) -> str:
    return (
        f"<table><tr><td>\n<h2>{told.title}</h2>\n<i>{site.date(told)}</i>\n<h4>{told.lead}</h4>\n"
        f"<div>{site.within(told)}</div>\n<p>Tác giả: {told.author}</p>{site.behind(told)}</td>\n"
        f"<td><b>Tin mới</b><ul>{links(told)}</ul></td></tr></table>"
    )


def learned(site: Site, count: int = 10, known: Known = NOTHING) -> Template:
    """The layout of a site's first pages."""
    template = learn(site.pages(count), known)
    assert template is not None
    return template


def read(page: Page, template: Template, known: Known = NOTHING) -> Article:
    """The article of a page that fits."""
    reading = look(page, template, known)
    assert reading.fit.fits, reading.fit
    return to_article(reading, "portal", page.url, "generic")
