"""What was asked last of a copy, and its answer. A copy never changes, so that its path and the question say all."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

REMEMBERED = 256  # answers

_held: OrderedDict[tuple[Any, ...], Any] = OrderedDict()


def recall(*question: Any) -> Any:
    """The answer to a question; None where it is not remembered."""
    if question in _held:
        _held.move_to_end(question)
    return _held.get(question)


def keep(answer: Any, *question: Any) -> Any:
    """Remember an answer, and return it; the one that was not asked for longest is forgotten."""
    _held[question] = answer
    while len(_held) > REMEMBERED:
        _held.popitem(last=False)
    return answer


def forget() -> None:
    """Forget all."""
    _held.clear()
