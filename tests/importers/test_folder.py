"""Reading a folder: what is recognised, whose it is, and what is said of the rest."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aboveline.importers import Imported, import_folder
from aboveline.problems import InputError

REGISTER = {"type": {"code": "ADVP"}, "startDate": "2014-03-03", "active": True}


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A folder that does not exist stops the import, and the nearest name is offered."""
    (tmp_path / "march").mkdir()

    with pytest.raises(InputError, match=r"there is no such folder - did you mean 'march'\?"):
        import_folder(tmp_path / "marhc")


def test_folder_with_nothing_recognised_is_refused(tmp_path: Path) -> None:
    """Where no file has a known shape the import stops, and says of each file why."""
    (tmp_path / "one.json").write_text('{"weather": "fine"}')
    (tmp_path / "two.json").write_text("01")

    with pytest.raises(InputError) as caught:
        import_folder(tmp_path)

    assert [
        "no JSON file in this folder has a shape that the case system or OASys returns",
        "not recognised: this has the shape of nothing that the importer knows, so it is not used",
        "not used: this is not JSON: Extra data, in line 1, column 2",
    ] == [problem.reason for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"registrations": 01}', "not used: this is not JSON: "),
        (b'{"crn": "\xff"}', "not used: this is not UTF-8 text"),
        (b'{"nsis": [], "nsis": []}', "not used: the key 'nsis' stands twice in one object"),
        (b'{"registrations": NaN}', "not used: it holds a number that cannot be read"),
        (b'{"nsis": ' + b"[" * 60 + b"]" * 60 + b"}", "not used: this is nested too deeply"),
        (b"[" * 100_000, "not used: this is nested too deeply"),
        (b'{"weather": "fine"}', "not recognised: "),
        (b"[]", "not recognised: "),
        (b"null", "not recognised: "),
    ],
)
def test_file_that_cannot_be_used_is_noted_and_the_others_go_on(
    tmp_path: Path, text: bytes, reason: str
) -> None:
    """Invalid JSON, a key that stands twice and an unknown shape each cost one file and not the folder."""
    (tmp_path / "person.json").write_text('{"otherIds": {"crn": "X000001"}}')
    (tmp_path / "wrong.json").write_bytes(text)

    imported = import_folder(tmp_path)

    assert ["X000001"] == [case.case for case in imported.cases]
    assert [True] == [note.reason.startswith(reason) for note in imported.notes]


def test_what_is_not_a_json_file_is_noted(tmp_path: Path) -> None:
    """A folder within the folder and a file of another kind are named, not passed over; hidden files are."""
    (tmp_path / "person.JSON").write_text('\ufeff{"otherIds": {"crn": "X000001"}}')
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "more").mkdir()

    imported = import_folder(tmp_path)

    assert ["X000001"] == [case.case for case in imported.cases]
    assert ["more", "notes.txt"] == [Path(note.source).name for note in imported.notes]


def test_file_that_cannot_be_opened_is_noted(tmp_path: Path) -> None:
    """A file that the system will not open costs itself and nothing else."""
    (tmp_path / "person.json").write_text('{"otherIds": {"crn": "X000001"}}')
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere.json")

    assert ["not used: the file cannot be read: No such file or directory"] == [
        note.reason for note in import_folder(tmp_path).notes
    ]


def test_wrapped_answers_are_unwrapped(importing: Callable[..., Imported]) -> None:
    """A WireMock file is read for the answers in it, and a note gives the path through its wrapping."""
    wrapped = {
        "mappings": [
            {"request": {}, "response": {"jsonBody": {"registrations": [REGISTER, {"active": False}]}}},
            {"request": {}, "response": {"status": 404}},
        ]
    }
    imported = importing(stub=wrapped, single={"response": {"jsonBody": {"nsis": []}}})

    assert ["ADVP"] == [one.code for one in imported.cases[0].registration]
    assert {
        "mappings[0].response.jsonBody.registrations[1]",
        "mappings[1]",
    } == {note.path for note in imported.notes}


def test_shape_counts_and_not_the_name_of_the_file(importing: Callable[..., Imported]) -> None:
    """Registrations are registrations under any file name; one object may be of several shapes."""
    both = {
        "registrations": [REGISTER],
        "nsis": [{"nsiType": {"code": "BRE"}, "actualStartDate": "2014-04-01"}],
    }
    imported = importing(GET_nothing_of_the_kind=both)

    assert (1, 1) == (len(imported.cases[0].registration), len(imported.cases[0].enforcement))


def test_same_document_twice_counts_once(
    importing: Callable[..., Imported], noted: Callable[..., list[str]]
) -> None:
    """A copy of a file changes nothing but the notes."""
    licence = {"licenceConditions": [{"active": True, "licenceConditionTypeMainCat": {"code": "NLC4"}}]}
    imported = importing(one=licence, two=licence)

    assert 1 == len(imported.cases[0].licence_condition)
    assert ["not used: it is the same, word for word, as one.json"] == noted(imported, "two")


def test_file_without_a_person_is_not_shared_out_among_several(
    importing: Callable[..., Imported], noted: Callable[..., list[str]]
) -> None:
    """In a folder of several people a file that names none is used for none of them."""
    imported = importing(other={"otherIds": {"crn": "X000002"}}, registers={"registrations": [REGISTER]})

    assert [("X000001", ()), ("X000002", ())] == [(case.case, case.registration) for case in imported.cases]
    assert ["not used: it names no person, and this folder holds 2"] == [
        reason.split(";")[0] for reason in noted(imported, "registers")
    ]


def test_assessment_tells_whose_a_file_is(importing: Callable[..., Imported]) -> None:
    """A file that names an assessment and no person belongs to the person whose timeline has the assessment."""
    imported = importing(
        other={"otherIds": {"crn": "X000002"}},
        timeline={
            "crn": "X000002",
            "timeline": [
                {
                    "assessmentPk": 5,
                    "assessmentType": "LAYER3",
                    "status": "COMPLETE",
                    "completedDate": "2014-03-03T10:00:00",
                }
            ],
        },
        plan={"assessments": [{"assessmentPk": 5, "contingencyPlans": "Call the police."}]},
        screening={"inputs": {"assessmentPk": 5}, "assessments": [{"concernsRiskOfSuicide": "Yes"}]},
    )

    assert [(), ("oasys-5-rmp",)] == [tuple(plan.id for plan in case.plan) for case in imported.cases]
    assert [None, True] == [one.full_analysis_indicated for one in imported.cases[1].assessment]


@pytest.mark.parametrize(
    ("naming", "reason"),
    [
        ({"crn": "X000001", "probNumber": "X000002"}, "not used: it names more than one person"),
        (
            {"crn": "Sam Invented"},
            "not used: what it gives as the person's CRN is not a letter and six digits",
        ),
        ({"crn": {"value": "X000001"}}, "not used: what it gives as the person's CRN"),
    ],
)
def test_file_that_names_its_person_oddly_is_not_used(
    importing: Callable[..., Imported], noted: Callable[..., list[str]], naming: dict[str, Any], reason: str
) -> None:
    """Two people, or a word that is no case reference number, make a file nobody's; the word is not repeated."""
    imported = importing(registers={"registrations": [REGISTER]} | naming)

    assert () == imported.cases[0].registration
    assert [True] == [note.startswith(reason) for note in noted(imported, "registers")]
    assert not any("Invented" in note.reason for note in imported.notes)


def test_folder_in_which_nobody_is_named_makes_no_case(importing: Callable[..., Imported]) -> None:
    """Without a single case reference number there is no case, and every file says so."""
    imported = importing(person=None, registers={"registrations": [REGISTER]})

    assert () == imported.cases
    assert ["not used: neither it nor any other file of this folder names a person by CRN"] == [
        note.reason for note in imported.notes
    ]


def test_court_appearances_name_their_person(importing: Callable[..., Imported]) -> None:
    """The reference number in a list of appearances is one too, although the list itself is not used."""
    imported = importing(person=None, hearings={"courtAppearances": [{"crn": "X000009"}]})

    assert ["X000009"] == [case.case for case in imported.cases]
    assert ["not used: a case record has no place for court appearances"] == [
        n.reason for n in imported.notes
    ]


def test_another_number_for_the_person_is_noted(
    importing: Callable[..., Imported], noted: Callable[..., list[str]]
) -> None:
    """Registrations under another number than the person's are used, with a warning to check whose they are."""
    imported = importing(registers={"registrations": [REGISTER | {"offenderId": 8}]})

    assert 1 == len(imported.cases[0].registration)
    assert ["it gives the person's number as 8 and the file of X000001 as 7"] == [
        reason.split(":")[0] for reason in noted(imported, "registers")
    ]


def test_lists_that_are_no_lists_are_noted(
    importing: Callable[..., Imported], noted: Callable[..., list[str]]
) -> None:
    """Where a list should stand, anything else is noted and nothing is read from it."""
    imported = importing(
        a={"registrations": "none"}, b={"registrations": ["ADVP", REGISTER | {"softDeleted": True}]}
    )

    assert () == imported.cases[0].registration
    assert ["registrations: this should be a list, so nothing of it is used"] == noted(imported, "a")
    assert [
        "registrations[0]: this should be an object with fields, so it is not used",
        "registrations[1]: not used: it is marked as deleted in the case system",
    ] == noted(imported, "b")


def test_limited_access_is_noted(importing: Callable[..., Imported], noted: Callable[..., list[str]]) -> None:
    """A case that only some may see is named as such, for whoever keeps the record."""
    imported = importing(person={"otherIds": {"crn": "X000001"}, "currentRestriction": True})

    assert [
        "currentRestriction: access to this case is limited: show the record to nobody who may not see the case"
    ] == noted(imported, "person")


def test_notes_stand_in_the_order_of_files(importing: Callable[..., Imported]) -> None:
    """Notes come by file and path, each once, whatever order they were found in."""
    imported = importing(b={"documents": []}, a={"courtAppearances": []}, c=json.dumps({"registrations": 3}))

    assert ["a.json", "b.json", "c.json"] == [Path(note.source).name for note in imported.notes]
