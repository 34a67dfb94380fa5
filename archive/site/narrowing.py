"""The filters of a state as part of an FTS5 expression, and its dates as a range of row ids."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from archive.build import EPOCH, SEQ_PER_DAY
from archive.search import EVERY_ARTICLE, any_token
from archive.site.state import SWITCHES, State

Rows = Callable[[str, Mapping[str, Any]], Awaitable[list[Mapping[str, Any]]]]

LAST = 2**62
NO_VALUE = "x"  # the token of a value that no article of the copy has
_PROVINCES = ("province", "province_then", "province_named")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Filters as tokens: of each filter one must be there, and none of `unwanted`; and a range of row ids."""

    wanted: Mapping[str, tuple[str, ...]]
    unwanted: Mapping[str, str]
    low: int = 0
    high: int = LAST

    def match(self, expression: str | None) -> str:
        """The expression with the filters; without one, that of all articles that pass them."""
        # The filters first: FTS5 goes from hit to hit of what stands first, and looks for the rest only there.
        parts = [f"({any_token(tokens)})" for tokens in self.wanted.values()]
        if expression is not None:
            parts.append(f"({expression})")
        whole = " AND ".join(parts) or EVERY_ARTICLE
        return f"({whole}) NOT ({any_token(self.unwanted.values())})" if self.unwanted else whole

    def without(self, name: str) -> Narrowing:
        """With one filter taken off."""
        return replace(
            self,
            wanted={other: tokens for other, tokens in self.wanted.items() if other != name},
            unwanted={other: token for other, token in self.unwanted.items() if other != name},
        )

    def without_dates(self) -> Narrowing:
        """With all that narrows the time taken off."""
        return replace(self.without("year").without("month").without("undated"), low=0, high=LAST)


async def narrow(rows: Rows, state: State) -> Narrowing:
    """Look up the tokens of a state's filters. Values may be given as the site has them, or by their label."""
    asked = [(name, value) for name, values in state.filters.items() for value in values]
    asked = [(name, "yes" if name in SWITCHES else value) for name, value in asked]
    dated = bool(state.since or state.until)
    if dated:
        asked.append(("undated", "yes"))
    found = await _look_up(rows, asked) if asked else {}
    wanted: dict[str, tuple[str, ...]] = {}
    unwanted: dict[str, str] = {}
    for name, values in state.filters.items():
        if name in SWITCHES:
            token = found.get((name, "yes"), (NO_VALUE, ""))[0]
            if values[0] == "no":
                unwanted |= {name: token} if token != NO_VALUE else {}
                continue
            wanted[name] = (token,)
        else:
            wanted[name] = tuple(found.get((name, value), (NO_VALUE, ""))[0] for value in values)
    if dated and ("undated", "yes") in found:  # they stand where they were first seen
        unwanted["undated"] = found["undated", "yes"][0]
    low, high = first_seq(state.since) if state.since else 0, after_seq(state.until) if state.until else LAST
    return Narrowing(wanted, unwanted, low, high)


async def _look_up(rows: Rows, asked: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Token and label of each value that there is."""
    sql = (
        "select v.filter, v.value, v.token, v.label from json_each(:asked) j "
        "join filter_values v on v.filter = j.value ->> 0 and v.value = j.value ->> 1"
    )
    found = {
        (row["filter"], row["value"]): (row["token"], row["label"])
        for row in await rows(sql, {"asked": json.dumps(asked)})
    }
    for name, value in asked:
        if name in _PROVINCES and (name, value) not in found and (other := await _province(rows, name, value)):
            found[name, value] = other
    return found


async def _province(rows: Rows, name: str, value: str) -> tuple[str, str] | None:
    """A province by its name; and one that has ceased to be, asked for as one of today: as it was then."""
    for filter_name in (name, "province_then") if name == "province" else (name,):
        sql = (
            "select token, label from filter_values where filter = :name and (value = :value or label = :value "
            "or substr(label, 1, length(:value) + 3) = :value || ' (–') order by label"  # see filtering.py
        )
        for row in await rows(sql, {"name": filter_name, "value": value}):
            return row["token"], row["label"]
    return None


def first_seq(day: str) -> int:
    """The least row id of a year, a month or a day."""
    return (_first_day(day) - EPOCH).days * SEQ_PER_DAY


def after_seq(day: str) -> int:
    """The greatest row id of a year, a month or a day."""
    first = _first_day(day)
    if len(day) == 4:
        following = date(first.year + 1, 1, 1)
    elif len(day) == 7:
        following = (first + timedelta(days=31)).replace(day=1)
    else:
        following = first + timedelta(days=1)
    return (following - EPOCH).days * SEQ_PER_DAY - 1


def _first_day(day: str) -> date:
    year, month, number = (int(part) for part in (day + "-01-01")[:10].split("-"))
    for last in (number, 30, 29, 28):  # 31 February is its last day
        try:
            return date(year, month, min(number, last))
        except ValueError:
            continue
    raise AssertionError(day)
