"""Replicas behind nginx, as ``deploy/`` has them: one is killed, and everybody goes on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from websockets.exceptions import WebSocketException

from tests.server.clients import ROOT, Client, Server, free_port, is_closed, link
from tests.server.test_guard import got

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
BOWL = link(objective="rosenbrock", epochs=20)


class Site(NamedTuple):
    url: str
    replicas: tuple[Server, Server]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if NGINX is None:
        pytest.skip("nginx is not installed: apt install nginx-light")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with Server() as one, Server() as other:
        text = CONFIGURATION.replace("8511", str(one.port)).replace("8512", str(other.port))
        (folder / "nginx.conf").write_text(text.replace("listen 8080", f"listen 127.0.0.1:{port}"))
        command = [NGINX, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as nginx:
            try:
                wait_for(f"http://127.0.0.1:{port}/_stcore/health")
                yield Site(f"http://127.0.0.1:{port}/", (one, other))
            finally:
                nginx.terminate()


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nobody answers at {url}")


def cookie_of(site: Site) -> str:
    """A new visitor's cookie."""
    found = re.search(r"gdviz_replica=[^;]+", ";".join(got(site.url).headers.get_all("set-cookie")))
    assert found is not None
    return found[0]


def returns(site: Site, cookie: str, address: str) -> list[str]:
    """What a browser does when its connection is gone: it tries again until it is there, with its link."""
    for _ in range(100):
        try:
            with Client(site.url, address, cookie, timeout=30) as client:
                client.visit()
                return [client.address, *client.texts]
        except (OSError, TimeoutError, WebSocketException, EOFError):
            time.sleep(0.1)
    raise AssertionError("the visitor did not come back")


def test_a_visitor_keeps_a_cookie_and_its_page(site: Site) -> None:
    cookie = cookie_of(site)
    with Client(site.url, BOWL, cookie) as client:
        assert any("epochs" in text for text in client.visit())
        client.visit(epochs=33)
        assert "epochs=33" in client.address
        client.ask(epochs=34)
        drawn = b"".join(message.SerializeToString() for message in client.messages())
        endpoint = re.search(rb'"endpoint": "([\w/-]+)"', drawn)
        assert endpoint is not None
        for _ in range(8):  # what its page asks beside is asked of the replica that has its session
            assert got(site.url + endpoint[1].decode(), "POST", b"{}", Cookie=cookie).status == 200
    assert got(site.url + "_stcore/metrics").status == 404
    assert got(site.url + "_stcore/health").headers["x-frame-options"] == "DENY"


def test_when_a_replica_dies_everybody_goes_on(site: Site) -> None:
    cookies = [cookie_of(site) for _ in range(12)]
    clients = [Client(site.url, BOWL, cookie) for cookie in cookies]
    for k, client in enumerate(clients):
        client.visit()
        client.visit(epochs=30 + k)
    addresses = [client.address for client in clients]
    for client in clients:
        client.ask(epochs=500)  # everybody is busy with something
    site.replicas[0].kill()
    assert 0 < sum(map(is_closed, clients)) < len(clients), "both had visitors"
    found: dict[int, list[str]] = {}

    def come_back(k: int) -> None:
        clients[k].close()
        found[k] = returns(site, cookies[k], addresses[k])

    threads = [threading.Thread(target=come_back, args=(k,)) for k in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(len(clients)):
        address, *texts = found[k]
        assert f"epochs={30 + k}" in address
        assert any("epochs" in text for text in texts)


def test_the_files_of_the_deployment_name_what_is_there() -> None:
    readme = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    for name in ("nginx.conf", "Containerfile", "gdviz@.service"):
        assert (ROOT / "deploy" / name).exists()
        assert name in readme


def test_what_the_container_copies_is_all_that_the_page_needs(tmp_path: Path) -> None:
    """Its files are laid as it lays them, and its command run there, on another port: the page is drawn."""
    lines = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8").splitlines()
    for sources, goal in (re.fullmatch(r"COPY (.+) (\S+)", line).groups() for line in lines if line.startswith("COPY")):  # type: ignore[union-attr]
        for source in sources.split():
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, tmp_path / (goal if (ROOT / source).is_dir() else Path(source).name))
    users = [place for place, line in enumerate(lines) if line == "USER gdviz"]
    (command,) = [place for place, line in enumerate(lines) if line.startswith("CMD")]
    assert users, "it does not run as root"
    assert users[-1] < command
    assert not any(line.startswith("USER") for line in lines[users[-1] + 1 :])
    words = json.loads(lines[command].removeprefix("CMD "))
    assert "EXPOSE 8501" in lines
    assert "--server.port=8501" in words
    assert any("8501/_stcore/health" in line for line in lines if line.startswith("HEALTHCHECK"))
    with Server(command=[word.replace("8501", "{port}") for word in words], folder=tmp_path) as server:
        with Client(server.url, BOWL) as client:
            assert any("epochs" in text for text in client.visit())
        assert "Traceback" not in server.output()
