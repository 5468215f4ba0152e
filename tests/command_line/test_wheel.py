"""The wheel: all that library, command and page need is in it, and it runs without the project's folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); import gdviz.__main__ as m; sys.exit(m.command())"
    return subprocess.run([sys.executable, "-I", "-c", code, *words], capture_output=True, text=True, timeout=120,
                          check=False, cwd=cwd)  # fmt: skip


def test_every_file_of_the_package_is_in_it(wheel: Path) -> None:
    kept = subprocess.run(["git", "ls-files", "gdviz"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = next(archive.read(name).decode() for name in names if name.endswith("METADATA"))
        points = next(archive.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    assert {name for name in kept.split() if (ROOT / name).exists()} <= names
    assert {"gdviz/served/app.py", "gdviz/served/.streamlit/config.toml"} <= names
    needed = re.findall(r"^Requires-Dist: ([\w-]+)", metadata, re.MULTILINE)
    listed = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert sorted(needed) == sorted(listed)
    assert "gdviz = gdviz.__main__:command" in points


def test_library_and_command_run_from_it(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "run", "objective=gentle_bowl", "learning_rate=0.3", "epochs=60", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Converged after 23 epochs" in done.stdout
    done = run(installed, "export", "objective=gentle_bowl", "-o", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "function descend" in (tmp_path / "page.html").read_text()


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    port = 8700 + os.getpid() % 200
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); import gdviz.__main__ as m; sys.exit(m.command())"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", str(port), "--no-browser"],
        cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        for _ in range(600):
            try:
                urlopen(f"{address}/_stcore/health", timeout=5).read()
                break
            except OSError:
                assert process.poll() is None, "it ended by itself"
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def test_the_page_is_served_from_it(served: str) -> None:
    with urlopen(served, timeout=30) as answer:
        assert answer.status == 200
        assert "content-security-policy" in {name.lower() for name in answer.headers}
    with urlopen(f"{served}/gdviz-assets/any/plotly.min.js", timeout=60) as answer:
        assert answer.read(100).startswith(b"/**\n* plotly.js")
