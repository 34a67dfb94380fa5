"""The words of the synthetic corpus: invented sentences of mass-mobilization news, no person, place or text real.

Phrases are put together once, from small lists, and then only drawn: that is what makes the corpus fast. They lie
in each pool in the order in which they are used less and less, so that few are met everywhere and most hardly ever,
as words are in any language.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import accumulate, product

PROVINCES = (
    "An Lĩnh|Bắc Sơn Hà|Cửa Lạch|Đại Giang|Đông Thuận|Gia Khê|Hạ Lam|Hòa Viễn|Khánh Thổ|Lam Trà|Lộc Uyên|"
    "Mỹ Phong|Nam Đồi|Ninh Lũy|Phú Mạc|Quế Thượng|Sơn Bái|Tân Hải Đông|Thạch Vân|Vĩnh Tràm"
).split("|")
SECTIONS = (
    "Công tác dân vận|Dân vận khéo|Dân vận chính quyền|Dân tộc - Tôn giáo|Mặt trận - Đoàn thể|Quy chế dân chủ|"
    "Tin trong tỉnh|Gương điển hình|Văn bản mới|Nghiên cứu - Trao đổi"
).split("|")
TAGS = (
    "dân vận khéo|nông thôn mới|đồng thuận|hòa giải|quy chế dân chủ|tôn giáo|dân tộc|đối thoại|giám sát|phản biện|"
    "an sinh|biên giới|thanh niên|phụ nữ|người cao tuổi|môi trường|chuyển đổi số|giải phóng mặt bằng"
).split("|")
BODIES_OF_PARTY = (
    "Ban Dân vận Tỉnh ủy|Huyện ủy|Đảng ủy xã|Mặt trận Tổ quốc|Hội Phụ nữ|Đoàn Thanh niên|Hội Nông dân|tổ dân vận|"
    "Hội Cựu chiến binh|chi bộ|ban công tác mặt trận|Liên đoàn Lao động|Bộ đội Biên phòng|Công an xã|"
    "Ủy ban nhân dân|Hội Chữ thập đỏ|tổ hòa giải|Thường trực Thành ủy|Hội đồng nhân dân|BĐBP|nhóm nòng cốt"
).split("|")
FIRST = "Xuân|Thanh|Trung|Phú|Lạc|Tân|Đồng|Bình|Hương|Khe|Nà|Bản|Cẩm|Diên|Mường|Phước|Yên|Quảng|Ia|Đắk".split("|")
SECOND = "Lũng|Mai|Sậy|Tràng|Hợp|Vĩnh|Giàng|Ngòi|Quới|Thủy|Bưởi|Dâu|Gành|Rạng|Sim|Lau|Mít|Trổ|Thượng|Hạ".split("|")
FAMILY = "Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đặng|Bùi|Lò|Vàng|Hà|Đinh|Y|Rơ|Thạch|Cao|Lý|Mai|Tạ|Quách".split("|")
MIDDLE = "Văn|Thị|Đức|Minh|Hữu|Ngọc|Xuân|Thanh|Quang|Bích|Công|Kim|Mạnh|Thúy|Đình".split("|")
GIVEN = (
    "An|Bằng|Chiến|Diệu|Đào|Gấm|Hạnh|Hiên|Kha|Khuê|Lai|Lụa|Mận|Nếp|Nhài|Oanh|Phúc|Quyên|Sáng|Sen|Tấm|Thoa|Thuận|"
    "Tình|Trang|Uyên|Vạn|Vinh|Xoan|Yến"
).split("|")
VERBS = (
    "vận động|tuyên truyền|phối hợp|tổ chức|triển khai|thăm hỏi|đối thoại|lắng nghe|hướng dẫn|giám sát|xây dựng|"
    "sơ kết|phát động|quán triệt|hỗ trợ|giúp đỡ|rà soát|nhân rộng|bàn bạc|cùng làm|trao tặng|khơi dậy|gìn giữ|thu gom|"
    "ghi nhận|tiếp nhận|giải đáp|tháo gỡ|củng cố|khảo sát|gắn bó|chia sẻ|góp sức|kêu gọi|kiểm tra"
).split("|")
HOW = (
    "|kịp thời |thường xuyên |bền bỉ |từng bước |khéo léo |công khai |cùng bà con |tận nhà |theo từng hộ |nhiều lần |"
    "đồng loạt |rộng rãi |tự nguyện |trước mùa mưa |sau vụ gặt "
).split("|")
THINGS = (
    "nhân dân|đồng bào|hộ nghèo|con đường liên thôn|mô hình dân vận khéo|khối đại đoàn kết|quy ước làng bản|"
    "nếp sống mới|nhà văn hóa|tuyến kênh nội đồng|quỹ khuyến học|vườn rau sạch|cầu tre cũ|giếng nước chung|"
    "phong trào thi đua|tổ tiết kiệm|đội văn nghệ|bến thuyền|rừng phòng hộ|đất sản xuất|chương trình phối hợp|"
    "ý kiến cử tri|chức sắc tôn giáo|người có uy tín|già làng|thanh niên lập nghiệp|công tác dân vận|nhà ở dột nát|"
    "ngày hội đoàn kết|tủ sách làng|chợ phiên|mương thoát nước|điểm trường lẻ|nghề dệt cũ|đàn bò giống|bếp ăn chung|"
    "lớp học xóa mù chữ"
).split("|")
OF_WHAT = (
    "|ở thôn bản|của xóm|nơi biên giới|vùng hạn mặn|của năm hội viên|theo nghị quyết chi bộ|bằng tiếng dân tộc|"
    "trong dịp hè|theo phương châm gần dân|không để ai đứng ngoài|từ nguồn xã hội hóa|ngay tại ruộng|trên địa bàn"
).split("|")
TAILS = (
    "đạt {n} phần trăm kế hoạch|với {n} hộ tham gia|góp {n} ngày công|trị giá {n} triệu đồng|thu hút {n} lượt người|"
    "tại {p}|do {who} phụ trách|theo {doc}|làm đúng {doc}|dài {n} mét|gồm {n} hội viên|qua {n} buổi họp thôn|"
    "như lời {who} kể|ở {p} và các xã lân cận|từ năm {y}|trong quý đầu năm {y}|nhờ {who} đứng ra lo liệu|"
    "được người dân đồng tình|và báo cáo trước ngày {d}|để dân biết, dân bàn|mà không tốn ngân sách"
).split("|")
OPENINGS = (
    "Ngày {d}|Tại {p}|Năm {y}|Sáng {d}|Theo {who}|Làm theo {doc}|Trong {n} ngày|Từ đầu năm {y}|Ở {p}|Cùng lúc|"
    "Sau buổi họp|Nhờ vậy|Bên cạnh đó|Đến nay|Cuối năm {y}|Với {n} hộ dân|Trước đó|Nói là làm|Về {p}|Căn cứ {doc}"
).split("|")
DOCUMENTS = (
    "Nghị quyết số {n}-NQ/TW|Chỉ thị số {n}-CT/TW|Kết luận số {n}-KL/TU|Kế hoạch số {n}-KH/BDV|Quyết định số {n}-QĐ/TU|"
    "Nghị quyết {n} – NQ/TW|Hướng dẫn số {n}-HD/BDVTW|Chương trình số {n}-CTr/HU|Nghị định {n}/{y}/NĐ-CP|"
    "Công văn {n}-CV/TU"
).split("|")
# Two ways to write one word, each at home on some portals.
LATE_TONES = (("ủy", "uỷ"), ("hòa", "hoà"), ("Hòa", "Hoà"), ("Ủy", "Uỷ"), ("hóa", "hoá"), ("thủy", "thuỷ"))


@dataclass(slots=True)
class Pool:
    """Phrases with the weights of Zipf's law, as whole numbers: the same draw on every machine."""

    phrases: list[str]
    weights: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.weights = list(accumulate(10_000_000 // (rank + 4) for rank in range(len(self.phrases))))

    def draw(self, chance: random.Random, number: int) -> list[str]:
        """That many phrases, with repetition."""
        return chance.choices(self.phrases, cum_weights=self.weights, k=number)


@dataclass(slots=True)
class Pools:
    """All that sentences are made of; an opening begins with a capital, the rest does not."""

    openings: Pool
    actors: Pool
    actions: Pool
    objects: Pool
    tails: Pool
    people: Pool


def pools() -> Pools:
    """The phrases of the corpus: the same ones for each of its seeds."""
    chance = random.Random(20090101)
    places = [f"xã {a} {b}" for a, b in product(FIRST, SECOND)] + [f"thôn {b} {a}" for a, b in product(FIRST, SECOND)]
    people = [" ".join(name) for name in product(FAMILY, MIDDLE, GIVEN)]
    actors = [f"{body} {place}" for body, place in product(BODIES_OF_PARTY, places[::7])]
    for part in (places, people, actors):
        chance.shuffle(part)
    return Pools(
        openings=Pool(_filled(OPENINGS, 4_000, chance, places, people)),
        actors=Pool(BODIES_OF_PARTY + actors),
        actions=Pool(_shuffled([f"{how}{verb}" for how, verb in product(HOW, VERBS)], chance)),
        objects=Pool(_shuffled([f"{thing} {of}".rstrip() for thing, of in product(THINGS, OF_WHAT)], chance)),
        tails=Pool(_filled(TAILS, 12_000, chance, places, people)),
        people=Pool(people),
    )


def _shuffled(phrases: list[str], chance: random.Random) -> list[str]:
    chance.shuffle(phrases)
    return phrases


def _filled(patterns: list[str], number: int, chance: random.Random, places: list[str], people: list[str]) -> list[str]:
    """Patterns with numbers, days, names and documents in them, each one different."""
    found: dict[str, None] = {}
    while len(found) < number:
        year, count = chance.randint(2005, 2026), chance.randint(2, 980)
        document = chance.choice(DOCUMENTS).format(n=chance.randint(1, 190), y=year)
        phrase = chance.choice(patterns).format(
            n=count if chance.random() < 0.8 else f"{count / 10:.1f}".replace(".", ","),
            y=year,
            d=f"{chance.randint(1, 28)}/{chance.randint(1, 12)}",
            p=places[min(chance.randrange(len(places)), chance.randrange(len(places)))],
            who=people[min(chance.randrange(len(people)), chance.randrange(len(people)))],
            doc=document,
        )
        found[phrase] = None
    return list(found)
