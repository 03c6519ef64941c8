"""Drafts of the rules, as tests send them."""

import io
import zipfile
from pathlib import Path

from aboveline.rulebook import shipped_rules

__all__ = ["BOMB", "draft", "laid_out", "shipped", "zipped"]

_MANY = 12
BOMB = (
    """\
id: RR-02
title: Every appointment was followed by every other
criteria: ["3.1"]
status: active
sources: [{document: Invented, paragraph: "1"}]
applies: [{sentence: {}}]
deficiencies:
  - id: RR-02.1
    severity: low
    when:
"""
    + "".join(f"      - appointment: {{as: a{n}}}\n" for n in range(_MANY))
    + """\
    without: [{home_visit: {}}]
    finding: Appointments were not followed.
    put_right: Follow them.
"""
)
"""A rule that asks for so many contacts at once that it would never be done: no word of it is wrong."""


def shipped() -> dict[str, str]:
    """Return the files of the shipped rules, without the cases that they are tried on."""
    folder = shipped_rules()
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
        if not path.name.endswith(".cases.yaml")
    }


def draft() -> tuple[str, str]:
    """Return the path of a rule, and the rule with a change that moves answers: an assessment is due the next day."""
    path = next(path for path in shipped() if "/RR-02-" in path)
    return path, shipped()[path].replace("sentence_plan_days working_days", "1 working_days")


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def zipped(files: dict[str, str]) -> bytes:
    """Return files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, text in files.items():
            folder.writestr(path, text)
    return out.getvalue()
