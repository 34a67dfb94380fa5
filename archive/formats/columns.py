"""What stands in a downloaded file about each article: the columns, in their order, with their names in three manners.

`name` is what JSONL always uses and CSV and XLSX on request; docs/downloads.md describes each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "list", "address", "time", "number"]
Header = Literal["vi", "en", "fields"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sql` gives its value for an article `a`; of kind list: a JSON array; `width` in characters."""

    name: str
    vi: str
    en: str
    kind: Kind
    sql: str
    width: int

    @property
    def one_cell(self) -> str:
        """SQL of the value as a single cell: the items of a list parted by semicolons."""
        return self.sql.replace("json_group_array(item)", "group_concat(item, '; ')")

    def header(self, manner: Header) -> str:
        """The name of the column as a person of that language, or a program, reads it."""
        return {"vi": self.vi, "en": self.en, "fields": self.name}[manner]


def _own(name: str, vi: str, en: str, kind: Kind, width: int) -> Column:
    return Column(name, vi, en, kind, f"a.{name}", width)


def _listed(name: str, vi: str, en: str, inner: str, width: int) -> Column:
    """A column of all that hangs on an article, in the order of the inner query, whose one column is `item`."""
    return Column(name, vi, en, "list", f"(select json_group_array(item) from ({inner}))", width)


_AREA = "select p.name as item from article_provinces x join provinces p on p.slug = x.province where x.article = a.id"

# An address within the site; the base is put before it when the row is read.
PERMALINK = "'/a/' || a.id"
# Which article this one reprints most closely, by its id.
ORIGINAL_ID = (
    "(select r.original from reprints r where r.article = a.id order by r.similarity desc, r.original limit 1)"
)
ORIGINAL = f"'/a/' || {ORIGINAL_ID}"

COLUMNS: tuple[Column, ...] = (
    Column("id", "Mã bài viết", "Article ID", "text", "cast(a.id as text)", 18),
    Column("permalink", "Địa chỉ cố định", "Permalink", "address", PERMALINK, 26),
    _own("title", "Tiêu đề", "Title", "text", 60),
    _own("published", "Ngày giờ đăng", "Published", "time", 17),
    _own("portal_name", "Cổng thông tin", "Portal", "text", 32),
    Column(
        *("province", "Tỉnh, thành phố khi đăng", "Province at the time", "text"),
        f"coalesce(({_AREA} and x.how = 'portal'), a.province)",
        20,
    ),
    Column(
        *("province_today", "Tỉnh, thành phố hiện nay", "Province today", "text"),
        f"({_AREA} and x.how = 'today')",
        20,
    ),
    _listed(
        *("provinces_named", "Tỉnh, thành phố được nhắc đến", "Provinces named"),
        f"{_AREA} and x.how = 'named' order by 1",
        20,
    ),
    _listed(
        *("sections", "Chuyên mục", "Sections"),
        "select section as item from article_sections where article = a.id order by position",
        24,
    ),
    _listed(
        *("tags", "Từ khóa", "Tags"),
        "select tag as item from article_tags where article = a.id order by position",
        24,
    ),
    _own("author", "Tác giả", "Author", "text", 20),
    _own("source", "Nguồn", "Source", "text", 20),
    _own("lead", "Đoạn mở đầu", "Lead", "text", 50),
    _listed(
        *("documents", "Văn bản được trích dẫn", "Documents cited"),
        "select d.code as item from citations c join documents d on d.id = c.document "
        "where c.article = a.id order by 1",
        24,
    ),
    Column("reprint_of", "Đăng lại từ bài", "Reprint of", "address", ORIGINAL, 26),
    _own("views", "Lượt xem khi lưu", "Views when saved", "number", 10),
    _own("comments", "Bình luận khi lưu", "Comments when saved", "number", 10),
    _own("first_seen", "Lưu lần đầu", "First saved", "time", 17),
    _own("last_seen", "Thấy lần cuối", "Last seen", "time", 17),
    _own("changed", "Sửa đổi lần cuối", "Last changed", "time", 17),
    _own("gone", "Bị gỡ từ", "Taken down since", "time", 17),
    _own("revision_count", "Số phiên bản", "Versions", "number", 10),
    _own("url", "Địa chỉ gốc", "Original address", "address", 40),
    _own("published_text", "Ngày ghi trên trang", "Date as printed", "text", 20),
    _own("portal", "Mã cổng thông tin", "Portal key", "text", 20),
    _own("text_sha256", "SHA-256 của tiêu đề, mở đầu và toàn văn", "SHA-256 of title, lead and body", "text", 20),
)
BODY = _own("body", "Toàn văn", "Full text", "text", 80)


def columns(body: bool) -> tuple[Column, ...]:
    """The columns of a file, the full text last where it is wanted."""
    return (*COLUMNS, BODY) if body else COLUMNS
