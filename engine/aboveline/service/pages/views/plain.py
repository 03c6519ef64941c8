"""Pages of words: signing in and out, what went wrong, cookies, accessibility."""

from aboveline.case.base import Record
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import Link, View

__all__ = [
    "Cookie", "CookiesPage", "Message", "accessibility", "cookies", "expired", "not_allowed", "not_found", "problem",
    "signed_out", "too_many",
]  # fmt: skip


class Message(View):
    """A heading, some paragraphs, and where to go from here."""

    paragraphs: tuple[str, ...]
    links: tuple[Link, ...] = ()


class Cookie(Record):
    """A cookie: its name, what it is for, how long it is kept."""

    name: str
    purpose: str
    kept: str


class CookiesPage(View):
    """What cookies are set."""

    cookies: tuple[Cookie, ...]


_HOME = (Link(text="Go to the dashboard", href=urls.DASHBOARD),)


def signed_out() -> Message:
    """Build the page after signing out."""
    return Message(
        title="You are signed out",
        paragraphs=("What you saved is kept. Close the browser if others use this computer.",),
        links=(Link(text="Sign in again", href=urls.SIGN_IN),),
    )


def not_found() -> Message:
    """Build the page for what is not there, or not for the caller to see: the two look the same."""
    return Message(
        title="Page not found",
        paragraphs=(
            "If you typed the address, check that it is right. If you pasted it, check that you copied all of it.",
            "You only see cases and audits of your own areas. If you should see this page, ask whoever looks after users.",
        ),
        links=_HOME,
    )


def not_allowed() -> Message:
    """Build the page for what the caller's roles do not cover."""
    return Message(
        title="You do not have access to this page",
        paragraphs=(
            "Your account does not have the role that this page needs. Ask whoever looks after users for it.",
        ),
        links=_HOME,
    )


def expired() -> Message:
    """Build the page for a form whose token is not valid any more."""
    return Message(
        title="This form has expired",
        paragraphs=("Nothing was changed. Go back, load the page again and send the form once more.",),
        links=_HOME,
    )


def too_many() -> Message:
    """Build the page for a caller who asks too often."""
    return Message(
        title="Too many requests",
        paragraphs=("Wait a minute, then try again. Nothing was lost.",),
        links=_HOME,
    )


def problem(reference: str) -> Message:
    """Build the page for a failure of ours. ``reference`` is the correlation id by which it can be found in the log."""
    return Message(
        title="Sorry, there is a problem with the service",
        paragraphs=(
            "Try again later. What you saved before is kept.",
            f"If it happens again, tell whoever runs this service, and give them this reference: {reference}.",
        ),
        links=_HOME,
    )


def cookies(session: str, attempt: str, done: str, kept: str) -> CookiesPage:
    """Build the page that names the cookies, all of them: of the session, of signing in, of what was just done."""
    return CookiesPage(
        title="Cookies",
        cookies=(
            Cookie(
                name=session,
                purpose="Keeps you signed in, and your forms safe from being sent by others",
                kept=kept,
            ),
            Cookie(
                name=attempt,
                purpose="Brings you back to where you were once you have signed in",
                kept="until you have signed in, 10 minutes at most",
            ),
            Cookie(
                name=done,
                purpose="Tells you on the next page that what you did was saved",
                kept="until the next page, a minute at most",
            ),
        ),
    )


def accessibility(contact: str | None) -> Message:
    """Build the accessibility statement."""
    return Message(
        title="Accessibility statement",
        paragraphs=(
            "Aboveline is made so that as many people as possible can use it: by keyboard, with a screen reader, magnified four times, without scripts, and on a phone.",
            "Every page is checked by machine (axe) at desktop and phone width each time the software changes, against the rules of WCAG 2.2 at level AA that a machine can check. It has not been audited by a person who relies on assistive technology, so there may be barriers that no machine finds.",
            "Charts stand beside a table of the same figures. Wide tables stack on a phone, and scroll by keyboard elsewhere.",
            "Reports as PDF are tagged; the web page of the same report is the more accessible of the two.",
            f"To report a barrier, write to {contact}." if contact else "To report a barrier, tell whoever runs this service.",
        ),
    )  # fmt: skip
