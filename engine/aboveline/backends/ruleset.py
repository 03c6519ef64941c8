"""One ruleset of durable_rules, spoken to through the package's C module and without its own loop.

The loop of the package makes a promise, a closure and two JSON texts of every
action, and writes the state back after each. Our rules change no state: what a
rule found is read, and the next is asked for.
"""

import json
import weakref
from collections.abc import Mapping
from typing import Any

import durable_rules_engine
import orjson

__all__ = ["Fired", "Ruleset"]

Fired = tuple[str, Mapping[str, Mapping[str, Any]]]
"""The name of a rule that fired, and the facts it bound by alias."""

_TAKEN = 2


class Ruleset:
    """Rules in the wire form, by name. A session in it goes by its ``sid``."""

    def __init__(self, name: str, rules: Mapping[str, Any]) -> None:
        self._handle: int = durable_rules_engine.create_ruleset(name, json.dumps(rules, ensure_ascii=False))
        self._state = 0
        # The engine never frees a ruleset of itself: a megabyte or more of each would be kept for good.
        weakref.finalize(self, durable_rules_engine.delete_ruleset, self._handle)

    def tell(self, fact: str) -> bool:
        """Assert a fact, the text of a JSON object with an ``id`` and a ``sid``; false where the id was taken.

        A fact that no rule reads is told all the same: it is no news.

        Raises:
            Exception: the engine failed, and says so by a number.
        """
        told, self._state = durable_rules_engine.assert_fact(self._handle, fact)
        return bool(told != _TAKEN)

    def fired(self) -> list[Fired]:
        """Return what has fired, each once, in the session that was told something last.

        Raises:
            Exception: the engine failed, and says so by a number.
        """
        fired: list[Fired] = []
        started = durable_rules_engine.start_action_for_state(self._handle, self._state)
        text = started[1] if started else None
        while text:
            fired += orjson.loads(text).items()
            text = durable_rules_engine.complete_and_start_action(self._handle, self._state)
        return fired

    def forget(self, sid: str) -> None:
        """End a session. One in which nothing has fired must not be: the engine frees memory there that it never set.

        Raises:
            Exception: the engine failed, and says so by a number.
        """
        durable_rules_engine.delete_state(self._handle, sid)
