"""Messages to people, by e-mail, webhook or whatever else apprise knows: one address a recipient.

Addresses are apprise's own (mailtos://, json://, tgram://, ...; https://appriseit.com/services/). They hold passwords
and tokens, often where a host name would stand: no message, log or error of ours repeats any part of one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import apprise

# What the libraries have to say quotes addresses and answers of servers; that a message failed is in our error.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

MAX_TITLE = 250  # characters


class NotifyError(RuntimeError):
    """A message was not taken by everybody it was for; `failed` are the positions of those who did not, from 0."""

    def __init__(self, failed: Sequence[int], kinds: Sequence[str]) -> None:
        self.failed = tuple(failed)
        named = ", ".join(f"recipient {number + 1} ({kind})" for number, kind in zip(failed, kinds, strict=True))
        super().__init__(f"the message could not be sent to {named}")


class WrongTarget(ValueError):
    """An address that no service of apprise knows; `position` from 0."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(f"recipient {position + 1} is no address that can be sent to (see appriseit.com/services)")


def check(targets: Sequence[str]) -> None:
    """Nothing is sent. Raises WrongTarget."""
    for position, target in enumerate(targets):
        _service(position, target)


def notify(targets: Sequence[str], title: str, text: str) -> None:
    """Send plain text to every target, one after another; one that fails keeps no other from its message.

    Raises WrongTarget before anything is sent, and NotifyError after everything that could be sent was.
    """
    services = [_service(position, target) for position, target in enumerate(targets)]
    line = " ".join(title.split())[:MAX_TITLE]
    failed = [position for position, service in enumerate(services) if not _sent(service, line, text)]
    if failed:
        raise NotifyError(failed, [str(services[position].service_name) for position in failed])


def _service(position: int, target: str) -> apprise.NotifyBase:
    service = apprise.Apprise.instantiate(target, suppress_exceptions=True)
    if service is None:
        raise WrongTarget(position)
    return service


def _sent(service: apprise.NotifyBase, title: str, text: str) -> bool:
    """apprise says what went wrong by its answer alone: it raises nothing."""
    sender = apprise.Apprise()
    sender.add(service)
    return bool(sender.notify(text, title, body_format=apprise.NotifyFormat.TEXT))
