"""Formulas: text to exact derivatives, fast code and LaTeX, safe for text typed by anybody.

``parse_expression("(1 - x)^2 + 100(y - x^2)^2")`` reads the text with its own tokenizer and precedence parser into a
graph in which equal parts are one node, differentiates it there, and compiles straight-line Python made only of
``v<N>`` names, float literals and the function names of one table. No user text is ever evaluated.
"""

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.expression import Expression, parse_expression

__all__ = ["Expression", "FormulaError", "parse_expression"]
