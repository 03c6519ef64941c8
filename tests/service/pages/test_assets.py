"""The copies of GOV.UK Frontend and MoJ Frontend are what was fetched, of the version that the macros are made for."""

import hashlib
import json
import re
from importlib.metadata import version

from aboveline.service.pages.assets import PACKAGES, STATIC, recorded, without_typeface

OWN = {"aboveline.css", "aboveline.js", "icon.svg", "assets.json", "LICENCES.md"}


def test_copies_are_as_recorded() -> None:
    """Every copy has the hash recorded when it was fetched, and nothing else is there but our own."""
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in STATIC.iterdir()
        if path.name not in OWN
    }

    assert recorded() == found


def test_versions_are_those_that_are_pinned() -> None:
    """The record names the pinned packages with npm's digest, and the copies name the same version."""
    packages = json.loads((STATIC / "assets.json").read_text(encoding="utf-8"))["packages"]

    assert {f"{name}@{pinned}" for name, pinned in PACKAGES.items()} == packages.keys()
    assert all(digest.startswith("sha512-") for digest in packages.values())
    assert PACKAGES["govuk-frontend"] in (STATIC / "govuk-frontend.min.css").read_text(encoding="utf-8")
    assert version("govuk-frontend-jinja").startswith("4.1.")


def test_typeface_is_neither_loaded_nor_named() -> None:
    """GDS Transport is for service.gov.uk alone: what is shipped has no trace of it."""
    for path in STATIC.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "GDS Transport" not in text
        assert "@font-face" not in text

    css = '@font-face{font-family:GDS Transport;src:url(/f.woff)}a{font-family:GDS Transport,arial}b{font-family:"x"}'
    assert 'a{font-family:arial}b{font-family:"x"}' == without_typeface(css)


def test_styles_ask_for_nothing_outside() -> None:
    """No stylesheet or script names another host to load from."""
    for path in (*STATIC.glob("*.css"), *STATIC.glob("*.js")):
        loads = re.findall(
            r"""(?:url\(|import\s*\(?|from\s*)["']?(?:https?:)?//""", path.read_text(encoding="utf-8")
        )
        assert [] == loads, path.name
