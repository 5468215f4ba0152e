"""The Chromium that the browser tests drive: find it, or install it (``python -m tests.browser.chromium``)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium or Chrome and found none. On Debian or Ubuntu: apt install chromium. "
    "Elsewhere: python -m playwright install chromium. Or set CHROMIUM to the path of one."
)


def find_chromium() -> str | None:
    """The path of a Chromium: ``$CHROMIUM``, the system's, or Playwright's own; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    if find_chromium():
        return 0
    if named := os.environ.get("CHROMIUM"):
        print(f"CHROMIUM is {named!r}, and that cannot be run. Correct it, or unset it.", file=sys.stderr)
        return 1
    ways: list[list[Sequence[str]]] = []
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        ways.append([("apt-get", "update"), ("apt-get", "install", "-y", "--no-install-recommends", "chromium")])
    ways.append([(sys.executable, "-m", "playwright", "install", "chromium")])
    for commands in ways:
        print(f"No Chromium here; trying: {' '.join(commands[-1])}", flush=True)
        if all(_succeeds(command) for command in commands) and find_chromium():
            return 0
    print(MISSING, file=sys.stderr)
    return 1


def _succeeds(command: Sequence[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=environment, check=False).returncode == 0
    except OSError as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(main())
