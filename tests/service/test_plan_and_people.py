"""The action plan, two audits beside each other, the trail, and what users may do and where."""

import re

from sqlalchemy import text

from aboveline.store import trail
from service.office import Office, heading, told

ACTION = {
    "text": "Ask for the report in every case",
    "area": "YRK",
    "recommendation": "",
    "owner": "TEAM-3",
    "due-day": "1",
    "due-month": "6",
    "due-year": "2026",
    "state": "open",
}


def test_action_is_added_changed_and_its_changes_are_kept(office: Office) -> None:
    """It is in the list; a change needs to be of what was looked at; all that it said stands in its history."""
    office.sign_in("MANAGER")
    office.upload()
    added = office.send("/actions/new", ACTION)
    (address,) = re.findall(r'href="(/actions/[0-9a-f-]+)"', office.get("/actions").text)
    change = {**ACTION, "version": "1", "state": "in_progress", "note": "Begun."}
    first = office.send(address, change)
    second = office.send(address, change | {"state": "done", "note": "Too late."})
    page = told(office.get(address).text)

    assert (303, 303) == (added.status_code, first.status_code)
    assert 422 == second.status_code
    assert "Somebody else changed this action" in told(second.text)
    assert "Begun." in page
    assert "Too late." not in page
    assert "1 of 1 to be done, 0 of them overdue" in told(office.get("/actions").text)


def test_action_that_cannot_be_used_says_what_to_do(office: Office) -> None:
    """Each field that is wrong is told of."""
    office.sign_in("MANAGER")
    office.upload()
    wrong = told(office.send("/actions/new", {"due-day": "40", "due-month": "1", "due-year": "2026"}).text)

    for words in ("Say what is to be done", "Choose the area", "Say who owns it", "must be a real date"):
        assert words in wrong
    assert "No action has been agreed yet" in told(office.get("/actions").text)


def test_action_of_another_area_is_not_there(office: Office) -> None:
    """A reader of York sees York's, cannot change it, and sees no sign of Scarborough's."""
    office.sign_in("MANAGER")
    office.upload()
    office.send("/actions/new", ACTION)
    office.send("/actions/new", ACTION | {"area": "SCA", "text": "Something else"})
    office.send("/actions/new", ACTION | {"area": "*", "text": "Everywhere"})
    every = re.findall(r'href="(/actions/[0-9a-f-]+)"', office.get("/actions").text)
    office.sign_in("READER")
    listed = office.get("/actions").text
    mine = re.findall(r'href="(/actions/[0-9a-f-]+)"', listed)

    assert 3 == len(every)
    assert 1 == len(mine)
    assert "Something else" not in listed
    assert {404} == {office.get(one).status_code for one in every if one not in mine}
    assert "What has changed" in told(office.get(mine[0]).text)
    assert "<form" not in office.get(mine[0]).text.split("<main")[1]
    writer = {"authorization": f"Bearer {office.token('READER', authorities=['ROLE_ABOVELINE__AUDIT__RW'])}"}
    other = next(one for one in every if one not in mine)
    assert 404 == office.post(other, data=ACTION | {"version": "1"}, headers=writer).status_code
    assert 422 == office.post("/actions/new", data=ACTION | {"area": "SCA"}, headers=writer).status_code


def test_two_audits_are_compared(office: Office) -> None:
    """The form leads to both beside each other; an audit beside itself is refused; another area's is not there."""
    office.sign_in("MANAGER")
    office.upload()
    before, after = (office.audit(day=day).removeprefix("/audits/") for day in ("2013-06-03", "2013-12-02"))
    chosen = office.get(f"/compare?before={before}&after={after}")
    page = office.get(chosen.headers["location"])
    same = office.get(f"/compare?before={before}&after={before}")
    office.sign_in("READER")

    assert "Compare two audits" == heading(office.get("/compare").text)
    assert (303, 200) == (chosen.status_code, page.status_code)
    assert "49 cases in both" in told(page.text)
    assert 422 == same.status_code
    assert 404 == office.get(f"/compare/{before}/{after}").status_code
    assert 422 == office.get(f"/compare?before={before}&after={after}").status_code


def test_trail_shows_what_was_done_and_that_it_is_whole(office: Office) -> None:
    """Who uploaded and who looked after users, and no id of a case."""
    office.sign_in("MANAGER")
    office.upload()
    office.sign_in("ADMIN")
    page = office.get("/trail")
    checked = office.send("/trail", {}, to="/trail/verify")
    after = told(office.get("/trail").text)
    with office.database.reading() as session:
        head = trail.head(session)
    with office.database.begin() as session:
        session.execute(text("drop trigger trail_no_update"))
        session.execute(text("update trail set who = 'Somebody else' where seq = 2"))
    office.send("/trail", {}, to="/trail/verify")
    broken = told(office.get("/trail").text)
    office.sign_in("MANAGER")

    assert "The trail was never checked here" in told(page.text)
    assert "upload stored" in told(page.text)
    assert 303 == checked.status_code
    assert head is not None
    assert f"Every entry up to number {head.seq - 1} fits the one before it" in after
    assert "by ADMIN. 1 entry was written since." in after
    assert f"{head.seq - 1}:" in after
    assert "Entry 2 does not fit the one before it" in broken
    assert 403 == office.post("/trail/verify").status_code
    assert "YNY-" not in page.text
    assert 403 == office.get("/trail").status_code


def test_administrator_gives_and_takes_areas(office: Office) -> None:
    """What is given holds with the next request, and so does what is taken back; a reason is wanted."""
    office.sign_in("MANAGER")
    office.upload()
    office.sign_in("ADMIN")
    found = office.send("/users", {"name": "READER"})
    address = found.headers["location"]
    without = office.send(address, {"areas": ["YRK", "SCA"]})
    given = office.send(address, {"areas": ["YRK", "SCA"], "reason": "Works there too"})
    more = office.get("/cases", by="READER").text.count('href="/cases/')
    office.send(address, {"roles": ["ROLE_ABOVELINE__AUDIT__RW"], "reason": "Moved away"})
    none = told(office.get("/cases", by="READER").text)

    assert ("/users/READER", 422, 303) == (address, without.status_code, given.status_code)
    assert 22 < more
    assert "There is no case in your areas yet" in none
    assert 200 == office.get("/uploads/new", by="READER").status_code
    assert "access changed" in told(office.get("/trail").text)


def test_administrator_cannot_give_areas_that_they_do_not_have(office: Office) -> None:
    """Not even to themselves."""
    office.sign_in("MANAGER")
    office.upload()
    admin = {"authorization": f"Bearer {office.token('READER', authorities=['ROLE_ABOVELINE__ADMIN'])}"}
    for areas in (["*"], ["SCA"], ["YRK", "HGT"]):
        answer = office.post("/users/READER", data={"areas": areas, "reason": "x"}, headers=admin)
        assert (422, True) == (answer.status_code, "that you may see yourself" in told(answer.text)), areas
