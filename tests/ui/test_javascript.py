"""The page's scripts as files; what they do is tested in ``tests/javascript`` and ``tests/browser``."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from sys import float_info
from typing import Any

import numpy as np
import pytest
from deno import find_deno_bin

from gdviz.descent import descend
from gdviz.exports.page_file import PAGE
from gdviz.figures.map_colors import SHADING, shaded
from gdviz.formulas import parse_expression
from gdviz.landscapes import landscape
from gdviz.landscapes.relief import Relief
from gdviz.landscapes.scales import EXPLOSION, MOST_TICKS, exploding_scale, signed_log_ticks
from gdviz.maps.dimension import FEWEST_BOXES, box_counts
from gdviz.numerals import _GROUPED_FROM, _LARGEST_PLAIN, _SMALLEST_PLAIN, format_number
from gdviz.objectives import Formula
from gdviz.scenes.map_bands import Known, hues, marked_kinds
from gdviz.ui.components.live_plot.message import pack_arrays
from gdviz.ui.server import assets
from gdviz.ui.session.tables import thinned

UI = Path(assets.__file__).parents[1]
SCRIPTS = sorted(UI.glob("**/*.js"))
PLAIN = (_SMALLEST_PLAIN, _LARGEST_PLAIN, _GROUPED_FROM, float_info.min)  # where another way of writing begins
IN_FILES = sorted(PAGE.glob("*.js"))  # of the page as one file

PLOTLY = r"\._[a-z]|glplot|__data__|dataScale|cameraParams|\b[cdlp]2[cdlp]\b|(drag|scatter)layer|gl-container|main-svg"
STREAMLIT = r"data-test|st-key|--st-|\bst[A-Z]\w+|setTriggerValue|setStateValue|static/js"


def users(pattern: str) -> set[str]:
    """The scripts in which ``pattern`` occurs."""
    return {script.name for script in [*SCRIPTS, *IN_FILES] if re.search(pattern, script.read_text(encoding="utf-8"))}


def test_one_module_knows_the_insides_of_plotly_js():
    assert users(PLOTLY) == {"plotly_internals.js"}


def test_one_module_knows_streamlit_and_the_text_that_loads_it():
    assert users(STREAMLIT) == {"streamlit.js", "loader.js"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_a_script_imports_is_served_beside_it(script: Path):
    text = script.read_text(encoding="utf-8")
    for name in re.findall(r'^(?:import|export|\}).* from "([^"]+)";$', text, re.MULTILINE):
        assert (script.parent / name).resolve().relative_to(UI / "components").as_posix() in assets.files()


def test_no_browser_has_to_ask_for_the_tables_that_scripts_share_with_python():
    table = assets.files()["live/numbers.js"].decode().splitlines()[1]
    assert table.startswith('const RULES = {"smallest_plain": 0.001,')
    assert '"⁻⁰¹²³⁴⁵⁶⁷⁸⁹"' in table
    assert not any(b'.json"' in text for name, text in assets.files().items() if name != "plotly.min.js")


def test_declarations_of_types_do_not_go_to_the_browser():
    assert len(assets.files()) == len(SCRIPTS) + 2  # plotly.js and the style sheet


def test_the_browser_reads_what_python_writes_and_lays_paths_as_python_does(tmp_path: Path):
    objective = Formula(parse_expression("(1 - x)^2 + 10*(y - x^2)^2 + log(x + 1.2)"))  # no value at x < -1.2
    ground = landscape(objective, ((-2.0, 2.0), (-1.0, 3.0)), points=41)
    relief = Relief(ground)
    runs = [descend(objective, (0.5, 2.5), rate, 30) for rate in (0.001, 0.005, 0.5)]
    path = np.vstack([runs[1].thetas, [[-1.9, 0.0], [1.9, -5.0], [1.9, 9.0], [3.0, 9.0], [0.0, 1.0]], runs[2].thetas])
    path = path[np.isfinite(path).all(axis=1)]
    tables = thinned(runs, [{"complete": i != 1} for i in range(3)], ground.window, 0.0)
    random = np.random.default_rng(1)
    edges = [end * part for end in PLAIN for part in (1.0, 1 - 1e-15, 0.9996, 0.9994, 1.0006)]
    values = [
        *edges,
        *(random.normal(size=300) * 10.0 ** random.integers(-12, 14, 300)).tolist(),
        0.0,
        1e6,
        999999.9,
        12345.0,
        3.0,
    ]
    numbers = [(value, digits) for value in values for digits in (3, 4)]

    bowl = Formula(parse_expression("x^2 + 3y^2"))
    rates = ((0.1, 50), (0.5, 11), (0.5, 800), (0.4, 300), (2.0, 20), (1.5, 2000))
    of_all_sizes = [descend(bowl, (2.0, -1.0), rate, epochs).thetas for rate, epochs in rates]

    kinds = random.integers(1, 5, (64, 64)).astype(np.uint8)
    kinds[:, :20] = 1
    measures = (np.exp(random.random((64, 64)) * 7) * kinds).astype(np.uint16)
    colors = {"hues": hues("trainability", Known()), **marked_kinds("trainability")}
    pixels = {"side": 64, "rows": 64, "kinds": kinds.ravel(), "measures": measures.ravel()}

    surface = {"x": relief.x, "y": relief.y, "z": relief.z, "meta": relief.laying()}
    given = {
        "surface": surface,
        "path": path.tolist(),
        "runs": {"bytes": np.frombuffer(tables, dtype=np.uint8)},
        "numbers": numbers,
        "limits": {"explosion": EXPLOSION, "ticks": MOST_TICKS},
        "map": {"pixels": pixels, "colors": colors | {"shading": SHADING}, "fewest": FEWEST_BOXES},
        "columns": [list(thetas.T) for thetas in of_all_sizes],
    }
    told = browser(pack_arrays(given), tmp_path)
    for thetas, found in zip(of_all_sizes, told["scales"], strict=True):
        scale = exploding_scale(thetas)
        assert (scale is None) is (found is None)
        if scale is not None:
            places, labels = signed_log_ticks(scale, thetas)
            assert (found["unit"], found["labels"]) == (scale.unit, labels)
            assert scale.place(np.array(found["values"], dtype=float)) == pytest.approx(places)
    assert {found is None for found in told["scales"]} == {True, False}
    assert told["written"] == [format_number(value, digits) for value, digits in numbers]

    seen = np.array(told["painted"], dtype=np.uint32).view(np.uint8).reshape(64, 64, 4)
    drawn = shaded(kinds.astype(int) - 1, measures.astype(int), **colors).rgb
    assert np.abs(seen[:, :, :3].astype(int) - drawn).max() <= 1, "halves are rounded in two ways"
    boxes = box_counts(kinds < 3)
    assert told["boxes"]["counts"] == boxes.counts.tolist()
    assert told["boxes"]["dimension"] == pytest.approx(boxes.dimension)
    assert 2.0 ** np.array(told["boxes"]["fitted"]) == pytest.approx(boxes.fitted[[0, -1]])

    draped = relief.drape(path, np.arange(len(path)))
    lines, expected = parts(as_rows(told["draped"], 3)), parts(np.column_stack([draped.x, draped.y, draped.z]))
    assert [len(line) for line in lines] == [len(line) for line in expected]
    assert len(lines) > 2, "it is cut where it leaves the window, and where there is no value"
    assert np.vstack(lines) == pytest.approx(np.vstack(expected))
    stands = as_rows(told["stands"], 3)
    assert stands[np.isfinite(stands[:, 2])] == pytest.approx(relief.stand(path))
    assert [run["facts"]["complete"] for run in told["runs"]] == [True, False, True]
    for run, found in zip(runs, told["runs"], strict=True):
        table = as_rows(found["table"], 6)
        epochs = table[:, 0].astype(int)
        assert (epochs[0], epochs[-1]) == (0, run.epochs)
        values = np.where(np.abs(run.values) < 1e37, run.values, np.nan)
        assert table[:, 3] == pytest.approx(values[epochs], rel=1e-6, nan_ok=True)


def browser(given: Any, cache: Path, script: str = "from_python.js") -> Any:
    """What a script of ``tests/javascript`` says to ``given``, in deno, which keeps what it computes in ``cache``."""
    command = [find_deno_bin(), "run", "--quiet", "--no-check", str(Path(__file__).parents[1] / "javascript" / script)]
    settings = os.environ | {"DENO_DIR": str(cache), "DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run(command, input=json.dumps(given).encode(), stdout=subprocess.PIPE, check=True, env=settings)
    return json.loads(done.stdout)


def parts(places: np.ndarray) -> list[np.ndarray]:
    """The lines of ``places`` (m, 3) between their gaps, no point twice in a row."""
    cut = np.split(places, np.flatnonzero(np.isnan(places[:, 2])))
    lines = [line[np.isfinite(line[:, 2])] for line in cut]
    return [line[np.append(True, np.abs(np.diff(line, axis=0)).max(axis=1) > 1e-9)] for line in lines if len(line)]


def as_rows(rows: list[Any], width: int) -> np.ndarray:
    """An array of ``rows``, in which JSON has null for nan and the scripts for a gap."""
    whole = [[None] * width if row is None else row for row in rows]
    return np.array(whole, dtype=float)
