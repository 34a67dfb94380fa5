"""The report as JSON. docs/report.md describes the shape; whatever changes its meaning raises VERSION."""

from __future__ import annotations

import json
from typing import Any

from crawler.reporting.night import Night, PortalNight

VERSION = 1


def record(night: Night) -> dict[str, Any]:
    """The night as plain values."""
    return {
        "version": VERSION,
        "run": night.run,
        "ending": str(night.ending),
        "good": night.is_good,
        "exit_code": night.exit_code,
        "reason": night.reason,
        "started": night.started,
        "finished": night.finished,
        "seconds": night.seconds,
        "totals": {
            "portals": len(night.portals),
            "requests": night.requests,
            "purposes": night.purposes,
            **{name: night.total(name) for name in ("new", "changed", "unchanged", "withdrawn")},
        },
        "needs_a_person": [one.portal for one in night.needs_a_person],
        "portals": [_portal(one) for one in night.portals],
        "certificates": [
            {
                "portal": one.portal,
                "host": one.host,
                "faults": list(one.faults),
                "since": one.since,
                "expires": one.expires,
            }
            for one in night.certificates
        ],
        "days_without": list(night.days_without),
        "unfinished": list(night.unfinished),
        "newest": [
            {"portal": one.portal, "title": one.title, "url": one.url, "published": one.published}
            for one in night.newest
        ],
    }


def write(night: Night) -> str:
    """The same as text."""
    return json.dumps(record(night), ensure_ascii=False) + "\n"


def _portal(one: PortalNight) -> dict[str, Any]:
    health = one.health
    return {
        "portal": one.portal,
        "name": one.name,
        "url": one.url,
        "turn": str(one.turn),
        "failed": one.failed,
        "verdict": str(health.verdict) if health else None,
        "since": health.since if health else "",
        "nights": health.nights if health else 0,
        "needs_a_person": one.needs_a_person,
        "cause": health.cause if health else "",
        "example": health.example if health else "",
        "figures": dict(health.figures) if health else {},
        "requests": one.requests,
        "purposes": dict(one.purposes),
        "outcomes": dict(one.outcomes),
        "errors": one.errors,
        "days": [
            {"day": day.day, "runs": day.runs, "requests": day.requests, "new": day.new, "read": day.was_read}
            for day in one.past
        ],
    }
