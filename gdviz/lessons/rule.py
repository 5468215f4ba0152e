"""An optimizer's own rule as LaTeX, read off the lines that it writes down."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, fields

from gdviz.descent.step import arguments
from gdviz.formulas.graph import LEAVES, Graph
from gdviz.formulas.graph_numbers import as_number, graph_variable
from gdviz.formulas.latex import name_latex, render
from gdviz.optimizers import ElementwiseOptimizer

_LONGEST = 1_000  # characters of one line


@dataclass(frozen=True)
class Rule:
    """How one component goes on: each next state and the direction, as LaTeX on the right of an equals sign."""

    states: tuple[str, ...]
    direction: str


def rule_of(optimizer: ElementwiseOptimizer, k: int | str = "k") -> Rule:
    """Return the optimizer's rule at epoch ``k``, or at any, its hyper-parameters by name.

    g is the gradient, s_{j,k} the j-th number that it remembers, z_j a number made for the epoch.
    """
    graph = Graph(sys.maxsize)
    then = f"{k}+1" if isinstance(k, str) else str(k + 1)
    spelled = {"gradient": f"g_{{{k}}}", "place": rf"\theta_{{{k}}}"}
    count, made = len(optimizer.initial_states(1)[0]), len(optimizer.sequences(1, 1))
    spelled |= {f"state{j}": f"s_{{{j + 1},{k}}}" for j in range(count)}
    spelled |= {f"next{j}": f"s_{{{j + 1},{then}}}" for j in range(count)}
    spelled |= {f"now{j}": f"z_{{{j + 1}}}" for j in range(made)}
    at = {name: graph_variable(graph, name) for name in spelled}
    state, now = tuple(at[f"state{j}"] for j in range(count)), tuple(at[f"now{j}"] for j in range(made))
    lines = _with_names(optimizer, graph).direction
    direction, following = lines(*arguments(optimizer, at["gradient"], state, at["place"], now))
    states = [as_number(graph, state).node for state in following]
    known = {node: f"next{j}" for j, node in enumerate(states) if graph.nodes[node][0] not in LEAVES}
    texts = [_spelled(_line(graph, root, known), spelled) for root in (*states, as_number(graph, direction).node)]
    return Rule(tuple(texts[:-1]), texts[-1])


def _with_names(optimizer: ElementwiseOptimizer, graph: Graph) -> ElementwiseOptimizer:
    """Return the optimizer with variables of the graph in place of its numbers, each by its own name."""
    method = copy(optimizer)
    for f in fields(optimizer):
        if "low" in f.metadata:
            object.__setattr__(method, f.name, graph_variable(graph, f.name))
    return method


def _line(source: Graph, root: int, known: Mapping[int, str]) -> str:
    """LaTeX of a node; those that have a name, but for the node itself, by their name, and u · u as a square."""
    graph = Graph(sys.maxsize)
    ids: dict[int, int] = {}
    for node in source.reachable([root]):
        operation, *operands = source.nodes[node]
        if node != root and node in known:
            ids[node] = graph.variable(known[node])
        elif operation == "var":
            ids[node] = graph.variable(operands[0])
        elif operation == "number":
            ids[node] = graph.number(float(operands[0]))
        elif operation == "named":
            ids[node] = graph.named(operands[0])
        elif operation == "mul" and operands[0] == operands[1]:
            ids[node] = graph.add("pow", ids[operands[0]], graph.number(2.0))
        else:
            ids[node] = graph.add(operation, *[ids[operand] for operand in operands])
    return render(graph, [ids[root]], {}, _LONGEST)[0]


def _spelled(line: str, spelled: Mapping[str, str]) -> str:
    for name, text in spelled.items():
        line = line.replace(name_latex(name), text)
    return line
