"""Lines as text, for languages that write arithmetic with infix operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from gdviz.formulas.lines import Lines

INFIX = {
    "add": "({} + {})", "sub": "({} - {})", "mul": "({} * {})", "div": "({} / {})", "neg": "(-{})",
    "less": "({} < {})", "less_equal": "({} <= {})",
}  # fmt: skip


def written(
    lines: Lines, spelling: Mapping[str, str], depth: int, apart: Collection[int] = ()
) -> tuple[list[tuple[int, str]], list[str]]:
    """Return the nodes that become statements ``v<node> = text``, in order, and the text of each root.

    ``spelling`` has a template for each operation that is no function call; ``"call"`` may stand for the others. What
    is used once is nested, ``depth`` operations deep at most; nodes in ``apart`` always become statements.
    """
    order = lines.needed()
    uses = Counter(argument for node in order for argument in lines.arguments(node))
    uses.update(lines.roots)
    text: dict[int, str] = {}
    nested: dict[int, int] = {}
    statements: list[tuple[int, str]] = []
    for node in order:
        operation, *arguments = lines.nodes[node]
        nested[node] = 0
        if operation == "number":
            text[node] = f"number{arguments[0]}"
        elif operation == "var":
            text[node] = arguments[0]
        else:
            text[node] = _expression(operation, [text[a] for a in arguments], spelling)
            nested[node] = 1 + max(nested[a] for a in arguments)
            if uses[node] > 1 or nested[node] > depth or node in apart:
                statements.append((node, text[node]))
                text[node], nested[node] = f"v{node}", 0
    return statements, [text[root] for root in lines.roots]


def _expression(operation: str, operands: list[str], spelling: Mapping[str, str]) -> str:
    if operation in spelling:
        return spelling[operation].format(*operands)
    return spelling.get("call", "{}({})").format(operation, ", ".join(operands))


def names_of(kind: str, count: int) -> list[str]:
    """Return kind0, kind1, …"""
    return [f"{kind}{i}" for i in range(count)]
