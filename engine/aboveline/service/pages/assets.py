"""The stylesheets and scripts that pages need: copies of GOV.UK Frontend and MoJ Frontend, as npm has them.

They are in the package, so that a service asks no other host for anything and
needs no node. ``python -m aboveline.service.pages.assets`` fetches the pinned
versions with npm and writes them again.

The GDS Transport typeface and the crown may be used on ``service.gov.uk`` alone
(https://www.gov.uk/service-manual/design/making-your-service-look-like-govuk).
So what is shipped has neither: the rules that load the typeface are taken out
and its name with them. A service on that domain writes its own folder with
``--gov-uk FOLDER``, serves it in place of this one, and sets ``Site.gov_uk``.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

__all__ = ["PACKAGES", "STATIC", "recorded", "without_typeface", "write"]

STATIC = Path(__file__).parent / "static"
"""Where the copies are."""

PACKAGES = {"govuk-frontend": "6.3.0", "@ministryofjustice/frontend": "11.1.0"}
"""The pinned versions. The first is the one that govuk-frontend-jinja 4.1 is made for."""

_RECORD = "assets.json"
_GOVUK, _MOJ = "govuk-frontend", "@ministryofjustice/frontend"
_FILES = {
    _GOVUK: {
        "dist/govuk/govuk-frontend.min.css": "govuk-frontend.min.css",
        "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
    },
    _MOJ: {"moj/moj-frontend.min.css": "moj-frontend.min.css"},
}
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_MAP = re.compile(r"\s*(/\*#|//#) sourceMappingURL=\S+( \*/)?\s*")


def recorded() -> dict[str, str]:
    """Return the SHA-256 of each copy, by its name, as recorded when it was fetched."""
    record = json.loads((STATIC / _RECORD).read_text(encoding="utf-8"))
    return {name: str(digest) for name, digest in record["files"].items()}


def without_typeface(css: str) -> str:
    """Return a stylesheet that neither loads nor names GDS Transport."""
    return _FONT_FACE.sub("", css).replace("GDS Transport,", "").replace("GDS Transport", "arial")


def write(folder: Path, *, gov_uk: bool = False) -> None:
    """Fetch the pinned packages with npm and write what pages need of them, with its record.

    Raises:
        subprocess.CalledProcessError: npm could not fetch a package.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    integrity: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, version in PACKAGES.items():
            package, integrity[f"{name}@{version}"] = _fetch(name, version, Path(scratch))
            for source, target in _FILES[name].items():
                text = _MAP.sub("\n", (package / source).read_text(encoding="utf-8"))
                if target.endswith(".css") and not gov_uk:
                    text = without_typeface(text)
                (folder / target).write_text(text, encoding="utf-8")
                files[target] = hashlib.sha256(text.encode()).hexdigest()
            if gov_uk and name == _GOVUK:
                shutil.copytree(package / "dist/govuk/assets", folder, dirs_exist_ok=True)
    record = {"licence": "MIT, of both packages", "packages": integrity, "files": files}
    (folder / _RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    if folder != STATIC:
        for own in ("aboveline.css", "aboveline.js", "icon.svg"):
            shutil.copy(STATIC / own, folder / own)


def _fetch(name: str, version: str, scratch: Path) -> tuple[Path, str]:
    """Return an unpacked package and npm's own digest of it, which npm has checked."""
    npm = shutil.which("npm") or "npm"
    told = subprocess.run(  # noqa: S603 - npm, with pinned names
        [npm, "pack", "--json", "--silent", f"{name}@{version}"],
        cwd=scratch, check=True, capture_output=True, text=True,
    )  # fmt: skip
    (packed,) = json.loads(told.stdout)
    inner = scratch / version
    with tarfile.open(scratch / packed["filename"].replace("@", "").replace("/", "-")) as archive:
        archive.extractall(inner, filter="data")
    return inner / "package", str(packed["integrity"])


def _main() -> None:
    parser = argparse.ArgumentParser(
        description="Write the stylesheets and scripts of the pages again, with npm."
    )
    parser.add_argument(
        "--gov-uk", type=Path, metavar="FOLDER", help="write a folder for a service on service.gov.uk, with the typeface and the crown"
    )  # fmt: skip
    gov_uk: Path | None = parser.parse_args().gov_uk
    write(gov_uk or STATIC, gov_uk=gov_uk is not None)


if __name__ == "__main__":
    _main()
