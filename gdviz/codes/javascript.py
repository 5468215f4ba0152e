"""The whole loop of a descent as a JavaScript module, for the browser and for files that leave the page.

The text is made of names such as ``v7`` and ``theta0``, numbers and functions of ``Math``; no word that a user typed is
in it. Where a step has only + - * / and roots, it gives the bits of the other codes; sin, exp and their like belong to
the browser and may differ in the last digit.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from math import isinf, isnan

import numpy as np

from gdviz.arrays import Array
from gdviz.codes.step_graph import SUMS, StepGraph, order_of_sums
from gdviz.formulas.lines import Lines
from gdviz.formulas.text import INFIX, names_of, written

_SPELLING = {
    **INFIX, "less": "+({} < {})", "less_equal": "+({} <= {})", "both": "+({} !== 0 && {} !== 0)",
    "where": "({} !== 0 ? {} : {})", "call": "Math.{}({})",
}  # fmt: skip
_DEPTH = 3  # operations nested in one statement
_RENAMED = re.compile(r"\b(?:number(\d+)|v(\d+))\b")

_MODULE = """\
// A descent in {n} parameters, every iterate recorded.
const PARAMETERS = {n};
{constants}

// The optimizer's numbers that may be set, by their names.
export const SETTINGS = {settings};

// A run that has taken no step yet. start: {n} numbers. tolerance: of the gradient's norm. tables: thetas, gradients
// and values of a run that nobody needs any more, to be written over.
export function begin(start, epochs, tolerance, settings = SETTINGS, tables = null) {{
  const set = {{ ...SETTINGS, ...settings }};
  return {{
    epochs, tolerance, settings: set,{made} epoch: 0, rows: 0, stop: "", wasSmall: 0,
    theta: Float64Array.from(start), state: new Float64Array({initial}),
    thetas: tables?.thetas ?? new Float64Array((epochs + 1) * PARAMETERS),
    gradients: tables?.gradients ?? new Float64Array((epochs + 1) * PARAMETERS),
    values: tables?.values ?? new Float64Array(epochs + 1),
  }};
}}

// Takes a run on to the epoch `until`, or to its end, which its `stop` names: "converged", "diverged" or "epochs".
// rates: one for each epoch{most}. `rows` are then known: each an epoch, with its theta, gradient and value.
export function advance(run, rates, until = run.epochs) {{
  const {{ epochs, tolerance, settings, thetas, gradients, values{read} }} = run;
  let {{ wasSmall }} = run;
  let {theta};
{members}{state}  for (let k = run.epoch; ; k++) {{
    if (k > until) {{ run.epoch = run.rows = k; break; }}
    const rate = k < epochs ? rates[k] : 0;
{body}    if (small && wasSmall) {{ run.rows = k; run.stop = "converged"; break; }}
    if (!valueFinite) {{ run.rows = Math.max(1, k); run.stop = "diverged"; break; }}
    if (!gradientFinite) {{ run.rows = k + 1; run.stop = "diverged"; break; }}
    if (k === epochs) {{ run.rows = k + 1; run.stop = small ? "converged" : "epochs"; break; }}
    if (!thetaFinite) {{ run.rows = k + 1; run.stop = "diverged"; break; }}
    wasSmall = small;
{moves}  }}
  run.wasSmall = wasSmall;
{kept}  return run;
}}

// start: {n} numbers. rates: one number, or one for each epoch{most}. tolerance: of the gradient's norm. settings: of
// the optimizer. Gives, for the k + 1 iterates one after the other, thetas and gradients ({n} numbers each) and values,
// and why the descent ended: "converged", "diverged" or "epochs".
export function descend(start, rates, tolerance, settings = SETTINGS) {{
  const pace = typeof rates === "number" ? new Float64Array({epochs}).fill(rates) : rates;
{check}  const run = advance(begin(start, pace.length, tolerance, settings), pace);
  const {{ rows, thetas, gradients, values, stop }} = run;
  return {{
    thetas: thetas.slice(0, rows * PARAMETERS),
    gradients: gradients.slice(0, rows * PARAMETERS),
    values: values.slice(0, rows),
    stop,
  }};
}}
"""

_RATES = """\
// The learning rate of each of the epochs.
export function rates(epochs, settings) {{
  const found = new Float64Array(epochs);
{loop}
  return found;
}}
"""

_SEQUENCES = """\
// The optimizer's numbers of each epoch, one epoch's after the other: those that are known, or computed here.
const KNOWN = {epochs};
const SHAPING = [{names}];
function sequencesOf(epochs, settings) {{
  if (epochs <= KNOWN && SHAPING.every((name) => settings[name] === SETTINGS[name])) return SEQUENCES;
  const found = new Float64Array({count} * epochs);
{loop}
  return found;
}}
"""

_LOOP = """\
  const {{ {settings} }} = settings;
{numbers}  for (let k = 0; k < epochs; k++) {{
    const epoch = k;
{body}  }}"""

_FLOATS = """\
function floats(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}"""


def module(
    step: StepGraph,
    sequences: Array,
    epochs: int,
    settings: Mapping[str, float] | None = None,
    sequence_lines: tuple[Lines, Sequence[float]] | None = None,
) -> str:
    """Return the text of the module; ``sequences`` (q, epochs) and the step's data are inside it.

    ``settings`` are the names of the step's members, in order, with what they are where nothing else is said.
    ``sequence_lines`` compute the sequences of other settings and more epochs from ``epoch`` and the settings.
    """
    settings, shape = settings or {}, step.shape
    theta, state = names_of("theta", shape.parameters), names_of("state", shape.states)
    statements, texts = written(shape.step, _SPELLING, _DEPTH)
    limited = shape.sequences and sequence_lines is None
    return _MODULE.format(
        n=shape.parameters,
        epochs=epochs,
        most=f", {epochs} at most" if limited else "",
        check=_check(epochs) if limited else "",
        made=" sequences: sequencesOf(epochs, set)," if shape.sequences else "",
        read=", sequences" if shape.sequences else "",
        constants="\n".join([*_constants(step, sequences), *_sequences_of(sequence_lines, settings, sequences)]),
        settings=_object(settings),
        initial=f"[{', '.join(map(_literal, step.initial))}]",
        theta=", ".join(f"{name} = run.theta[{i}]" for i, name in enumerate(theta)),
        members=_indented(2, [f"const member{i} = settings.{name};" for i, name in enumerate(settings)]),
        state=_indented(2, [f"let {name} = run.state[{i}];" for i, name in enumerate(state)]),
        body=_indented(4, [*_before(step), *_assigned("v", statements), *_row(shape.parameters, texts)]),
        moves=_indented(4, _moves([*theta, *state], texts[1 + shape.parameters : -4])),
        kept=_indented(2, [*_stored("run.theta[{}]", theta), *_stored("run.state[{}]", state)]),
    )


def _before(step: StepGraph) -> list[str]:
    """The statements by which a step has the sums over the rows, and the epoch's numbers."""
    count = step.shape.sequences
    return [
        *(_totals(step) if step.shape.rows is not None else []),
        *([f"const now = {count} * Math.min(k, epochs - 1);"] if count else []),
        *[f"const sequence{j} = sequences[now + {j}];" for j in range(count)],
    ]


def _row(n: int, texts: Sequence[str]) -> list[str]:
    """The statements that record a row, and make the four tests of it; ``texts`` are the step's roots."""
    small, value_finite, gradient_finite, theta_finite = texts[-4:]
    return [
        *_stored(f"thetas[k * {n} + {{}}]", names_of("theta", n)),
        *_stored(f"gradients[k * {n} + {{}}]", texts[1 : 1 + n]),
        f"values[k] = {texts[0]};",
        f"const small = {small}, valueFinite = {value_finite};",
        f"const gradientFinite = {gradient_finite}, thetaFinite = {theta_finite};",
    ]


def _moves(names: Sequence[str], following: Sequence[str]) -> list[str]:
    """The statements that give theta and state what they are next, all computed before the first of them changes."""
    moves = [f"const next{i} = {text};" for i, text in enumerate(following)]
    return moves + [f"{name} = next{i};" for i, name in enumerate(names)]


def _stored(place: str, texts: Sequence[str]) -> list[str]:
    return [f"{place.format(i)} = {text};" for i, text in enumerate(texts)]


def _assigned(letter: str, statements: Sequence[tuple[int, str]]) -> list[str]:
    return [f"const {letter}{node} = {text};" for node, text in statements]


def _indented(spaces: int, lines: Sequence[str]) -> str:
    return "".join(f"{' ' * spaces}{line}\n" for line in lines)


def rates_module(lines: Lines, numbers: Sequence[float], settings: Sequence[str]) -> str:
    """Return the text of a module for the learning rates of a run's epochs.

    ``lines`` compute one rate from the variables ``epoch``, ``epochs`` (how many) and the named ``settings``.
    """
    return _RATES.format(loop=_loop(lines, numbers, settings, ["found[k] = {};"]))


def _loop(lines: Lines, numbers: Sequence[float], settings: Sequence[str], kept: Sequence[str]) -> str:
    """Return a loop over the epochs that computes the lines' roots, and keeps each by its statement of ``kept``."""
    statements, roots = written(lines, _SPELLING, _DEPTH)
    body = [statement.format(root) for statement, root in zip(kept, roots, strict=True)]
    return _LOOP.format(
        settings=", ".join(settings),
        numbers=_indented(2, [f"const number{k} = {_literal(x)};" for k, x in enumerate(numbers)]),
        body=_indented(4, [*_assigned("v", statements), *body]),
    )


def _sequences_of(
    lines: tuple[Lines, Sequence[float]] | None, settings: Mapping[str, float], sequences: Array
) -> list[str]:
    """The function that gives a run's sequences: those that are known, and where there are ``lines`` any others."""
    if lines is None:
        return ["const sequencesOf = () => SEQUENCES;"] if sequences.size else []
    count, epochs = sequences.shape
    names = {arguments[0] for operation, *arguments in lines[0].nodes if operation == "var"}
    loop = _loop(*lines, tuple(settings), [f"found[{count} * k + {j}] = {{}};" for j in range(count)])
    shaping = ", ".join(f'"{name}"' for name in settings if name in names)
    return [_SEQUENCES.format(epochs=epochs, names=shaping, count=count, loop=loop)]


def _check(epochs: int) -> str:
    return f'  if (pace.length > {epochs}) throw new RangeError("This module knows {epochs} epochs.");\n'


def _constants(step: StepGraph, sequences: Array) -> list[str]:
    lines = [f"const number{k} = {_literal(x)};" for k, x in enumerate(step.numbers)]
    lines += [f"const rowNumber{k} = {_literal(x)};" for k, x in enumerate(step.row_numbers)]
    if step.shape.rows is not None:
        lines += [f"const ROWS = {step.rows}, count = ROWS;"]
    if step.data.size or sequences.size:
        lines += [_FLOATS]
    if step.data.size:
        lines += [f'const DATA = floats("{_packed(step.data)}");']
    if sequences.size:
        lines += [f'const SEQUENCES = floats("{_packed(sequences.T)}");']
    return lines


def _totals(step: StepGraph) -> list[str]:
    """The sums over the rows, in the one order of all codes; what no column enters is computed once before."""
    rows = step.shape.rows
    assert rows is not None
    varying = _reads_a_row(rows)
    before = {
        argument
        for node in rows.needed()
        if varying[node]
        for argument in rows.arguments(node)
        if not varying[argument]
    }
    statements, texts = written(rows, _SPELLING, _DEPTH, apart=before)
    kinds = len(rows.roots)
    own = f"const own = [{', '.join(names_of('theta', step.shape.parameters))}];"
    uses_own = ("var", "own_theta") in rows.nodes
    sums = [[f"sums[{k * kinds + j}]" for k in range(SUMS)] for j in range(kinds)]
    lines = [
        *([own] if uses_own else []),
        f"const sums = new Float64Array({SUMS * kinds});",
        *_assigned("r", [(node, text) for node, text in statements if not varying[node]]),
        "for (let row = 0; row < ROWS; row++) {",
        *([f"  const own_theta = own[row % {step.shape.parameters}];"] if uses_own else []),
        *[f"  const column{j} = DATA[{j} * ROWS + row];" for j in range(step.shape.columns)],
        *["  " + line for line in _assigned("r", [(node, text) for node, text in statements if varying[node]])],
        f"  const place = (row % {SUMS}) * {kinds};",
        *[f"  sums[place + {j}] += {text};" for j, text in enumerate(texts)],
        "}",
        *[f"const total{j} = {order_of_sums([_Text(s) for s in sums[j]])};" for j in range(kinds)],
    ]
    return [_of_rows(line) for line in lines]


class _Text(str):
    """A text that adds up to the text of a sum."""

    def __add__(self, other: str) -> _Text:
        return _Text(f"({self} + {other})")


def _of_rows(line: str) -> str:
    """Give a row's numbers and nodes their own names, beside those of the step."""
    return _RENAMED.sub(lambda match: f"rowNumber{match[1]}" if match[1] else f"r{match[2]}", line)


def _reads_a_row(rows: Lines) -> list[bool]:
    """Say of each node whether it differs from row to row."""
    varying: list[bool] = []
    for node, (operation, *arguments) in enumerate(rows.nodes):
        if operation == "var":
            varying.append(not arguments[0].startswith("theta"))
        else:
            varying.append(any(varying[a] for a in rows.arguments(node)))
    return varying


def _object(numbers: Mapping[str, float]) -> str:
    return f"{{ {', '.join(f'{name}: {_literal(x)}' for name, x in numbers.items())} }}" if numbers else "{}"


def _literal(x: float) -> str:
    if isnan(x):
        return "NaN"
    if isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    return repr(float(x))


def _packed(numbers: Array | Sequence[float]) -> str:
    return b64encode(np.ascontiguousarray(numbers, dtype="<f8").tobytes()).decode()
