"""The whole service on a database of its own, with what somebody in it does, by browser and by worker."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from aboveline.service.composing import compose
from aboveline.service.guard import Router
from aboveline.service.identity import PEOPLE
from aboveline.service.worker import Worker
from aboveline.store import Act, Database, users
from service.world import NOW, World, settings_of

__all__ = ["CASES", "Office", "day", "heading", "told"]

CASES = Path(__file__).parents[2] / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"


class Office(World):
    """The service with its store and pages, and the invented people with their areas granted there."""

    def __init__(self, database: Database, **more: Any) -> None:
        self.database = database
        with database.begin() as session:
            for person in PEOPLE:
                for area in person.areas:
                    act = Act("test", NOW, "")
                    users.change(session, act, person.user_name, users.Grantable.AREA, area, granted=True)
        more.setdefault("settings", settings_of(requests_at_once=10_000))
        super().__init__(**more)

    def _put_together(self, routers: Iterable[Router], more: dict[str, Any]) -> FastAPI:
        del routers
        return compose(
            self.settings,
            self.database,
            clock=self.clock,
            transport=self.provider,
            **more,
        )

    def send(
        self, page: str, form: Mapping[str, Any], *, to: str | None = None, files: Any = None
    ) -> httpx2.Response:
        """Send a form from the page that shows it, with that page's token, as whoever is signed in."""
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.get(page).text)[0]
        data = {"csrf_token": token, **form}
        return self.post(to or page, data=data, files=files, headers={"origin": self.settings.origin})

    def upload(self, content: bytes | None = None, label: str = "Sample") -> httpx2.Response:
        """Upload a file, by default the sample of York and North Yorkshire."""
        files = {
            "file": ("a-name-that-is-not-kept.jsonl", CASES.read_bytes() if content is None else content)
        }
        return self.send("/uploads/new", {"label": label}, files=files)

    def work(self) -> int:
        """Do every job that waits, and return how many those were."""
        worker = Worker(self.database, self.clock)
        done = 0
        while worker.once():
            done += 1
        return done

    def audit(self, *areas: str, day: str = "2013-12-02", **more: Any) -> str:
        """Start an audit by its form, have it done, and return the address of its page."""
        year, month, date = day.split("-")
        form = {"as_of-year": year, "as_of-month": month, "as_of-day": date, "areas": list(areas) or ["*"]}
        form |= {"standards": "report-2014", "average": "questions", "by": ["gender"]} | more
        self.clock.go_on(seconds=1)  # what is asked for later sorts later
        answer = self.send("/audits/start", form)
        assert 303 == answer.status_code, told(answer.text)
        self.work()
        return str(answer.headers["location"])


def day(name: str, iso: str) -> dict[str, str]:
    """Return the three fields of a day in a form."""
    year, month, date = iso.split("-")
    return {f"{name}-year": year, f"{name}-month": month, f"{name}-day": date}


def heading(page: str) -> str:
    """Return the heading of a page."""
    return unescape(re.findall(r"<h1[^>]*>([^<]+)</h1>", page)[0].strip())


def told(page: str) -> str:
    """Return the words of a page."""
    text = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()
