"""The pages of the rules say what the rules say, and a rule is begun with one that works."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aboveline.lint import lint
from aboveline.newrule import begin_rule
from aboveline.problems import InputError
from aboveline.rulebook import Rulebook, load_rulebook, shipped_rules
from aboveline.rulepages import INDEX, rule_pages

PAGES = Path(__file__).parents[1] / "docs" / "rules"
SCRIPT = str(Path(sys.executable).with_name("aboveline"))


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


@pytest.fixture(scope="module")
def pages(rulebook: Rulebook) -> dict[str, str]:
    """Return the pages of the shipped rules."""
    return rule_pages(rulebook)


def test_committed_pages_are_what_the_rules_say(pages: dict[str, str]) -> None:
    """``docs/rules`` is what ``make pages`` writes: no page is stale, missing or left over."""
    assert pages == {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}


def test_index_lists_every_question(rulebook: Rulebook, pages: dict[str, str]) -> None:
    """Every question has a page, and the index leads to it."""
    ids = [question.id for question in rulebook.questions]

    assert sorted(ids) == sorted(re.findall(r"\]\((.+?)\.md\)", pages[INDEX]))
    assert {f"{one}.md" for one in ids} | {INDEX} == set(pages)


def test_page_says_all_that_a_rule_says(rulebook: Rulebook, pages: dict[str, str]) -> None:
    """A page names each deficiency, what to do about it, each number with its source, each gap and each source."""
    for question in rulebook.questions:
        page = pages[f"{question.id}.md"].replace("`", "")
        for deficiency in question.deficiencies:
            assert f"### {deficiency.id} ({deficiency.severity})" in page
            assert deficiency.put_right in page
        for name in rulebook.mentions[question.id].parameters:
            assert all(value.source in page for value in rulebook.parameters[name].values)
        for said in (*question.known_gaps, *(source.paragraph for source in question.sources)):
            assert said in page


def test_page_says_when_a_rule_asks_for_the_day_of_the_audit(pages: dict[str, str]) -> None:
    """A condition on the day of the audit is told as any other; an audit that only gives a name is not."""
    assert "- there is the audit as at a day earlier than 2 April 2018" in pages["PP-19.md"]
    assert (
        "- there is the audit as at a day later than 1 month after the day the register started"
        in pages["PP-36.md"]
    )
    assert not [name for name, page in pages.items() if "there is the audit\n" in page]


def test_stale_page_is_found_and_mended(tmp_path: Path) -> None:
    """``--check`` names a page that is not what the rules say; writing the pages mends it and takes away what is left over."""
    run = [SCRIPT, "pages", str(tmp_path)]
    subprocess.run(run, check=True, capture_output=True)
    (tmp_path / "PP-39.md").write_text("something else", encoding="utf-8")
    (tmp_path / "PP-99.md").write_text("a question that is no more", encoding="utf-8")

    stale = subprocess.run([*run, "--check"], check=False, capture_output=True, text=True)
    mended = subprocess.run(run, check=True, capture_output=True, text=True)
    fresh = subprocess.run([*run, "--check"], check=False, capture_output=True, text=True)

    assert (1, 2) == (stale.returncode, len(stale.stdout.splitlines()))
    assert "1 of" in mended.stdout
    assert (0, "") == (fresh.returncode, fresh.stdout)


def test_rule_is_begun_with_one_that_works(tmp_path: Path) -> None:
    """A new rule loads, lints, and comes out as its cases say once it is active."""
    folder = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))

    rule, cases = begin_rule(folder, "PP-99", "protecting-the-public", "Something new: is it done?")

    assert [] == lint(folder)
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("status: draft", "status: active"), encoding="utf-8"
    )
    assert [] == lint(folder)
    assert "PP-99.cases.yaml" == cases.name


def test_rule_that_cannot_be_begun(tmp_path: Path) -> None:
    """An id that is taken, an outcome misspelt and no title are all named at once, and nothing is written."""
    folder = Path(shutil.copytree(shipped_rules(), tmp_path / "rules"))

    with pytest.raises(InputError) as caught:
        begin_rule(folder, "PP-39", "protecting-the-pubic", " ")

    assert [
        "there is a question PP-39 already",
        "there is no outcome 'protecting-the-pubic' - did you mean 'protecting-the-public'?",
        "write a title: what is expected, as a sentence that can be true or false",
    ] == [problem.reason for problem in caught.value.problems]
