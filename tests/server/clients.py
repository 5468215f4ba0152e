"""A server of its own, and visitors without a browser: what a browser sends over the websocket, and what comes back."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """``streamlit run app.py`` on a port of its own; or another ``command`` of Streamlit's, in another ``folder``."""

    def __init__(
        self, port: int | None = None, environment: dict[str, str] | None = None,
        command: Sequence[str] = ("streamlit", "run", "app.py", "--server.port={port}", "--server.headless=true"),
        folder: Path = ROOT,
    ) -> None:  # fmt: skip
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        words = [word.format(port=self.port) for word in command]
        words = [sys.executable, "-m", *words, "--server.address=127.0.0.1"]
        self.process = subprocess.Popen(
            words, cwd=folder, stdout=self.log, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}_stcore/health", timeout=2):
                return self
            time.sleep(0.1)
        output = self.output()
        self.stop()
        raise RuntimeError(f"the server did not start:\n{output}")

    def __exit__(self, *_: object) -> None:
        self.stop()

    def output(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def kill(self) -> None:
        """What a fault does: nothing is said, nothing is put away."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        if not self.log.closed:
            self.log.close()


class Client:
    """One tab: a websocket, the widgets that the page has drawn, and the values that the visitor gave them."""

    def __init__(self, url: str, query: str = "", cookie: str = "", timeout: float = 60.0) -> None:
        parts = urlsplit(url)
        self.timeout, self.query = timeout, query
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}"} | ({"Cookie": cookie} if cookie else {})
        self._opened = connect(
            f"ws://{parts.netloc}{parts.path}_stcore/stream", additional_headers=headers, subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None, max_queue=None, open_timeout=timeout, compression=None,
        )  # fmt: skip
        self.socket: ClientConnection = self._opened.__enter__()
        self.widgets: dict[str, str] = {}  # the id of each by its key
        self.all_widgets: dict[str, None] = {}  # the ids, also of those without a key, in order
        self.values: dict[str, Any] = {}  # messages of widgets by id
        self.files: list[str] = []  # what is made when it is downloaded
        self.texts: list[str] = []
        self.address = query
        self.session = ""

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def ask(self, *, page: str = "", **values: Any) -> None:
        """Have the page drawn, with these values of widgets by key: numbers, texts."""
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_name = self.query, page
        self.address = self.query
        for key, value in values.items():
            self.values[self.widgets[key]] = value
        for name, value in self.values.items():
            state = rerun.widget_states.widgets.add()
            state.id = name
            if isinstance(value, bool):
                state.bool_value = value
            elif isinstance(value, int | float):
                state.double_value = value
            elif isinstance(value, list):
                state.string_array_value.data.extend(value)
            else:
                state.string_value = value
        self.send(message)

    def messages(self) -> Iterator[ForwardMsg]:
        """All messages until the script has ended."""
        deadline = time.monotonic() + self.timeout
        while True:
            data = self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
            assert isinstance(data, bytes)
            message = ForwardMsg()
            message.ParseFromString(data)
            yield message
            if message.WhichOneof("type") == "script_finished":
                return

    def drawn(self) -> list[str]:
        """Wait until the script has ended; return all texts of alerts and Markdown that it drew."""
        self.texts = []
        for message in self.messages():
            self._take(message)
        return self.texts

    def visit(self, query: str | None = None, **values: Any) -> list[str]:
        """Ask, and wait: see :meth:`drawn`."""
        self.query = self.query if query is None else query
        self.ask(**values)
        return self.drawn()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "page_info_changed":
            self.query = self.address = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            menu = message.delta.add_block.popover.id
            self.widgets |= {menu.rpartition("-")[2]: menu} if menu else {}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            found = getattr(element, name)
            if name in ("alert", "markdown", "exception"):
                self.texts.append(found.message if name == "exception" else found.body)
            if getattr(found, "id", ""):
                self.all_widgets[found.id] = None
            if name == "download_button" and found.deferred_file_id:
                self.files.append(found.deferred_file_id)
            key = getattr(found, "id", "").rpartition("-")[2]
            if key and key != "None":
                self.widgets[key] = found.id


def link(**parameters: object) -> str:
    return urlencode(parameters)


def is_closed(client: Client) -> bool:
    """Whether the server ends the connection."""
    try:
        for _ in client.messages():
            pass
    except ConnectionClosed:
        return True
    except TimeoutError:
        return False
    return False
