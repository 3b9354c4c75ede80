"""The house keeps its own manners: floors, sizes, first lines, links, nothing of one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for path in (ROOT / "src/wellpost").rglob("*.py") if "migrations" not in path.parts
)


def _kept() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_imports_go_down_the_floors() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run(
        [lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


def test_no_file_is_longer_than_400_lines() -> None:
    every = (ROOT / "src").rglob("*.py")
    assert not [path for path in every if len(path.read_text().splitlines()) > 400]


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    assert not [path for path in SOURCES if not re.match(r'r?"""\S', path.read_text())]


def test_requirements_are_pinned_with_hashes_and_name_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        pins = re.findall(r"^(\S+==\S+) \\\n    --hash=sha256:", path.read_text(), re.M)
        assert len(pins) == len(re.findall(r"^\w\S*==", path.read_text(), re.M)) > 0
        assert "://" not in path.read_text()


def test_no_lock_file_and_no_path_of_this_machine_is_kept() -> None:
    home, place = str(Path.home()) + "/", str(ROOT) + "/"
    for path in _kept():
        assert path.name not in {"uv.lock", "poetry.lock", "pdm.lock"}
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".txt", ".sql", ""}:
            text = path.read_text(errors="ignore")
            assert place not in text, path
            assert home not in text or home == "/", path


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in _kept()
        if page.suffix == ".md" and "vendor" not in page.parts
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken, broken


def test_the_readme_shows_the_two_commands() -> None:
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for command in ("demo", "test"):
        assert f"make {command}" in readme
        assert re.search(rf"^{command}:", makefile, re.M)
