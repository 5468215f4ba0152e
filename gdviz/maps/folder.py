"""A folder with one file for each tile of a map, and a manifest that says which map it is.

Every file appears whole or not at all, so a map whose program was killed goes on from the tiles that are there. Each
holds a digest of the map's description, its number and its arrays: a tile that was damaged, or comes from elsewhere,
counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from os import PathLike
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Tile = dict[str, NDArray[Any]]
"""What is known of some members of a map: arrays by name."""

_MANIFEST = "manifest.json"
_FORMAT = 2
_SEAL = "digest"


@dataclass(frozen=True)
class TileFolder:
    """The folder of one map; made by :meth:`opened`. ``map`` tells its map from others."""

    path: Path
    map: str

    @staticmethod
    def opened(path: str | PathLike[str], description: dict[str, Any]) -> TileFolder:
        """Make the folder, or find it as the map of this description left it.

        Raises ValueError, in words, for a folder of another map or none that can be, and OSError where it cannot be
        written.
        """
        folder, manifest = Path(path), {"gdviz map": _FORMAT} | description
        if folder.exists() and not folder.is_dir():
            raise ValueError(f"“{folder}” is a file; tiles need a folder: name another one.")
        folder.mkdir(parents=True, exist_ok=True)
        known = folder / _MANIFEST
        if known.exists():
            _check_same(folder, _read_manifest(known), json.loads(json.dumps(manifest)))
        elif any(folder.glob("tile-*.npz")):
            raise ValueError(f"“{folder}” holds tiles without a manifest: nobody knows of which map. Name another one.")
        else:
            _write_whole(known, json.dumps(manifest, indent=2, ensure_ascii=False).encode())
        return TileFolder(folder, digest(description))

    def read(self, k: int) -> Tile | None:
        """Return tile k, or None if it is not there as it was written."""
        try:
            with np.load(self._file(k), allow_pickle=False) as stored:
                tile = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        seal = tile.pop(_SEAL, None)
        return tile if seal is not None and str(seal) == self._seal(k, tile) else None

    def write(self, k: int, tile: Tile) -> None:
        """Keep tile k."""
        sealed: dict[str, Any] = tile | {_SEAL: np.array(self._seal(k, tile))}
        _write_whole(self._file(k), lambda handle: np.savez(handle, **sealed))

    def _seal(self, k: int, tile: Tile) -> str:
        return digest(self.map, k, tile)

    def _file(self, k: int) -> Path:
        return self.path / f"tile-{k:06d}.npz"


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        found = None
    if not isinstance(found, dict) or "gdviz map" not in found:
        raise ValueError(f"“{path}” is no manifest of a map: name another folder.")
    return found


def _check_same(folder: Path, there: dict[str, Any], here: dict[str, Any]) -> None:
    for name in dict.fromkeys([*here, *there]):
        if there.get(name) != here.get(name):
            differ = "" if name == "digest" else f": its {name} is {there.get(name)}, and here it is {here.get(name)}"
            raise ValueError(f"“{folder}” holds another map{differ}. Name another folder, or empty this one.")


def _write_whole(path: Path, content: Any) -> None:
    """Write bytes, or what a function writes to a file, under a name that nobody reads, and then give it the name."""
    handle, name = mkstemp(dir=path.parent, prefix=".part-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def digest(*parts: Any) -> str:
    """Return a text that other numbers, formulas or settings would change."""
    found = hashlib.sha256()
    _feed(found, parts)
    return found.hexdigest()


def _feed(found: Any, part: Any) -> None:
    if isinstance(part, np.ndarray):
        found.update(f"{part.dtype}{part.shape}".encode())
        found.update(np.ascontiguousarray(part).tobytes())
    elif is_dataclass(part) and not isinstance(part, type):
        found.update(type(part).__name__.encode())
        _feed(found, [getattr(part, f.name) for f in fields(part) if f.init])
    elif isinstance(part, Mapping):
        _feed(found, [[key, part[key]] for key in part])
    elif isinstance(part, (list, tuple)):
        found.update(f"({len(part)}".encode())
        for piece in part:
            _feed(found, piece)
    else:
        found.update(f"{part!r};".encode())
