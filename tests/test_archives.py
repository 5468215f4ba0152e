"""Archives of strangers: they lie about their size, are broken, or unpack to more than a machine holds."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from numpy.lib import format as npy

from gdviz import pacing
from gdviz.exports.reopened import NotOurs, link_in
from gdviz.training import TrainingError, read_training

KINDS = {"deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}
READERS = {"run.json": link_in, "metadata.npy": link_in, "thetas.npy": read_training}


def archive(name: str, content: bytes, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as made:
        made.writestr(name, content)
    return file.getvalue()


def claiming(data: bytes, size: int) -> bytes:
    """The archive of one file, which says that it is so large."""
    at = data.rfind(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", size) + data[at + 4 :]


def refused(read: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises((NotOurs, TrainingError)) as error:
        read(data)
    return str(error.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", READERS)
def test_what_unpacks_to_far_more_than_it_says_takes_no_memory(name: str, kind: str) -> None:
    """Of these the whole would be unpacked at the first byte that is asked for."""
    bomb = claiming(archive(name, bytes(20 << 20), KINDS[kind]), 1000)
    tracemalloc.start()
    try:
        said = refused(READERS[name], bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert said.startswith("The archive ")
    assert most < 4 << 20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", READERS)
def test_what_is_damaged_is_said_to_be(name: str, kind: str) -> None:
    whole = archive(name, b"\x93NUMPY" + bytes(range(256)) * 20, KINDS[kind])
    for at in range(len(name) + 30, len(name) + 80, 7):
        assert refused(READERS[name], whole[:at] + b"\xff" * 8 + whole[at + 8 :])


HEADS = [b"(" * 9000, b"-" * 9000 + b"1", b"{[]: 1}", b"{'descr': [], 'fortran_order': 0, 'shape': 7}", b"\xff" * 50,
         b"{'descr': '<f8', 'fortran_order': False, 'shape': (-3, 2)}",
         b"{'descr': {}, 'shape': (2,), 'fortran_order': 1}",
         b"{'descr': ('<f8', (9,) * 99), 'shape': (2,), 'fortran_order': False}", b"\x00", b"1" * 9000]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
def test_a_head_that_makes_no_sense_is_no_array(head: bytes) -> None:
    for version, size in (((1, 0), "<H"), ((2, 0), "<I"), ((3, 0), "<I")):
        content = npy.magic(*version) + struct.pack(size, len(head)) + head + bytes(500)
        assert len(refused(read_training, archive("thetas.npy", content))) < 300


def test_a_head_that_claims_gigabytes_is_not_read() -> None:
    content = npy.magic(2, 0) + struct.pack("<I", 2**32 - 1) + b" " * (30 << 20)
    tracemalloc.start()
    try:
        refused(read_training, archive("thetas.npy", content))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 << 20


def test_an_archive_within_an_archive_is_no_run() -> None:
    inner = archive("run.json", b'{"format": "gdviz-run", "link": "?objective=ackley"}')
    assert "no link" in refused(link_in, archive("README.txt", inner))


def test_who_has_no_time_left_is_told_that_and_not_of_the_archive() -> None:
    with pacing.work(0.0, lambda: None), pytest.raises(pacing.OutOfTime):
        read_training(archive("thetas.npy", bytes(10)))
