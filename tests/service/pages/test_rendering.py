"""Every page as it is sent: its outline, its forms, its tables, and nothing that its policy forbids or that a person slipped in."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import pages_gallery as gallery
from aboveline.service.pages import context, urls
from aboveline.service.pages.assets import STATIC
from aboveline.service.pages.context import PageContext, Site
from aboveline.service.pages.rendering import render
from aboveline.service.pages.views import actions, case_list, plain
from aboveline.service.pages.views.parts import View

NAMES = tuple(gallery.views())
TOKEN = "t0ken"
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta"}
EVIL = "<script>alert(1)</script>\" onload='x' {{ 7*7 }}"


class Outline(HTMLParser):
    """The elements of a page with their attributes, its headings with their text, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.title = ""
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that has begun."""
        self.elements.append((tag, dict(attrs)))
        if re.fullmatch(r"h\d", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that ends where it begins."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Take the end of an element, and note one that does not fit."""
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        """Take the text of the title and of headings."""
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.title += data
        if any(re.fullmatch(r"h\d", one) for one in self.open):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of some tags."""
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each page."""
    return str(request.param)


@pytest.fixture
def outline(name: str) -> Outline:
    """Return the outline of each page."""
    return Outline(gallery.page(name))


def test_outline_is_in_order(outline: Outline) -> None:
    """There is one heading of the first level, no level is left out on the way down, and every element is closed."""
    before_content = {"Support links", "There is a problem", "Success"}
    levels = [level for level, text in outline.headings if text.strip() not in before_content]

    assert 1 == levels.count(1)
    assert 1 == levels[0]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in outline.headings)
    assert [] == outline.unclosed
    assert [] == outline.open


def test_title_names_page_and_service(name: str, outline: Outline) -> None:
    """The title is the heading with the service's name, and says Error first where the form has one."""
    _, view, _ = gallery.views()[name]

    told = f"{view.title} \N{EN DASH} Aboveline"
    assert (f"Error: {told}" if view.errors else told) == outline.title.strip()


def test_nothing_that_the_policy_forbids(outline: Outline) -> None:
    """Scripts carry the nonce; there is no style element, no style or event attribute, and no address of another host."""
    assert all("n0nce" == one.get("nonce") for one in outline.all("script"))
    assert [] == outline.all("style")
    for tag, attributes in outline.elements:
        assert not [one for one in attributes if one == "style" or one.startswith("on")], tag
        for one in ("href", "src", "action"):
            address = attributes.get(one) or "/"
            assert address.startswith(("/", "#", "mailto:")), address
            assert not address.startswith("//")


def test_ids_are_unique_and_references_resolve(outline: Outline) -> None:
    """No id stands twice; labels, descriptions and links within the page lead to an id that is there."""
    ids = Counter(one["id"] for _, one in outline.elements if one.get("id"))

    assert [] == [one for one, times in ids.items() if times > 1]
    for _, attributes in outline.elements:
        wanted = " ".join(
            attributes.get(one) or "" for one in ("for", "aria-labelledby", "aria-describedby")
        ).split()
        href = attributes.get("href") or ""
        if href.startswith("#"):
            wanted.append(href[1:])
        assert set(wanted) <= ids.keys()


def test_forms_can_be_sent_and_are_labelled(outline: Outline) -> None:
    """A form that changes something carries the token; every field has a label."""
    posts = [one for one in outline.all("form") if one.get("method") == "post"]
    tokens = [one for one in outline.all("input") if one.get("name") == "csrf_token"]
    labelled = {one.get("for") for one in outline.all("label")}

    assert len(posts) == len(tokens)
    assert all(TOKEN == one.get("value") for one in tokens)
    fields = [one for one in outline.all("input", "select", "textarea") if one.get("type") != "hidden"]
    assert [] == [one for one in fields if one.get("id") not in labelled]


def test_errors_stand_in_the_summary_and_at_the_field(name: str) -> None:
    """Each error is told twice, and the summary leads to the field."""
    _, view, _ = gallery.views()[name]
    html = gallery.page(name)

    for error in view.errors:
        told = error.text.replace("'", "&#39;")
        assert 2 == html.count(told)
        assert f'href="#{error.field}"' in html


def test_tables_have_captions_and_scopes(outline: Outline) -> None:
    """Every table has a caption, and every header says what it is a header of."""
    assert len(outline.all("table")) == len(outline.all("caption"))
    assert all(one.get("scope") in {"col", "row"} for one in outline.all("th"))


def test_no_address_holds_a_case(name: str) -> None:
    """Links, forms and fields know cases by key alone."""
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', gallery.page(name))

    assert not [one for one in addresses if "YNY-" in one]


def test_assets_exist(outline: Outline) -> None:
    """Whatever a page asks for is shipped."""
    wanted = {one["href"] for one in outline.all("link")} | {
        one["src"] for one in outline.all("script") if "src" in one
    }

    assert wanted
    assert all(one and (STATIC / one.removeprefix(f"{urls.ASSETS}/")).is_file() for one in wanted)


def test_every_template_is_in_the_gallery() -> None:
    """No page is without the tests of this module."""
    templates = {path.stem for path in (STATIC.parent / "templates").glob("*.html")} - {"base", "macros"}

    assert templates == {template for template, _, _ in gallery.views().values()}


def test_what_people_write_is_only_text() -> None:
    """Markup in what somebody wrote, or in their name, does not become markup."""
    action = actions.Action(
        id="P1", text=EVIL, recommendation=None, area=EVIL, owner=EVIL, due=gallery.AS_OF, state=actions.ActionState.OPEN,
    )  # fmt: skip
    page = _page(user=EVIL, done=EVIL)
    html = [
        render("actions", actions.action_list([action], gallery.AS_OF), page),
        render(
            "action",
            actions.action_form(action, {EVIL: EVIL}, {"R1": EVIL}, (), {"note": EVIL, "owner": EVIL}),
            page,
        ),
        render("message", plain.problem(EVIL), page),
        render(
            "cases",
            case_list.case_list(
                [case_list.CaseRow(key="k", case=EVIL, area=EVIL, uploaded=gallery.AS_OF, insufficient=1)],
                1,
                areas=[EVIL],
                questions={"AS-01": EVIL},
                audited=gallery.AS_OF,
                values={"case": EVIL},
            ),
            page,
        ),
    ]

    for one in html:
        assert "alert(1)" in one
        assert "<script>alert" not in one
        assert "49" not in re.findall(r"onload=.x. (\S+)", one)
        assert not [a for _, attributes in Outline(one).elements for a in attributes if a == "onload"]


def test_buttons_are_there_for_those_who_may() -> None:
    """A reader sees what a writer sees but for what they may not do."""
    reader = gallery.page("audits", roles=frozenset({context.READ}))
    writer = gallery.page("audits", roles=frozenset({context.READ, context.WRITE}))

    assert urls.AUDIT_START not in reader
    assert urls.AUDIT_START in writer
    for address in (urls.UPLOADS, urls.TRAIL, urls.USERS, urls.MODERATION):
        assert f'href="{address}"' not in reader
    assert "Answer differently" not in gallery.page("explanation", roles=frozenset({context.READ}))


def test_crown_is_for_gov_uk_alone() -> None:
    """No page has the crown or the name GOV.UK unless the site says that it is there."""
    assert "GOV.UK" not in gallery.page("dashboard")
    assert "govuk-logo" not in gallery.page("dashboard")
    assert "GOV.UK" in gallery.page("dashboard", Site(gov_uk=True))


def test_template_cannot_ask_for_what_a_view_has_not() -> None:
    """A page whose template and view do not fit fails, and does not leave a blank."""
    with pytest.raises(AttributeError, match="View has no paragraphs"):
        render("message", View(title="Wrong"), _page())


def _page(user: str | None = "PERF-1", done: str | None = None) -> PageContext:
    return PageContext(
        csp_nonce="n0nce", csrf_token=TOKEN, path="/", user=user, done=done, roles=gallery.EVERYTHING
    )
