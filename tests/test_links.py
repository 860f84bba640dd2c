"""What a document of the repository links to is there: files, pictures and headings."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    path
    for pattern in (
        "*.md",
        "docs/*.md",
        "docs/reference/*.md",
        "models/*.md",
        "shaders/*.md",
        "examples/**/*.md",
        "tests/robustness/*.md",
    )
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The names that a page's headings have as links."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", title).lower()).strip().replace(" ", "-") for title in titles
    }


def broken(path: Path) -> list[str]:
    """Links of ``path`` that lead nowhere."""
    lost = []
    for link in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = path.parent / unquote(place) if place else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    return lost


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    assert not broken(path)


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# The room's *air*\n[a](#the-rooms-air) [b](#walls) [c](b.md) [d](https://mien.example) `[e](f.md)`\n"
    )
    assert broken(page) == ["#walls", "b.md"]


def test_the_index_names_every_page() -> None:
    docs = ROOT / "docs"
    text = (docs / "README.md").read_text(encoding="utf-8")
    pages = [*docs.glob("*.md"), *(docs / "reference").iterdir()]
    missing = [path.name for path in pages if f"({path.relative_to(docs).as_posix()})" not in text]
    assert missing == ["README.md"]
    assert "(docs/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
