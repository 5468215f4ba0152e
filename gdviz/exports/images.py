"""A figure as a PNG, SVG or PDF image.

Images are drawn by Kaleido in an installed Chrome or Chromium, which is started once and kept: the first image takes
a few seconds, the next ones a fraction of one. Nothing here fetches anything from the network.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from typing import Any, Literal

import plotly.graph_objects as go

from gdviz.exports.errors import ExportError
from gdviz.numerals import format_number

__all__ = ["IMAGE_FORMATS", "check_size", "chrome_available", "stop_renderer", "to_image"]

ImageFormat = Literal["png", "svg", "pdf"]

IMAGE_FORMATS = ("png", "svg", "pdf")
SMALLEST_SIDE, LARGEST_SIDE = 100, 4000  # pixels before scaling
SMALLEST_SCALE, LARGEST_SCALE = 0.5, 4.0
MOST_PIXELS = 40_000_000  # after scaling: what a browser draws without running out of memory
_CLOSING_SECONDS = 5.0  # for a browser to close by itself
TIMEOUT_SECONDS = 45.0  # for one image; a first one on a busy machine takes ten

_NO_CHROME = (
    "Images need Chrome or Chromium on the computer that runs gdviz, and none was found. "
    "Install one (on Debian or Ubuntu: apt install chromium) or name it in BROWSER_PATH."
)
# A proxy that is not there: whatever a figure may name, the browser that draws it reaches no network.
_NO_NETWORK = "http://127.0.0.1:9"


def chrome_available() -> bool:
    """Say whether there is a browser that can draw images."""
    return _browser_path() is not None


def to_image(
    figure: go.Figure, format: ImageFormat = "png", width: float = 900, height: float = 560, scale: float = 1.0
) -> bytes:
    """Return ``figure`` as an image of ``width`` × ``height`` pixels (PNG: times ``scale``).

    Safe to call from several threads. Raises ValueError for an unknown format or a size out of bounds (sides 100 to
    4000, scale 0.5 to 4, 40 million pixels in all), and :class:`ExportError` where there is no browser, or where it
    fails or takes longer than 45 seconds.
    """
    check_size(format, width, height, scale)
    return drawn(figure, format, width, height, scale)


def drawn(figure: go.Figure, format: ImageFormat, width: float, height: float, scale: float) -> bytes:
    """Return ``figure`` as an image of a size that was checked before. Raises :class:`ExportError`."""
    if not chrome_available():
        raise ExportError(_NO_CHROME)
    options = {"format": format, "width": width, "height": height, "scale": scale}
    content = figure.to_dict()
    content["layout"].pop("width", None)
    content["layout"].pop("height", None)
    return _renderer.image(content, options)


def stop_renderer() -> None:
    """Close the browser that draws images, if it runs; the next image starts another one."""
    _renderer.stop()


def check_size(format: str, width: float, height: float, scale: float) -> None:
    """Raise ValueError, in words, for what :func:`to_image` would refuse to draw."""
    if format not in IMAGE_FORMATS:
        raise ValueError(f"format is {format!r}; it must be one of {', '.join(IMAGE_FORMATS)}.")
    for name, side in (("width", width), ("height", height)):
        if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
            raise ValueError(f"{name} is {side:g}; it must be from {SMALLEST_SIDE} to {LARGEST_SIDE} pixels.")
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise ValueError(f"scale is {scale}; it must be from {SMALLEST_SCALE} to {format_number(LARGEST_SCALE)}.")
    if width * height * scale**2 > MOST_PIXELS:
        raise ValueError(f"The image would have more than {MOST_PIXELS:,} pixels: lower its size or scale.")


def _browser_path() -> str | None:
    named = os.environ.get("BROWSER_PATH")
    if named and os.access(named, os.X_OK):
        return named
    from choreographer.browsers.chromium import Chromium

    return Chromium.find_browser(skip_local=False)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, and close it: its sockets are the thread's to give back."""
    try:
        loop.run_forever()
    finally:
        loop.close()


def _end(process: subprocess.Popen[bytes] | None) -> None:
    """End a browser that did not close, with all that it has started: one that hangs would stay for ever."""
    if process is None or process.poll() is not None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg") and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait(_CLOSING_SECONDS)


class _Renderer:
    """One browser in one thread with one event loop, kept between images and replaced when it fails.

    Kaleido's own server is not used: it waits for ever when the browser dies, and mixes up the answers of two
    threads that ask at once.
    """

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._kaleido: Any = None

    def image(self, content: dict[str, Any], options: dict[str, Any]) -> bytes:
        if not self._one_at_a_time.acquire(timeout=TIMEOUT_SECONDS):
            raise ExportError("Others are exporting images just now. Please try again in a minute.")
        try:
            return self._draw(content, options)
        finally:
            self._one_at_a_time.release()

    def stop(self) -> None:
        with self._one_at_a_time:
            self._discard()

    def _draw(self, content: dict[str, Any], options: dict[str, Any]) -> bytes:
        while True:
            fresh = self._kaleido is None
            try:
                return self._try(content, options)
            except FutureTimeout:
                self._discard()
                raise ExportError(
                    "Drawing the image took too long: the browser gave no answer. Please try again, or a smaller one."
                ) from None
            except Exception as error:  # a browser that was kept may have died since: a fresh one gets one more chance
                self._discard()
                if fresh:
                    why = f"{type(error).__name__}: {error}"
                    raise ExportError(f"The browser could not draw the image ({why}).") from error

    def _try(self, content: dict[str, Any], options: dict[str, Any]) -> bytes:
        if self._kaleido is None:
            self._start()
        image = self._run(self._kaleido.calc_fig(content, opts=options))
        if not isinstance(image, bytes) or not image:
            raise RuntimeError("the image is empty")
        return image

    def _start(self) -> None:
        from kaleido import Kaleido

        logging.getLogger("choreographer").setLevel(logging.CRITICAL)  # what fails is raised; how it ended is no news
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_serve, args=(self._loop,), name="gdviz images", daemon=True)
        self._thread.start()
        self._run(self._open(Kaleido))

    async def _open(self, kaleido_class: Any) -> None:
        # No MathJax: Kaleido would fetch it. plotly.js is the installed package's own.
        self._kaleido = kaleido_class(
            n=1, timeout=TIMEOUT_SECONDS, mathjax=False, path=_browser_path(), proxy_server=_NO_NETWORK
        )
        await self._kaleido.open()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        assert self._loop is not None
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(TIMEOUT_SECONDS)
        except FutureTimeout:
            future.cancel()
            raise

    def _discard(self) -> None:
        """Close the browser, its loop and its thread, whatever state they are in."""
        loop, thread, kaleido = self._loop, self._thread, self._kaleido
        self._loop = self._thread = self._kaleido = None
        if loop is None or thread is None:
            return
        loop.set_exception_handler(lambda *_: None)  # what was under way is given up
        if kaleido is not None:
            with suppress(Exception):
                asyncio.run_coroutine_threadsafe(kaleido.close(), loop).result(_CLOSING_SECONDS)
            _end(getattr(kaleido, "subprocess", None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


_renderer = _Renderer()
atexit.register(stop_renderer)
