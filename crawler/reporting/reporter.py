"""The end of a run, whatever became of it: judged, shown, written down, told to people; a heartbeat if it was good."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.exits import GOOD, NOT_SENT, PORTAL_FAILED, STORE_FAILED
from archive.i18n import DEFAULT, LANGUAGES
from crawler.portals import Portal
from crawler.reporting import gathering, heartbeat, page, record, shelf, table, telling
from crawler.reporting.night import Ending, Night
from crawler.reporting.telling import Audience
from crawler.runs import Run


class WrongSetting(ValueError):
    """A setting of the report is wrong; the message names it, and holds no part of an address."""


@dataclass
class Reporter:
    """Reports on one command: made, configured; began() when there is a run; in the end concluded() or refused()."""

    data_dir: Path
    language: str = DEFAULT
    targets: tuple[str, ...] = ()
    heartbeat_url: str = ""
    run: Run | None = None
    rows: Sequence[Portal] = ()
    is_whole: bool = False

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Take the settings as far as they are right. Raises WrongSetting."""
        language = str(settings.get("REPORT_LANGUAGE") or DEFAULT)
        if language not in LANGUAGES:
            raise WrongSetting(f"REPORT_LANGUAGE must be one of {', '.join(LANGUAGES)}")
        self.language = language
        targets = tuple(dict.fromkeys(str(settings.get("NOTIFY_URLS") or "").split()))
        url = str(settings.get("HEARTBEAT_URL") or "").strip()
        try:
            telling.check(targets)
            self.targets = targets
            if url:
                heartbeat.check(url)
        except ValueError as error:
            raise WrongSetting(str(error)) from error
        self.heartbeat_url = url

    def began(self, run: Run, rows: Sequence[Portal], *, is_whole: bool) -> None:
        """There is a run over these portals; `is_whole`: they are all that are enabled."""
        self.run, self.rows, self.is_whole = run, rows, is_whole

    def concluded(self, code: int, reason: str = "") -> int:
        """The run is over and its end is kept: report it. Returns the exit code.

        `reason`: why it ended before its work was done ("interrupted", "out of time"), "" where it did not.
        """
        assert self.run is not None
        return self._told(gathering.of_run(self.run, self.rows, code, reason=reason))

    def refused(self, code: int, error: Exception) -> None:
        """The run could not begin, or the archive failed after the crawl: `error` says how. Never raises."""
        if self.run is None:
            self._told(gathering.not_started(code, str(error)))
        else:
            self._told(gathering.of_run(self.run, self.rows, code, str(error)))

    def _told(self, night: Night) -> int:
        """Report a night in every way; returns its exit code, or what went wrong in reporting where that is worse."""
        night, code = gathering.with_past(night, self.data_dir), night.exit_code
        path, written = self._put_down(night)
        if not written:
            code = max(code, STORE_FAILED)
        started = night.ending is not Ending.NOT_STARTED
        if not started and sys.stderr.isatty():  # whoever mistyped it reads the sentence there: no need to tell others
            return code
        keys = [row.key for row in self.rows] if self.is_whole else None
        sent = telling.tell(night, Audience(self.targets, self.language, keys), self.data_dir, path)
        if night.is_good and code in (GOOD, PORTAL_FAILED):
            self._beat()
        if started:
            table.show(night, path)
        return code if sent or code != GOOD else NOT_SENT

    def _put_down(self, night: Night) -> tuple[Path | None, bool]:
        """Write the report; where it stands, and whether all is as it should be."""
        if night.ending is Ending.NOT_STARTED and not self.data_dir.is_dir():
            return None, True  # a first run that is refused makes no folder
        try:
            path = shelf.put(
                self.data_dir,
                night.started[:10],
                record.write(night),
                lambda json_name: page.write(night, self.language, json_name),
            )
        except shelf.ReportError as error:
            if night.exit_code <= PORTAL_FAILED:  # else that has been said: the same disk
                _say(str(error))
            return None, False
        return path, True

    def _beat(self) -> None:
        """A heartbeat that is not taken is a warning: the night is as good as it was."""
        if not self.heartbeat_url:
            return
        try:
            heartbeat.beat(self.heartbeat_url)
        except heartbeat.HeartbeatError as error:
            _say(str(error))


def _say(line: str) -> None:
    print(f"nightly: {line}", file=sys.stderr)
