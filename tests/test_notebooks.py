"""Every notebook runs from top to bottom, carries no output, and calls nothing but kg and what draws."""

from __future__ import annotations

import ast
import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import kg

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MAY_IMPORT = {"kg", "itertools", "json", "pathlib", "networkx", "matplotlib.pyplot"}
names = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_five() -> None:
    wanted = ["01-tour", "02-your-own-articles", "03-your-own-ontology", "04-disputes-and-timelines", "05-networks"]
    assert [path.stem for path in NOTEBOOKS] == wanted


@names
def test_it_carries_no_output_and_explains_itself(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).startswith("# ")
    assert len(cells) - len(code) >= len(code) / 2, "an analyst wants words beside the code"


@names
def test_it_calls_kg_by_its_public_names_only(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= MAY_IMPORT
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "kg"
    }
    assert used
    assert used <= set(kg.__all__)


@names
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("seeds", "docs/examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for folder in ("notebooks", "output", "ipython"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    resources = {"metadata": {"path": str(tmp_path / "notebooks")}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    warned = [out.text for cell in code for out in cell.outputs if out.output_type == "stream" and out.name == "stderr"]
    assert warned == []
    assert sum(bool(cell.outputs) for cell in code) >= len(code) / 2
    empty = [
        cell.source
        for cell in code
        for out in cell.outputs
        if "nothing found" in out.get("data", {}).get("text/html", "")
    ]
    assert empty == [], "a question of the notebook has no answer"
