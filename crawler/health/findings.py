"""What may be wrong with a night, one function each: what it says is the finding, None where nothing is.

The order of RULES is that of the verdicts: a portal that answers nothing is not also thin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.health import limits
from crawler.health.causes import Cause, because, remembered, without
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
    cause: Cause
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
        return Finding(Verdict.CLOSED, because("robots"),
                       night.example(Outcome.FORBIDDEN, Outcome.CLOSED), at_once=True)  # fmt: skip
    if refused and refused == most:
        return _nothing(Verdict.BLOCKED, _refusals(night), night.example(*REFUSING))
    if unfit and unfit == most:
        return _fruitless(case)
    cause, names = _absence(night, silent=silent, away=away, errors=errors, missing=missing)
    return _nothing(Verdict.GONE, cause, night.example(*names))


def _nothing(verdict: Verdict, cause: Cause, example: str) -> Finding:
    return Finding(verdict, because("nothing_read", cause=cause), example, at_once=True)


def _fruitless(case: Case) -> Finding:
    """It answers, and no page leads to an article or is one."""
    example = case.night.example(*UNFIT)
    if case.usual.read or case.news.newest:
        return _nothing(Verdict.BROKEN_LAYOUT, because("no_article_left"), example)
    return _nothing(Verdict.THIN, because("no_article_ever"), example)


def _absence(night: Night, *, silent: int, away: int, errors: int, missing: int) -> tuple[Cause, tuple[str, ...]]:
    """Why a portal is not there, and the outcomes that show it."""
    most = max(silent, away, errors, missing)
    if not most:
        return because("nothing_asked"), ()
    if silent == most:
        said = night.measured.get("no_answer")
        return because("no_answer_as", said=str(said)) if said else because("no_answer"), ANSWERING_NOTHING
    if away == most:
        if night.of([Outcome.PARKED]):
            return because("parked"), (Outcome.PARKED,)
        return because("elsewhere", n=away), SOMEWHERE_ELSE
    if errors == most:
        return because("errors", statuses=_statuses(night)), (Outcome.HTTP_ERROR,)
    return because("no_home", statuses=_statuses(night)), NOT_THERE


def layout(case: Case) -> Finding | None:
    """Its article pages are there, and do not fit what is known of their layout."""
    night = case.night
    bad, fits = int(night.figure("misfits")), int(night.figure("fits"))
    if not bad or not night.measured.get("had_layout"):
        return None
    example = night.example(Outcome.MISFIT)
    cause = because("misfits", bad=bad, pages=bad + fits)
    many = bad >= limits.PAGES and bad >= limits.MISFITS * (bad + fits)
    if night.figure("healed") >= bad:
        if not (many or night.measured.get("relearned")):
            return None
        return Finding(Verdict.BROKEN_LAYOUT, because("relearned", cause=cause), example, is_settled=True)
    if many:
        cause, kept = because("redesigned", cause=cause), int(night.figure("kept"))
        cause = because("kept", cause=cause, n=kept) if kept else cause
        return Finding(Verdict.BROKEN_LAYOUT, cause, example, at_once=True)
    if not fits:
        return Finding(Verdict.BROKEN_LAYOUT, because("none_fits", n=bad), example)
    share = bad / (bad + fits)
    if bad >= limits.PAGES and share > case.usual.misfits + limits.MORE_MISFITS:
        cause = because("more_misfits", bad=bad, pages=bad + fits, usual=case.usual.misfits)
        return Finding(Verdict.THIN, cause, example)
    return None


def rewritten(case: Case) -> Finding | None:
    """Most known articles that were read again say something else than before: no editor does that in a day."""
    known = case.night.table("known")
    changed, asked = known.get(Outcome.CHANGED, 0), sum(known.values())
    if changed < limits.REWRITTEN or changed < limits.REWRITTEN_SHARE * asked:
        return None
    cause = because("rewritten", changed=changed, asked=asked)
    return Finding(Verdict.BROKEN_LAYOUT, cause, case.night.example(Outcome.CHANGED))


def vanished(case: Case) -> Finding | None:
    """A whole family of known articles is not there any more."""
    known = case.night.table("known")
    missing = {name: number for name, number in known.items() if name in {str(one) for one in ABSENT}}
    number, asked = sum(missing.values()), sum(known.values())
    if number < limits.VANISHED or number < limits.VANISHED_SHARE * asked:
        return None
    outcomes = [because(f"absent_{name}", n=n) for name, n in sorted(missing.items())]
    cause = because("vanished", n=number, asked=asked, outcomes=outcomes)
    return Finding(Verdict.GONE, cause, case.night.example(*missing))


def trouble(case: Case) -> Finding | None:
    """Something was read, but the portal was left alone, or most requests came to nothing."""
    night = case.night
    failed, left = night.of(PASSING), night.of([Outcome.LEFT, Outcome.TOO_MANY_ERRORS])
    if not left and failed <= limits.TROUBLE * night.requests:
        return None
    refused = night.of(REFUSING)
    if refused and refused >= failed - night.of([Outcome.FLOOD, Outcome.CHALLENGE]):
        return Finding(Verdict.BLOCKED, _and_left(_refusals(night), left), night.example(*REFUSING))
    silent, errors = night.of(ANSWERING_NOTHING), night.of([Outcome.HTTP_ERROR])
    why, names = _absence(night, silent=silent, away=0, errors=errors, missing=0)
    cause = because("failed", failed=failed, requests=night.requests, cause=why)
    return Finding(Verdict.GONE, _and_left(cause, left), night.example(*names))


def _and_left(cause: Cause, left: int) -> Cause:
    return because("left", cause=cause, n=left) if left else cause


def reader_broke(case: Case) -> Finding | None:
    """Our own reader failed: a bug, or a page as none was before."""
    failed = case.night.of([Outcome.READER_ERROR])
    if not failed:
        return None
    return Finding(Verdict.BROKEN_LAYOUT, because("reader_broke", n=failed), case.night.example(Outcome.READER_ERROR),
                   at_once=failed > case.night.articles)  # fmt: skip


def thin(case: Case) -> Finding | None:
    """Articles lack what they always had, or what the row of the portal expects of them."""
    night, read = case.night, case.night.figure("read")
    if read < limits.FEW:
        return None
    lost = [_lost(case, name) for name in FIELDS if night.table("filled").get(name, 0) / read < wanted(case, name)]
    length, least = night.figure("length"), case.expect.get("length", limits.SHORTER * case.usual.length)
    if length < least:
        lost.append(because("short_texts", length=round(length), usual=round(case.usual.length or least)))
    dropped = night.figure("dropped")
    if case.usual.read >= limits.SETTLED and dropped > case.usual.dropped + limits.MORE_DROPPED:
        lost.append(because("dropped", rate=dropped, usual=case.usual.dropped))
    return Finding(Verdict.THIN, because("thin", n=round(read), lost=lost), night.example("new")) if lost else None


def _lost(case: Case, name: str) -> Cause:
    rate, field = case.night.table("filled").get(name, 0) / case.night.figure("read"), because(f"field_{name}")
    if name in case.expect:
        return because("field_expected", field=field, rate=rate, expected=case.expect[name])
    return because("field_usually", field=field, rate=rate, usual=case.usual.rates.get(name, 0))


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
    cause = because("since", cause=without(remembered(last.health), "since", "before"))
    return Finding(Verdict(last.verdict), cause, str(last.health.get("example", "")),
                   at_once=bool(last.health.get("is_alarm")))  # fmt: skip


def quiet(case: Case) -> Finding | None:
    """It is read and well, and brings less than it usually does. A first night has nothing to compare with."""
    if case.last is None:
        return None
    news, now = case.news, case.night.end
    least = case.expect.get("new_a_week", 0)
    if news.week < least:
        since = datetime.fromisoformat(case.last.health.get("since") or case.night.started)
        cause = because("fewer_new", n=news.week, least=float(least))
        return Finding(Verdict.QUIET, cause, at_once=case.last.verdict == Verdict.QUIET and now - since >= limits.SHORT)
    if not news.newest:
        return Finding(Verdict.QUIET, because("never_dated"))
    silence = now - datetime.fromisoformat(news.newest)
    own = case.expect.get("silent_days")
    limit = timedelta(days=own) if own is not None else max(limits.ASLEEP, limits.ASLEEP_GAPS * news.gap)
    if silence <= limit:
        return None
    cause = because("silent", newest=news.newest, n=silence.days, every=_every(news.gap))
    is_dead = own is not None or (news.is_fresh and silence > max(limits.DEAD, 2 * limit))
    return Finding(Verdict.QUIET, cause, at_once=is_dead)


RULES: tuple[Rule, ...] = (nothing_read, layout, rewritten, vanished, trouble, reader_broke, thin, still_bad, quiet)


def _refusals(night: Night) -> Cause:
    """How a portal refuses us."""
    said = []
    if flood := night.of([Outcome.FLOOD]):
        said.append(because("flood", n=flood))
    if challenge := night.of([Outcome.CHALLENGE]):
        said.append(because("challenge", n=challenge))
    if login := night.of([Outcome.LOGIN_ONLY]):
        said.append(because("login", n=login, statuses=_statuses(night)))
    return because("refusals", causes=said)


def _statuses(night: Night) -> list[Cause]:
    statuses = sorted(night.table("statuses").items(), key=lambda one: -one[1])
    return [because("status", status=status, n=times) for status, times in statuses[:3]] or [because("status_200")]


def _every(gap: timedelta) -> Cause:
    days = max(1, round(gap / timedelta(days=1)))
    return because("every_day") if days == 1 else because("every", n=days)
