"""Sessions of those who signed in by browser.

The cookie holds a random word and nothing else. What it stands for is kept
here, under the word's hash: whoever reads what is kept cannot use it, and
signing out ends a session wherever its cookie has gone.

The cookie is ``SameSite=Lax``. ``Strict`` would be lost on the way back from the
identity provider, and on a link in an e-mail. No GET changes anything, and
every other request carries a token of its own (``csrf``).
"""

import datetime as dt
import hashlib
import secrets
import threading
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import Response

from aboveline.case.base import Record
from aboveline.service.clock import Clock
from aboveline.service.ports import SessionStore
from aboveline.service.settings import Settings

from .roles import Role

__all__ = ["MemorySessions", "Session", "Sessions"]

_MOST = 10_000


class Session(Record):
    """Somebody who signed in, until when, and the token that their forms carry."""

    user_name: str
    client_id: str
    roles: tuple[Role, ...]
    csrf_token: str
    ends_at: dt.datetime
    idle_from: dt.datetime

    def __repr__(self) -> str:
        return "Session(...)"


class Sessions:
    """Begins sessions, finds them again, ends them."""

    def __init__(self, store: SessionStore, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._idle = dt.timedelta(minutes=settings.session_idle_minutes)
        self._whole = dt.timedelta(hours=settings.session_hours)
        self._secure = settings.is_production
        # The prefix keeps other hosts of the same domain from setting it; browsers want Secure with it.
        self.cookie = "__Host-aboveline" if self._secure else "aboveline"

    def begin(
        self, request: Request, response: Response, user_name: str, client_id: str, roles: frozenset[Role]
    ) -> Session:
        """Begin a session under a new word, in place of any that the browser had, and set its cookie."""
        now = self._clock.now()
        self._forget(request)
        word = secrets.token_urlsafe(32)
        session = Session(
            user_name=user_name,
            client_id=client_id,
            roles=tuple(sorted(roles)),
            csrf_token=secrets.token_urlsafe(32),
            ends_at=now + self._whole,
            idle_from=now + self._idle,
        )
        self._store.put(_hash(word), session.model_dump_json(), min(session.ends_at, session.idle_from))
        self._set(response, word)
        return session

    def find(self, request: Request) -> Session | None:
        """Return the session of a request, and keep it from going idle; or nothing."""
        word = request.cookies.get(self.cookie)
        if not word:
            return None
        now = self._clock.now()
        text = self._store.get(_hash(word), now)
        if text is None:
            return None
        session = Session.model_validate_json(text)
        if now >= session.ends_at or now >= session.idle_from:
            return None
        # Not on every request: a page asks for many things at once.
        if session.idle_from - now < self._idle * 0.9:
            session = session.model_copy(update={"idle_from": now + self._idle})
            expires_at = min(session.ends_at, session.idle_from)
            self._store.renew(_hash(word), session.model_dump_json(), expires_at)
        return session

    def end(self, request: Request, response: Response) -> None:
        """End the session of a request, here and in the browser."""
        self._forget(request)
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _forget(self, request: Request) -> None:
        word = request.cookies.get(self.cookie)
        if word:
            self._store.take(_hash(word), self._clock.now())

    def _set(self, response: Response, word: str) -> None:
        # No lifetime: it goes with the browser, and here it ends when it ends.
        response.set_cookie(self.cookie, word, path="/", secure=self._secure, httponly=True, samesite="lax")


class MemorySessions:
    """Keeps sessions in this process: for development, tests, and a service of one process."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[str, dt.datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, key: str, text: str, expires_at: dt.datetime) -> None:
        """Keep a text; where there are too many, the one untouched for longest goes."""
        with self._lock:
            self._kept[key] = (text, expires_at)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def renew(self, key: str, text: str, expires_at: dt.datetime) -> None:
        """Keep a text in place of the one there is, and none where there is none."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = (text, expires_at)
                self._kept.move_to_end(key)

    def get(self, key: str, now: dt.datetime) -> str | None:
        """Return the text, or nothing where it has expired."""
        with self._lock:
            text, expires_at = self._kept.get(key, (None, now))
            if now < expires_at:
                return text
            self._kept.pop(key, None)
            return None

    def take(self, key: str, now: dt.datetime) -> str | None:
        """Return the text and forget it."""
        with self._lock:
            text, expires_at = self._kept.pop(key, (None, now))
            return text if now < expires_at else None


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
