"""What may be wrong with a night, one function each: what it says is the finding, None where nothing is.

The order of RULES is that of the verdicts: a portal that answers nothing is not also thin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.health import limits
from crawler.health.expecting import News, Usual
from crawler.health.history import Night
from crawler.health.measuring import FIELDS
from crawler.health.model import Verdict
from crawler.outcomes import ABSENT, PASSING, Outcome

REFUSING = (Outcome.FLOOD, Outcome.CHALLENGE, Outcome.LOGIN_ONLY)
ANSWERING_NOTHING = (
    *(Outcome.NETWORK_ERROR, Outcome.TLS_ERROR, Outcome.PROXY_ERROR, Outcome.PRIVATE_ADDRESS),
    *(Outcome.ROBOTS_UNREACHABLE, Outcome.TOO_LARGE, Outcome.TRUNCATED),
)
SOMEWHERE_ELSE = (Outcome.EXTERNAL_REDIRECT, Outcome.PARKED, Outcome.FOREIGN_HOST)
NOT_THERE = (Outcome.NOT_FOUND, Outcome.SOFT_404, Outcome.MOVED, Outcome.DRAFT)
UNFIT = (Outcome.NOT_ARTICLE, Outcome.UNREADABLE, Outcome.MISFIT, Outcome.READER_ERROR, Outcome.NOT_PAGE)


@dataclass(frozen=True, slots=True)
class Case:
    """One night, and what it is compared with. `expect`: of the portal's row, {} where it left the registry."""

    night: Night
    usual: Usual
    news: News
    expect: Mapping[str, float] = field(default_factory=dict)
    last: Night | None = None  # the judged night before it


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong. `at_once`: a person is needed after one such night already; `is_settled`: nobody is."""

    verdict: Verdict
    cause: str
    example: str = ""
    at_once: bool = False
    is_settled: bool = False


Rule = Callable[[Case], Finding | None]


def nothing_read(case: Case) -> Finding | None:
    """Not one article and not one list of addresses: the portal is closed, refuses us, or is not there."""
    night = case.night
    if night.articles or night.doors:
        return None
    refused, silent, away = night.of(REFUSING), night.of(ANSWERING_NOTHING), night.of(SOMEWHERE_ELSE)
    errors, missing, unfit = night.of([Outcome.HTTP_ERROR, Outcome.REDIRECT_LOOP]), night.of(NOT_THERE), night.of(UNFIT)
    forbidden = night.of([Outcome.FORBIDDEN, Outcome.CLOSED])
    most = max(refused, silent, away, errors, missing, unfit)
    if forbidden and not most:
        return Finding(Verdict.CLOSED, "robots.txt forbids to ask for anything; it was obeyed",
                       night.example(Outcome.FORBIDDEN, Outcome.CLOSED), at_once=True)  # fmt: skip
    if refused and refused == most:
        return Finding(Verdict.BLOCKED, f"nothing was read: {_refusals(night)}", night.example(*REFUSING), at_once=True)
    if unfit and unfit == most:
        return _fruitless(case)
    cause, names = _absence(night, silent=silent, away=away, errors=errors, missing=missing)
    return Finding(Verdict.GONE, f"nothing was read: {cause}", night.example(*names), at_once=True)


def _fruitless(case: Case) -> Finding:
    """It answers, and no page leads to an article or is one."""
    example = case.night.example(*UNFIT)
    if case.usual.read or case.news.newest:
        cause = "nothing was read: its pages answer, but none is an article any more or leads to one"
        return Finding(Verdict.BROKEN_LAYOUT, cause, example, at_once=True)
    cause = "nothing was read: its pages answer, but none leads to an article; are address and cms of its row right?"
    return Finding(Verdict.THIN, cause, example, at_once=True)


def _absence(night: Night, *, silent: int, away: int, errors: int, missing: int) -> tuple[str, tuple[str, ...]]:
    """Why a portal is not there, in words, and the outcomes that show it."""
    most = max(silent, away, errors, missing)
    if not most:
        return "nothing was even asked", ()
    if silent == most:
        return str(night.measured.get("no_answer") or "it gave no answer"), ANSWERING_NOTHING
    if away == most:
        if night.of([Outcome.PARKED]):
            return "another page stands in its place: parked, for sale, suspended, or moved away", (Outcome.PARKED,)
        return f"{away} addresses lead to another host: has it moved?", SOMEWHERE_ELSE
    if errors == most:
        return f"it answers with errors ({_statuses(night)})", (Outcome.HTTP_ERROR,)
    return f"not even its home page is there ({_statuses(night)})", NOT_THERE


def layout(case: Case) -> Finding | None:
    """Its article pages are there, and do not fit what is known of their layout."""
    night = case.night
    bad, fits = int(night.figure("misfits")), int(night.figure("fits"))
    if not bad or not night.measured.get("had_layout"):
        return None
    example = night.example(Outcome.MISFIT)
    said = f"{bad} of {bad + fits} article pages did not fit the layout known of it"
    many = bad >= limits.PAGES and bad >= limits.MISFITS * (bad + fits)
    if night.figure("healed") >= bad:
        if not (many or night.measured.get("relearned")):
            return None
        said = f"{said}; a new one was learned of them, and they were read by it"
        return Finding(Verdict.BROKEN_LAYOUT, said, example, is_settled=True)
    if many:
        return Finding(Verdict.BROKEN_LAYOUT, f"{said}: it was redesigned{_kept(night)}", example, at_once=True)
    if not fits:
        return Finding(Verdict.BROKEN_LAYOUT, f"{_pages(bad)} read, and did not fit the layout known of it", example)
    share = bad / (bad + fits)
    if bad >= limits.PAGES and share > case.usual.misfits + limits.MORE_MISFITS:
        cause = f"{bad} of {bad + fits} article pages did not fit the layout (usually {case.usual.misfits:.0%})"
        return Finding(Verdict.THIN, cause, example)
    return None


def rewritten(case: Case) -> Finding | None:
    """Most known articles that were read again say something else than before: no editor does that in a day."""
    known = case.night.table("known")
    changed, asked = known.get(Outcome.CHANGED, 0), sum(known.values())
    if changed < limits.REWRITTEN or changed < limits.REWRITTEN_SHARE * asked:
        return None
    cause = f"{changed} of {asked} known articles changed at once: the texts themselves, or what stands around them?"
    return Finding(Verdict.BROKEN_LAYOUT, cause, case.night.example(Outcome.CHANGED))


def _kept(night: Night) -> str:
    kept = int(night.figure("kept"))
    return f"; {_pages(kept)} kept unread, to be read when `select` of its row is mended" if kept else ""


def vanished(case: Case) -> Finding | None:
    """A whole family of known articles is not there any more."""
    known = case.night.table("known")
    missing = {name: number for name, number in known.items() if name in {str(one) for one in ABSENT}}
    number, asked = sum(missing.values()), sum(known.values())
    if number < limits.VANISHED or number < limits.VANISHED_SHARE * asked:
        return None
    names = ", ".join(f"{name} {n}" for name, n in sorted(missing.items()))
    cause = f"{number} of {asked} known articles asked for are not there ({names})"
    return Finding(Verdict.GONE, cause, case.night.example(*missing))


def trouble(case: Case) -> Finding | None:
    """Something was read, but the portal was left alone, or most requests came to nothing."""
    night = case.night
    failed, left = night.of(PASSING), night.of([Outcome.LEFT, Outcome.TOO_MANY_ERRORS])
    if not left and failed <= limits.TROUBLE * night.requests:
        return None
    rest = f"; {left} addresses were left for the next night" if left else ""
    refused = night.of(REFUSING)
    if refused and refused >= failed - night.of([Outcome.FLOOD, Outcome.CHALLENGE]):
        return Finding(Verdict.BLOCKED, f"{_refusals(night)}{rest}", night.example(*REFUSING))
    silent, errors = night.of(ANSWERING_NOTHING), night.of([Outcome.HTTP_ERROR])
    cause, names = _absence(night, silent=silent, away=0, errors=errors, missing=0)
    return Finding(Verdict.GONE, f"{failed} of {night.requests} requests failed: {cause}{rest}", night.example(*names))


def reader_broke(case: Case) -> Finding | None:
    """Our own reader failed: a bug, or a page as none was before."""
    failed = case.night.of([Outcome.READER_ERROR])
    if not failed:
        return None
    cause = f"the reader itself failed on {_pages(failed)}: a bug; the log has the traceback"
    return Finding(Verdict.BROKEN_LAYOUT, cause, case.night.example(Outcome.READER_ERROR),
                   at_once=failed > case.night.articles)  # fmt: skip


def thin(case: Case) -> Finding | None:
    """Articles lack what they always had, or what the row of the portal expects of them."""
    night, read = case.night, case.night.figure("read")
    if read < limits.FEW:
        return None
    lost = [_lost(case, name) for name in FIELDS if night.table("filled").get(name, 0) / read < wanted(case, name)]
    length, least = night.figure("length"), case.expect.get("length", limits.SHORTER * case.usual.length)
    if length < least:
        lost.append(f"texts of {length:.0f} letters ({case.usual.length or least:.0f})")
    if case.usual.read >= limits.SETTLED and night.figure("dropped") > case.usual.dropped + limits.MORE_DROPPED:
        lost.append(f"{night.figure('dropped'):.0%} of the lines dropped (usually {case.usual.dropped:.0%})")
    return Finding(Verdict.THIN, f"of {read:.0f} articles: {', '.join(lost)}", night.example("new")) if lost else None


def _lost(case: Case, name: str) -> str:
    rate = case.night.table("filled").get(name, 0) / case.night.figure("read")
    if name in case.expect:
        return f"{name} {rate:.0%} (expected {case.expect[name]:.0%})"
    return f"{name} {rate:.0%} (usually {case.usual.rates.get(name, 0):.0%})"


def wanted(case: Case, name: str) -> float:
    """The share of articles that must have a field: by the row, else by what is usual; 0 where it need not be there."""
    usual = case.usual.rates.get(name, 0)
    return case.expect.get(name, limits.FELL * usual if usual >= limits.LEVEL else 0)


def still_bad(case: Case) -> Finding | None:
    """Nothing speaks against the last finding: no article was read that could show the layout mended."""
    last = case.last
    if last is None or last.is_good or last.health.get("nights") == 0:
        return None
    if case.night.figure("read") or (case.night.figure("mended") and not case.night.figure("kept")):
        return None
    if last.verdict not in (Verdict.BROKEN_LAYOUT, Verdict.THIN):
        return None
    cause = str(last.health.get("cause", ""))
    said = "no article was read since; " if not cause.startswith("no article") else ""
    return Finding(Verdict(last.verdict), f"{said}{cause}", str(last.health.get("example", "")),
                   at_once=bool(last.health.get("is_alarm")))  # fmt: skip


def quiet(case: Case) -> Finding | None:
    """It is read and well, and brings less than it usually does. A first night has nothing to compare with."""
    if case.last is None:
        return None
    news, now = case.news, case.night.end
    least = case.expect.get("new_a_week", 0)
    if news.week < least:
        since = datetime.fromisoformat(case.last.health.get("since") or case.night.started)
        cause = f"{news.week} new in seven days, and its row expects {least:g}"
        return Finding(Verdict.QUIET, cause, at_once=case.last.verdict == Verdict.QUIET and now - since >= limits.SHORT)
    if not news.newest:
        return Finding(Verdict.QUIET, "no article with a date is known of it")
    silence = now - datetime.fromisoformat(news.newest)
    own = case.expect.get("silent_days")
    limit = timedelta(days=own) if own is not None else max(limits.ASLEEP, limits.ASLEEP_GAPS * news.gap)
    if silence <= limit:
        return None
    cause = f"nothing new since {news.newest[:10]}, {silence.days} days ago; usually there is one {_every(news.gap)}"
    is_dead = own is not None or (news.is_fresh and silence > max(limits.DEAD, 2 * limit))
    return Finding(Verdict.QUIET, cause, at_once=is_dead)


RULES: tuple[Rule, ...] = (nothing_read, layout, rewritten, vanished, trouble, reader_broke, thin, still_bad, quiet)


def _refusals(night: Night) -> str:
    """How a portal refuses us, in words."""
    said = []
    if flood := night.of([Outcome.FLOOD]):
        said.append(f"{flood} times the flood blocker answered")
    if challenge := night.of([Outcome.CHALLENGE]):
        said.append(f"{challenge} times a challenge for browsers stood in place of the page")
    if login := night.of([Outcome.LOGIN_ONLY]):
        said.append(f"{login} pages are forbidden or for members ({_statuses(night)})")
    return ", ".join(said)


def _statuses(night: Night) -> str:
    statuses = sorted(night.table("statuses").items(), key=lambda one: -one[1])
    return ", ".join(f"status {status} {times}×" for status, times in statuses[:3]) or "status 200"


def _pages(number: int) -> str:
    return f"{number} page{'s' if number != 1 else ''}"


def _every(gap: timedelta) -> str:
    days = max(1, round(gap / timedelta(days=1)))
    return "every day" if days == 1 else f"every {days} days"
