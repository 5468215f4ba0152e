"""plotly.js as our pages have it: the installed script with a shorter list, or, of another version, as it comes."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs

from gdviz.exports import plotly_script as module
from gdviz.exports.plotly_script import BEGIN_SPACE, FLAT, IN_SPACE, UnknownScript, plotly_script, prepared

MODULES = """\
var ab=W((e,t)=>{"use strict";t.exports={calc:x(),moduleType:"trace",name:"contour",meta:{}}});\
var b$=W((e,t)=>{"use strict";t.exports=ab()});\
var cd=W((e,t)=>{t.exports={moduleType:"trace",name:"surface",meta:{}}});\
var ef=W((e,t)=>{"use strict";t.exports={moduleType:"trace",name:"pie",meta:{}}});\
var gh=W((e,t)=>{"use strict";t.exports={moduleType:"trace",name:"scatter3d",meta:{}}});"""
SCRIPT = f"""\
(
 function(root, factory) {{
 }} (typeof self !== "undefined" ? self : this, () => {{
"use strict";var Plotly=(()=>{{{MODULES}\
var z=W((e,t)=>{{var r=core();r.register([ef(),b$(),gh(),cd()]);t.exports=r}})}})();
return Plotly;
}}));
"""


def test_only_what_is_drawn_is_begun_and_the_function_is_read_once() -> None:
    text = prepared(SCRIPT)
    assert "r.register([b$()]),r.beginSpace=()=>r.register([gh(),cd()]);t.exports=r" in text
    assert ' : this, (() => {\n"use strict"' in text
    assert text.endswith("return Plotly;\n})));\n")
    assert text.startswith(SCRIPT[: SCRIPT.index("() => {")])
    assert MODULES in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("r.register([ef(),b$(),gh(),cd()])", "r.register(ef,b$)", "one list"),
        ("t.exports=r", "r.register([ef()])", "one list"),
        ("r.register([ef(),b$(),gh(),cd()])", "r.register([ef(),b$(),cd()])", "no scatter3d"),
        ('name:"surface"', 'name:"surfaces"', "no surface"),
        ("t.exports=ab()", "t.exports=ef()", "no contour"),
        ("}));\n", "}))", "one function"),
        ("typeof self", "typeof window", "one function"),
    ],
)
def test_a_script_that_is_written_otherwise_is_refused(old: str, new: str, said: str) -> None:
    assert SCRIPT.count(old) == 1
    with pytest.raises(UnknownScript, match=said):
        prepared(SCRIPT.replace(old, new))


@pytest.mark.parametrize("script", ["", "(", "var Plotly={};", ".register([a()])", "x.register([]);"])
def test_nothing_breaks_on_what_is_no_plotly_js(script: str) -> None:
    with pytest.raises(UnknownScript):
        prepared(script)


def test_the_installed_script_is_written_as_expected() -> None:
    text, whole = prepared(get_plotlyjs()), get_plotlyjs()
    assert plotly_script() == text
    assert 0 < len(whole) - len(text) < 500, "nothing but the list became shorter"
    assert text.count(BEGIN_SPACE) == 1


def test_another_version_is_served_as_it_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "get_plotlyjs", lambda: "var Plotly={};")
    with caplog.at_level(logging.WARNING):
        assert plotly_script() == f"var Plotly={{}};\nPlotly.{BEGIN_SPACE} = () => {{}};\n"
    assert "not one list" in caplog.text


def test_all_that_our_figures_draw_is_begun() -> None:
    kinds = set(go.layout.template.Data())
    figures = Path(module.__file__).parents[1] / "figures"
    written = {word for path in figures.glob("*.py") for word in re.findall(r'"type": "(\w+)"', path.read_text())}
    assert written & kinds == {"scatter", *FLAT, *IN_SPACE}
