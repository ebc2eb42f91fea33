"""What must hold of the project's files whatever they do."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import typer.main
from packaging.requirements import Requirement
from shared_folder import ROOT, shared

from kg import cli

CODE = {".py", ".ttl", ".rq", ".js", ".css", ".html"}
WORLD = {"Place", "Country", "Group"}
"""Types whose names a general table may hold: countries, cities, peoples."""
WITHOUT_GOLD = {
    "Bowman", "Dimmick", "Kirby", "Lieven", "McFaul", "Nesterenko", "Parsi", "Stoltenberg", "Yermak", "Zakharova",
}  # fmt: skip
"""Surnames of sample articles that have no gold."""


def _files(*folders: str) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        top = ROOT / folder
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if (
                path.is_file()
                and "__pycache__" not in path.parts
                and path.suffix not in (".gz", ".npz", ".onnx", ".png", ".pyc")
            ):
                yield path, path.read_text(encoding="utf-8")


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text)


def _gold() -> list[dict[str, list[dict[str, object]]]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(shared("gold").glob("*.json"))]


def _names(*, persons: bool) -> set[str]:
    """All names of the sample articles: of persons, or of organisations, works and products."""
    found: set[str] = set()
    for article in _gold():
        for entity in article["entities"]:
            if (entity["type"] == "Person") if persons else (entity["type"] not in WORLD | {"Person"}):
                found.update(str(name) for name in [entity["name"], *entity["aliases"]])  # type: ignore[misc]
    return found


def _full(names: set[str]) -> list[str]:
    """Names of two words and more, each a capitalised name (not "the president")."""
    return sorted(n for n in names if len(_words(n)) > 1 and sum(w[:1].isupper() for w in _words(n)) > 1)


def _occurrences(names: list[str], folders: tuple[str, ...], *, skip: tuple[str, ...] = ()) -> list[str]:
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?![\w-])"
    )
    return [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in _files(*folders)
        if not any(part in path.relative_to(ROOT).as_posix() for part in skip)
        for match in pattern.finditer(text)
    ]


def test_no_person_of_the_sample_articles_in_program_tables_or_ontology() -> None:
    assert _occurrences(_full(_names(persons=True)), ("kg", "ontology")) == []


def test_no_surname_of_the_sample_articles_in_program_or_ontology() -> None:
    common = _common_words()
    surnames = {_words(name)[-1] for name in _full(_names(persons=True))} | WITHOUT_GOLD
    chosen = sorted(s for s in surnames if len(s) > 3 and s[0].isupper() and s.lower() not in common)
    assert len(chosen) > 40, "the gold names many persons"
    # The tables of first names hold a few surnames that are first names too.
    assert (
        _occurrences(
            chosen, ("kg", "ontology"), skip=("kg/tables/first_names", "kg/tables/nicknames", "kg/tables/places")
        )
        == []
    )


def test_no_organisation_or_work_of_the_sample_articles_in_program_or_ontology() -> None:
    # World bodies and media may stand in the general tables, not in code or lexicon.
    names = [name for name in _full(_names(persons=False)) if len(name) > 8]
    assert len(names) > 50
    assert _occurrences(names, ("kg", "ontology"), skip=("kg/tables/",)) == []


def test_no_sentence_of_the_sample_articles_in_program_ontology_seeds_or_tests() -> None:
    run = 8
    articles: set[tuple[str, ...]] = set()
    for folder in ("seeds", "dev"):
        for path in sorted(shared("articles", folder).glob("*.txt")):
            words = _words(path.read_text(encoding="utf-8").lower())
            articles.update(zip(*(words[i:] for i in range(run)), strict=False))
    assert len(articles) > 5_000
    titles = {" ".join(_words(name.lower())) for name in _names(persons=False)}
    copied = []
    for path, text in _files("kg", "ontology", "seeds", "tests"):
        words = _words(text.lower())
        for found in zip(*(words[i:] for i in range(run)), strict=False):
            if found in articles and not any(" ".join(found) in title for title in titles):
                copied.append(f"{path.relative_to(ROOT)}: {' '.join(found)}")
    assert copied == []


def test_no_file_name_of_the_sample_articles_in_program_or_ontology() -> None:
    stems = [path.stem for folder in ("seeds", "dev") for path in shared("articles", folder).glob("*.txt")]
    assert len(stems) > 15
    assert [f"{path}: {stem}" for path, text in _files("kg", "ontology") for stem in stems if stem in text] == []


def _common_words() -> set[str]:
    """Words that the program's own word lists use in lower case: a surname such as "Long" is one of them."""
    return {
        word for _, text in _files("kg", "ontology", "README.md", "docs") for word in _words(text) if word.islower()
    }


# ---------------------------------------------------------------- no trace of a machine


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode:
        pytest.skip("no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _texts() -> Iterator[tuple[Path, str]]:
    for path in _tracked():
        if path.suffix not in (".png", ".gz", ".npz", ".onnx", ".pdf") and path != Path(__file__).resolve():
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_no_absolute_path_of_a_machine() -> None:
    pattern = re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users|opt|srv|mnt|data)/[\w.-]+")
    found = [f"{path.relative_to(ROOT)}: {m[0]}" for path, text in _texts() for m in pattern.finditer(text)]
    assert found == []


def test_no_host_of_a_package_registry() -> None:
    pattern = re.compile(r"pypi\.org|pythonhosted|simple/|--index-url|--find-links|trusted-host|registry\.npmjs")
    found = [f"{path.relative_to(ROOT)}: {m[0]}" for path, text in _texts() for m in pattern.finditer(text)]
    assert found == []


def test_the_lock_pins_every_package_with_a_hash_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", lock))
    assert len(entries) > 50
    assert [e.splitlines()[0] for e in entries if "==" not in e or "--hash=sha256:" not in e] == []
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [
        re.split(r"[\s<>=!\[;]", d)[0] for d in wanted["project"]["dependencies"] + wanted["build-system"]["requires"]
    ]
    assert [name for name in names if not re.search(rf"(?mi)^{re.escape(name)}==", lock)] == []


# ---------------------------------------------------------------- documentation


def _commands() -> dict[str, list[str]]:
    """Every command with its long options."""
    group = typer.main.get_command(cli.app)
    commands: dict[str, typer.core.TyperCommand] = group.commands  # type: ignore[attr-defined]
    return {
        name: [
            option
            for parameter in command.params
            for option in (*parameter.opts, *parameter.secondary_opts)
            if option.startswith("--")
        ]
        for name, command in commands.items()
    }


def test_every_command_and_option_is_documented() -> None:
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    commands = _commands()
    assert {"build", "extract", "query", "validate", "view"} <= set(commands)
    missing = [f"kg {name}" for name in commands if f"## kg {name}" not in manual]
    for name, options in commands.items():
        section = manual.partition(f"## kg {name}\n")[2].partition("\n## ")[0]
        missing += [f"kg {name} {option}" for option in options if f"`{option}" not in section]
    assert missing == []


def test_every_ready_question_is_documented() -> None:
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    names = [path.stem for path in sorted((ROOT / "kg" / "queries").glob("*.rq"))]
    assert names
    assert [name for name in names if f"| `{name}" not in manual or name not in (cli.query.__doc__ or "")] == []


def test_documented_commands_exist() -> None:
    commands = _commands()
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    unknown = []
    for page in pages:
        for name, rest in re.findall(r"(?m)(?:`|^(?:    )?)kg ([a-z]+)\b([^\n`]*)", page.read_text(encoding="utf-8")):
            if name not in commands:
                unknown.append(f"{page.name}: kg {name}")
                continue
            known = commands[name] + ["--help"]
            unknown += [f"{page.name}: kg {name} {o}" for o in re.findall(r"(?<!\S)--[a-z-]+", rest) if o not in known]
    assert unknown == []


def test_every_module_has_its_place_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {path.stem for path in (ROOT / "kg").glob("*.py") if not path.stem.startswith("__")}
    rows = "\n".join(line for line in page.splitlines() if line.startswith("| "))
    assert modules == {name for name in re.findall(r"`([a-z_]+)`", rows) if name in modules or "_" in name}


def test_every_relative_link_of_the_documentation_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_every_change_has_a_changelog_with_the_version_of_the_package() -> None:
    import kg

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == kg.__version__
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# ---------------------------------------------------------------- licences


def _required() -> dict[str, metadata.Distribution]:
    """Every package that an installation of kg needs, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting: list[tuple[str, frozenset[str]]] = [("kg", frozenset())]
    while waiting:
        name, extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        found[key] = metadata.distribution(name)
        for text in found[key].requires or []:
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def test_no_required_package_is_under_the_gpl() -> None:
    copyleft = []
    required = _required()
    assert len(required) > 60
    for name, distribution in required.items():
        told = distribution.metadata
        classifiers = [c for c in told.get_all("Classifier", []) if c.startswith("License")]
        licence = " ".join([told.get("License-Expression") or "", (told.get("License") or "")[:80], *classifiers])
        # "A OR B" leaves the choice: tld offers the MPL beside the GPL.
        gpl = re.search(r"(?<!L)GPL|GNU General Public|Affero", licence)
        if gpl and not re.search(r"\b(?:MPL|MIT|BSD|Apache)[\w.-]* OR ", licence):
            copyleft.append(f"{name}: {licence}")
    assert copyleft == []
