"""One server for all tests here that do it no harm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.clients import Client, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url) as made:
        yield made
