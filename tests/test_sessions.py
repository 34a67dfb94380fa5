"""Sessions in addresses are told by what they do, not by their name."""

from __future__ import annotations

from crawler.sessions import Sessions

HOST = "https://portal.example"


def page(query: str, count: int = 10) -> list[str]:
    return [f"{HOST}/tin/{number}?{query}" if query else f"{HOST}/tin/{number}" for number in range(count)]


def test_a_value_on_all_links_that_is_another_on_the_next_page_names_no_page() -> None:
    sessions = Sessions()
    assert not sessions.watch(page("phien=a1"))
    assert sessions.watch(page("phien=b2"))
    assert sessions.strip(f"{HOST}/tin/7?muc=3&phien=c3") == f"{HOST}/tin/7?muc=3"


def test_a_value_that_stays_is_left_alone() -> None:
    sessions = Sessions()
    for _ in range(3):
        assert not sessions.watch(page("tab=1292"))
    assert sessions.strip(f"{HOST}/tin/7?tab=1292") == f"{HOST}/tin/7?tab=1292"


def test_numbers_of_articles_and_sections_are_no_session() -> None:
    """?id= differs from link to link; of a section's links all have ?muc=, but those of the menu have others."""
    sessions = Sessions()
    for section in (1, 2, 3):
        listed = [f"{HOST}/chi-tiet?id={section * 100 + number}&muc={section}" for number in range(10)]
        menu = [f"{HOST}/danh-sach?muc={number}" for number in range(8)]
        assert not sessions.watch([*listed, *menu])
    assert not sessions.names


def test_a_page_with_hardly_a_link_tells_nothing() -> None:
    sessions = Sessions()
    assert not sessions.watch(page("phien=a1", 3)) and not sessions.watch(page("phien=b2", 3))


def test_an_address_without_query_stays_as_it_is() -> None:
    sessions = Sessions()
    sessions.names.add("phien")
    assert sessions.strip(f"{HOST}/tin/7.html") == f"{HOST}/tin/7.html"
