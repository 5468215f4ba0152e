"""``gdviz serve``: the page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import click

from gdviz.command_line.requests import Refused

_PACKAGE = Path(__file__).parents[1]


@click.command("serve", short_help="Open the page.")
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--address", default="localhost", show_default=True, help="0.0.0.0 lets other computers in.")
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open a tab.")
def serve_command(port: int, address: str, browser: bool) -> None:
    """Serve the page from this computer, and open it.

    \b
    gdviz serve
    gdviz serve --port 8600 --no-browser
    """
    command = [
        sys.executable, "-m", "streamlit", "run", str(app_file()), "--server.port", str(port),
        "--server.address", address, "--server.headless", str(not browser).lower(),
    ]  # fmt: skip
    try:
        taken = _is_taken(address, port)
    except OSError as error:
        reason = error.strerror or error
        raise Refused(f"--address “{address}” is no address of this computer ({reason}); try 0.0.0.0.") from None
    if taken:
        raise Refused(f"Port {port} is in use: name another one with --port.")
    os.chdir(app_file().parent)  # where its settings are
    if os.name == "posix":
        os.execv(command[0], command)
    raise SystemExit(subprocess.call(command))


def _is_taken(address: str, port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1" if address in ("localhost", "0.0.0.0") else address, port)) == 0


def app_file() -> Path:
    """Return what Streamlit runs: with its settings beside it, in an installed gdviz or in the project's folder."""
    installed = _PACKAGE / "served" / "app.py"
    return installed if installed.exists() else _PACKAGE.parent / "app.py"
