"""What the portal that nobody knows has to say, and how it looks.

Its articles are made of invented sentences; no paragraph stands in two of them. Its themes are data: one has a class
for each thing, the other tables and blocks without a class, an id or a heading.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from html import escape

from lxml.html import fromstring

from archive.clock import VIETNAM, stamp
from crawler.demo.content import load, slug
from crawler.text import squeeze

SECTIONS = {"tin-tuc": "Tin tức", "doi-song": "Đời sống", "doc-duong": "Dọc đường"}
AUTHORS = ("Lan Thảo", "Hoàng Vịnh", "Mạc Sương", "Đoàn Trúc", "Quế Lâm", "Bùi Hạnh Ngân")
NEWEST = datetime(2024, 3, 12, 8, 15, tzinfo=VIETNAM)
APART = timedelta(days=10, hours=5, minutes=37)  # between one article and the next older one
TEASER = 24  # words
LONG_PARAGRAPH = 14  # words of a paragraph of the demonstration portal that is taken over

PLACES = [
    f"{first} {second}"
    for second in ("Sậy", "Trám", "Mướp", "Nếp", "Lau", "Cọ", "Quýt", "Vông")
    for first in ("Bến", "Gò", "Dốc", "Vàm", "Đầm", "Hang", "Suối", "Đồi")
]
TITLES = (
    "Bà con {place} góp công đắp lại con đê sau mùa nước",
    "Một buổi chiều ngồi nghe chuyện cũ ở {place}",
    "{place} mở phiên chợ không dùng túi ni lông",
    "Lớp học chữ buổi tối của xóm {place} có thêm học trò",
    "Chuyến đò cuối năm về {place} chở đầy cây giống",
    "Người giữ tiếng trống hội làng {place} truyền nghề cho cháu",
    "Tổ hòa giải {place} kể chuyện gỡ một mối bất hòa",
    "{place} chung tay dựng lại mái trường bị gió cuốn",
    "Giếng nước mới của {place} đã trong trở lại",
)
LEADS = (
    "Sau {count} buổi họp xóm, người dân {place} đã chọn được cách làm vừa túi tiền mà vẫn kịp trước mùa mưa tới.",
    "Không ai ở {place} nhớ việc ấy bắt đầu từ hôm nào, chỉ biết đến nay đã có {count} gia đình cùng làm.",
    "Câu chuyện dưới đây do {count} người ở {place} cùng kể, mỗi người nhớ một đoạn, ghép lại thành một mùa dài.",
    "Từ {count} nhà lúc đầu, việc làm nhỏ ở {place} lan sang cả những xóm bên kia cánh đồng.",
)
SENTENCES = (
    "Ở {place}, {count} gia đình nhận phần việc gần nhà mình nhất, ai xong trước thì sang đỡ nhà bên.",
    "Ông {person}, người trông kho thóc của {place}, ghi từng ngày công vào cuốn sổ đã {count} trang.",
    "Đến tháng thứ hai, {place} gom được {count} cây tre già, đủ làm cọc cho cả quãng bờ lở.",
    "Bà {person} mang ra {count} bát nước vối, bảo rằng người {place} có mệt cũng phải ngồi nói cho hết lẽ.",
    "Trẻ con {place} xếp hàng chuyền {count} viên gạch vỡ, vừa chuyền vừa đếm thành bài hát.",
    "Cuộc họp ở sân kho {place} kéo tới khuya, có {count} ý kiến, chị {person} chép đủ rồi đọc lại cho mọi người nghe.",
    "Con dốc vào {place} dài {count} mét, trước kia cứ mưa là xe thồ phải đứng đợi dưới chân.",
    "Anh {person} tính rằng với {count} bao xi măng, người {place} làm được lối đi vừa hai xe tránh nhau.",
    "Hôm dựng cột cái, cả {place} nghỉ đồng nửa buổi, khói bếp nấu cơm chung bay qua {count} nóc nhà.",
    "Khách tới {place} thường hỏi vì sao không thuê máy, cụ {person} cười: máy chạy {count} giờ là hết chuyện để kể.",
    "Trong {count} điều quy ước của {place}, điều được nhắc nhiều nhất là việc chung thì không ai đứng ngoài nhìn.",
    "Mùa nước trước cuốn đi {count} luống rau ven bờ, nhưng người {place} giữ được hạt giống trong ống nứa.",
    "Cô giáo {person} cho học trò {place} vẽ lại con đường, được {count} bức, bức nào cũng có một con chó vàng.",
    "Số tiền còn dư, {count} nghìn đồng, {place} để dành mua dầu thắp cho đêm hội trăng.",
    "Từ {place} nhìn sang, bên kia sông đã có {count} nhà treo đèn báo rằng họ cũng bắt đầu.",
    "Bác {person} sửa {count} cái cuốc gãy của người {place} mà chỉ nhận công bằng vài bắp ngô nướng.",
    "Có hôm {place} mất điện, {count} người vẫn ngồi lại bên đèn bão bàn nốt chuyện chia nước.",
    "Sang xuân, {place} định trồng thêm {count} gốc bưởi dọc lối đi, mỗi gốc mang tên một đứa trẻ trong xóm.",
)
PEOPLE = ("Cầm", "Thuận", "Lượng", "Nhài", "Khoát", "Sim", "Đáng", "Mùi", "Tấn", "Hiên", "Vượng", "Chắt")


STATIC = {
    "gioi-thieu": (
        "Giới thiệu",
        "Trang tin này do mấy người làm nghề chữ ở vùng bến bãi cùng dựng lên, để những chuyện nhỏ của xóm làng có một "
        "chỗ nằm lại lâu hơn câu chuyện kể bên bếp lửa.",
        "Ban biên tập có bốn người, hai người đi, hai người ngồi nhà sửa bài, cứ hết tháng lại đổi cho nhau. Ai gửi "
        "chuyện đến, chúng tôi đều đọc, đều hỏi lại cho rõ rồi mới đăng.",
        "Chúng tôi không nhận quảng cáo, không đăng lại tin của nơi khác, cũng không nêu tên ai khi người ấy chưa đồng "
        "ý. Muốn góp một câu chuyện, xin viết thư theo lối ghi ở trang liên hệ.",
    ),
    "lien-he": ("Liên hệ", "Nhà số 4, ngõ Cây Vông, phố Bến Đá.", "Thư gửi về hòm thư của trang."),
}
MENU = {
    "/": "Trang đầu",
    **{f"/{name}": said for name, said in SECTIONS.items()},
    **{f"/{name}": said for name, (said, *_) in STATIC.items()},
    "/so-do": "Sơ đồ",
    "/lich?thang=5&amp;nam=2031": "Lịch làng",
    "/tai-khoan": "Tài khoản",
    "/noi-bo/so-truc": "Sổ trực",
}
NAME = "Trang tin Bến Đá"
LICENCE = "Giấy phép thiết lập trang thông tin điện tử tổng hợp số 12/GP-TTĐT do Sở Thông tin vùng Bến Đá cấp"
MOST_READ, READ_ON, PRINT = "Bà con xem nhiều", "Mời bà con đọc tiếp", "Bản để in"
# Words that stand on each article's page and in no article.
FURNITURE = (LICENCE, MOST_READ, READ_ON, PRINT, "Hôm nay:", "Lượt truy cập", "Đang xem", "Lịch làng", "Sổ trực")
DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@dataclass(frozen=True)
class Theme:
    """The pieces of pages, each with {names} to be filled in. `date` and `day` are forms of a moment."""

    date: str
    day: str
    page: str
    menu: str
    article: str
    lead: str
    paragraph: str
    signature: str
    related: str
    listing: str
    item: str


CLASSES = Theme(
    date="{weekday}, {at:%d/%m/%Y - %H:%M}",
    day="{at:%d/%m/%Y}",
    page="""<body><div class="dau"><span class="dong-ho">{today}</span><ul class="thuc-don">{menu}</ul></div>
<div class="khung"><div class="chinh">{main}</div>
<div class="ben"><h3>{most_read_said}</h3><ul class="xem-nhieu">{most_read}</ul>
<div class="dem"><p>{visits}</p><p>{online}</p></div></div></div>
<div class="chan"><p>{licence}</p></div></body></html>""",
    menu="<li>{link}</li>",
    article="""<h1 class="tieu-de">{title}</h1><div class="thoi-gian">{date}</div>
<div class="cong-cu">{tools}</div>{lead}<div class="noi-dung">{text}{signature}</div>
<div class="lien-quan"><h3>{read_on}</h3><ul>{related}</ul></div>""",
    lead='<p class="tom-tat">{said}</p>',
    paragraph="<p>{said}</p>\n",
    signature='<p style="text-align:right"><strong>{said}</strong></p>',
    related='<li>{link} <span class="ngay">({day})</span></li>',
    listing='<h1 class="ten-muc">{title}</h1><div class="danh-sach">{items}</div><div class="trang">{paging}</div>',
    item='<div class="tin"><h2>{link}</h2><span class="ngay">{day}</span><p>{teaser}</p></div>',
)
BARE = Theme(
    date="{at:%H:%M, ngày %d/%m/%Y}",
    day="{at:%d-%m-%Y}",
    page="""<body><table width="100%"><tr><td colspan="3">{today}</td></tr>
<tr><td width="160">{menu}</td><td>{main}</td>
<td width="200"><div><b>{most_read_said}</b></div>{most_read}<div>{visits}<br>{online}</div></td></tr>
<tr><td colspan="3">{licence}</td></tr></table></body></html>""",
    menu="<div>{link}</div>",
    article="""<div><b>{title}</b></div><div><i>{date}</i></div><div>{lead}{text}{signature}</div>
<div>{tools}</div><div><b>{read_on}</b></div><div>{related}</div>""",
    lead="<div><b>{said}</b></div>",
    paragraph="<div>{said}</div>\n",
    signature='<div align="right"><i>{said}</i></div>',
    related="<div>- {link} <i>({day})</i></div>",
    listing="<div><b>{title}</b></div><div>{items}</div><div>{paging}</div>",
    item="<div><b>{link}</b><br>{teaser} <i>{day}</i></div>",
)
THEMES = {"classes": CLASSES, "bare": BARE}


@dataclass(frozen=True)
class Invented:
    """An article as its editors wrote it; what a theme makes of it is another matter."""

    number: int
    section: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published: datetime
    author: str

    @property
    def path(self) -> str:
        return f"/{self.section}/{slug(self.title).lower()}-{self.number}.html"

    @property
    def fields(self) -> dict[str, str]:
        """What the archive must hold of it, by column."""
        body, published = "\n\n".join(self.paragraphs), stamp(self.published)
        return {"title": self.title, "lead": self.lead, "body": body, "published": published, "author": self.author}

    @property
    def link(self) -> str:
        """A link to it, as HTML."""
        return f'<a href="{self.path}">{escape(self.title)}</a>'

    @property
    def teaser(self) -> str:
        """Its first words, as listings show them, as HTML."""
        return escape(" ".join((self.lead or self.paragraphs[0]).split()[:TEASER])) + " ..."


def articles(count: int, first: int = 0) -> Iterator[Invented]:
    """The articles from the `first` on, newest first; those with numbers below 0 are newer than all others."""
    for index in range(first, first + count):
        yield _article(index)


def _article(index: int) -> Invented:
    chance = random.Random(index)
    place = PLACES[index % len(PLACES)]
    own = iter(chance.sample(SENTENCES, len(SENTENCES)))
    ours = _paragraphs()

    def said(sentence: str) -> str:
        return sentence.format(place=place, count=chance.randint(12, 240), person=chance.choice(PEOPLE))

    paragraphs = []
    for number in range(4 + index % 7):
        further = ours[(index * 4 + number // 2) % len(ours)] if number % 2 else said(next(own))
        paragraphs.append(f"{said(next(own))} {further}")
    return Invented(
        number=900 - index,
        section=list(SECTIONS)[index % len(SECTIONS)],
        title=said(TITLES[index % len(TITLES)]),
        lead=said(LEADS[index % len(LEADS)]) if index % 5 else "",
        paragraphs=tuple(paragraphs),
        published=NEWEST - index * APART,
        author=AUTHORS[index % len(AUTHORS)] if index % 4 else "",
    )


@cache
def _paragraphs() -> list[str]:
    """The plain paragraphs of the demonstration portal's articles."""
    found = []
    for article in load():
        for p in fromstring(f"<div>{unicodedata.normalize('NFC', article.body)}</div>").iter("p"):
            text = squeeze(p.text_content())
            if len(text.split()) >= LONG_PARAGRAPH and not len(p) and text[-1] in ".!?":
                found.append(text)
    return found
