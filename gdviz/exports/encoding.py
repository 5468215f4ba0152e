"""Pictures as a film: MP4 is encoded by PyAV, which brings its encoder; GIF by Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Literal

import numpy as np
from PIL import Image

FilmFormat = Literal["gif", "mp4"]
Progress = Callable[[float], None]  # is told the share that is done

MOST_FRAMES, LONGEST = 600, 120.0


def check_length(seconds: float, frames: int) -> None:
    """Raise ValueError for lengths out of bounds: 2 to 600 frames, half a second to two minutes."""
    if not 2 <= frames <= MOST_FRAMES:
        raise ValueError(f"A film of {frames} frames: it must have from 2 to {MOST_FRAMES}.")
    if not 0.5 <= seconds <= LONGEST:
        raise ValueError(f"A film of {seconds:g} seconds: it must last from 0.5 to {LONGEST:g}.")


def encoded(pictures: Iterator[Image.Image], format: FilmFormat, seconds: float, frames: int) -> bytes:
    """Return the pictures, so many ``frames`` of one size (even numbers of pixels), as a film."""
    return _gif(pictures, seconds / frames) if format == "gif" else _mp4(pictures, seconds, frames)


def _gif(pictures: Iterator[Image.Image], pause: float) -> bytes:
    frames = list(pictures)
    palette = _together(frames[0], frames[len(frames) // 2], frames[-1]).quantize(128)
    kept = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = io.BytesIO()
    kept[0].save(file, "GIF", save_all=True, append_images=kept[1:], duration=max(20, round(1000 * pause)), loop=0)
    return file.getvalue()


def _together(*pictures: Image.Image) -> Image.Image:
    """Pictures side by side: a palette of all of them has the colors of each."""
    return Image.fromarray(np.concatenate([np.asarray(picture) for picture in pictures], axis=1))


def _mp4(pictures: Iterator[Image.Image], seconds: float, frames: int) -> bytes:
    import av

    file, first = io.BytesIO(), next(pictures)
    with av.open(file, "w", format="mp4") as container:
        rate = Fraction(frames / seconds).limit_denominator(1000)
        stream = container.add_stream("libx264", rate=rate, options={"crf": "20", "preset": "fast"})
        (stream.width, stream.height), stream.pix_fmt = first.size, "yuv420p"
        for picture in chain([first], pictures):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()
