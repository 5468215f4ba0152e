r"""LaTeX commands to the plain tokens that they stand for: \cdot to *, \left( to (, x_{1} to the name x1.

What has arguments of its own stays for the parser, as tokens of the kinds frac, root, cases, row and endcases. Only
what is listed here is known, so no command reaches anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from gdviz.formulas.names import GREEK_CAPITALS, GREEK_NAMES
from gdviz.formulas.shorthands import constant, is_function, may_be_function
from gdviz.formulas.tokens import Token

_DROPPED = frozenset(
    [*",;:!> ", "quad", "qquad", "thinspace", "displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag",
     *[size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")]]
)  # fmt: skip
_SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "bullet": "*", "div": "/", "{": "(", "}": ")", "lbrace": "(", "rbrace": ")",
    "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")", "vert": "|", "mid": "|", "lvert": "|(", "rvert": ")|",
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">",
    "ne": "!=", "neq": "!=", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not", "neg": "not",
    "to": "arrow", "mapsto": "arrow", "rightarrow": "arrow", "coloneqq": ":=", "colon": ":", "_": "_",
    "frac": "frac", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "root", "\\": "row",
}  # fmt: skip
_GREEK = (
    {name: name for name in (*GREEK_NAMES, *GREEK_CAPITALS)}
    | {"lambda": "lam", "Lambda": "Lam"}
    | {f"var{name}": name for name in ("theta", "phi", "epsilon", "rho", "pi", "sigma")}
)
_WORDS = frozenset(
    ["mathrm", "operatorname", "operatorname*", "text", "textrm", "textit", "textup", "mathit", "mathsf", "mathtt",
     "mbox", "mathbf", "boldsymbol", "bm", "mathcal", "vec", "mathop"]
)  # fmt: skip
_MARKED = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde"}
_LABELS = frozenset(["label", "tag", "tag*"])
_GOES_ON = ("+", "-", "*", "/", "=", ":=")
_UNREADABLE = {
    "sum": "write the terms out, such as x_1^2 + x_2^2", "prod": "write the factors out",
    "int": "a formula has no integrals", "lim": "a formula has no limits", "infty": "write a large number, 1e100",
    "partial": "write the function itself, its derivatives are found", "nabla": "write the function itself, its "
    "derivatives are found", "|": r"write \sqrt{x^2 + y^2}", "lVert": r"write \sqrt{x^2 + y^2}",
    "pm": "write + or -", "mp": "write + or -",
}  # fmt: skip
_CONDITION_WORDS = {"if": "when", "for": "when", "when": "when", "otherwise": "otherwise", "else": "otherwise",
                    "and": "and", "or": "or", "not": "not"}  # fmt: skip


def plain_tokens(tokens: list[Token], known: Collection[str] = ()) -> tuple[list[Token], list[str]]:
    """The tokens without commands, and a sentence for each name that was changed. Raises FormulaError."""
    reader = _Reader(tokens, known)
    while reader.index < len(tokens):
        reader.step()
    return reader.found, reader.notes


class _Reader:
    def __init__(self, tokens: list[Token], known: Collection[str]) -> None:
        self.tokens = tokens
        self.known = known
        self.index = 0
        self.found: list[Token] = []
        self.notes: list[str] = []
        self.cases = 0  # that are open: there rows and & separate

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def put(self, token: Token, kind: str, text: str) -> None:
        self.found.append(replace(token, kind=kind, text=text))

    def step(self) -> None:
        token = self.token
        self.index += 1
        if token.kind == "command":
            self.command(token, token.text)
        elif token.kind == "_":
            self.subscript(token)
        elif token.kind == "name":
            self.name(token)
        elif token.kind == "{" and self.token.kind == "}" and self.found and self.found[-1].kind in _GOES_ON:
            self.index += 1  # = {} & of an aligned equation
        elif token.kind == "&" and not self.cases and (self.token.kind in _GOES_ON or self.goes_on()):
            return  # of an aligned equation
        else:
            self.found.append(token)

    def command(self, token: Token, name: str) -> None:
        if name in _DROPPED:
            return
        if name in _LABELS:
            self.group(token)
            return
        if name == "\\" and not self.cases and self.goes_on():
            return
        if name in ("left", "right"):
            self.delimiter(token, name)
        elif name in _SIGNS:
            self.put(token, _SIGNS[name], f"\\{name}")
        elif name in ("begin", "end"):
            self.environment(token, name)
        elif name in _WORDS or name in _MARKED:
            self.word(token, name)
        elif name == "Delta" and self.token.kind == "name":
            raise token.error(
                f"'\\Delta {self.token.text[:40]}' {token.at} has two readings: write \\Delta \\cdot "
                f"{self.token.text[:40]}, or one name, such as d{self.token.text[:1]}."
            )
        elif name in _GREEK:
            self.put(token, "name", _GREEK[name])
        elif is_function(name) or may_be_function(name):
            self.put(token, "name", name)
        else:
            advice = _UNREADABLE.get(name, "write it with plain signs, such as x^2 or sqrt(x)")
            shown = name if name.isprintable() and name.strip() else "…"
            raise token.error(f"'\\{shown[:20]}' {token.at} is not read here: {advice}.")

    def goes_on(self) -> bool:
        """Whether a formula that is broken here goes on with a sign, or was broken after one, or ends."""
        following = self.tokens[self.index + 1] if self.token.kind == "&" else self.token
        ends = following.kind == "end" or (following.kind == "command" and following.text == "end")
        raised = following.kind == "command" and following.text in ("cdot", "times", "div")
        before = bool(self.found) and self.found[-1].kind in _GOES_ON
        return ends or raised or before or following.kind in _GOES_ON

    def delimiter(self, token: Token, side: str) -> None:
        r"""\left( and its kin; bars with a side need no guess which one closes."""
        following = self.token
        self.index += 1
        kind = _SIGNS.get(following.text, "") if following.kind == "command" else following.kind
        if kind in ("|", "|(", ")|"):
            self.put(following, "|(" if side == "left" else ")|", "|")
        elif kind in ("(", "[", ")", "]"):
            self.put(following, kind, kind)
        else:
            raise token.error(f"'\\{side}' {token.at} needs a parenthesis or a bar after it: add one.")

    def environment(self, token: Token, name: str) -> None:
        words = self.group(token)
        kind = "".join(word.text for word in words).rstrip("*")
        if kind == "cases":
            self.cases += 1 if name == "begin" else -1
            self.put(token, "cases" if name == "begin" else "endcases", f"\\{name}{{cases}}")
        elif kind not in ("equation", "align", "aligned", "displaymath", "math", "gather"):
            raise token.error(
                f"'\\{name}' {token.at} is not read here: only cases are, such as "
                r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}."
            )

    def group(self, token: Token) -> list[Token]:
        """The tokens of { … } or the one token that follows; inner braces are left out."""
        if self.token.kind != "{":
            return [self.single(token)]
        opening, level = self.token, 0
        inside: list[Token] = []
        while True:
            following = self.token
            self.index += 1
            level += (following.kind == "{") - (following.kind == "}")
            if level == 0:
                return inside
            if following.kind == "end":
                raise opening.error(f"The brace {{ {opening.at} is never closed: add }}.")
            if following.kind not in ("{", "}"):
                inside.append(following)

    def single(self, token: Token) -> Token:
        """The next character or command: what TeX takes where there are no braces."""
        following = self.token
        if following.kind not in ("name", "command") and not (following.kind == "number" and following.text.isdigit()):
            raise token.error(f"'{token.text[:20]}' {token.at} needs braces after it: add {{ }}.")
        if following.kind == "command" or len(following.text) == 1:
            self.index += 1
            return following
        rest = replace(following, text=following.text[1:], position=following.position + 1, spaced=False)
        self.tokens[self.index] = rest
        return replace(following, text=following.text[0])

    def word(self, token: Token, command: str) -> None:
        r"""The name in \mathrm{slope}, \text{if } or \hat{y}."""
        inside = self.group(token)
        words = "".join(t.text if t.kind != "command" or t.text == "_" else f"\\{t.text}" for t in inside)
        if command in _MARKED:
            words = f"{words.lstrip(chr(92))}_{_MARKED[command]}"
        elif words.startswith("\\") and words[1:] in _GREEK:  # \mathbf{\theta}
            words = _GREEK[words[1:]]
        if command in ("text", "mbox", "textrm", "mathrm") and words.lower() in _CONDITION_WORDS:
            self.put(token, _CONDITION_WORDS[words.lower()], words)
        elif words.replace("_", "").isalnum() and words.isascii():
            self.put(token, "name" if not words.isdigit() else "number", words)
        elif words:
            raise token.error(
                f"The braces after '\\{command}' {token.at} hold no name: write one, such as "
                r"\mathrm{slope}."
            )

    def subscript(self, sign: Token) -> None:
        """Join a name and what stands below it."""
        if not self.found or self.found[-1].kind != "name":
            raise sign.error(f"The subscript {sign.at} has no name before it: write it after one.")
        if self.token.kind == "command" and self.token.text in _WORDS:  # x_\text{max}
            self.index += 1
        inside = self.group(sign)
        owner = self.found.pop()
        if owner.text in ("min", "max"):  # under which stands only what is varied
            self.found.append(owner)
            return
        if is_function(owner.text) and owner.text != "log":
            raise sign.error(f"The subscript {sign.at} belongs to no function: only log has a base.")
        below = self.below(sign, inside)
        joined = f"{owner.text}_{below}"
        if below.isdigit() and owner.text != "log" and joined not in self.known:
            joined = f"{owner.text}{below}"
        self.found.append(replace(owner, text=joined))

    def below(self, sign: Token, inside: list[Token]) -> str:
        texts: list[str] = []
        for token in inside:
            if token.kind == "command" and token.text in _WORDS | {"_", "{", "}"}:
                continue
            if token.kind == "command" and token.text not in _GREEK:
                texts = []
                break
            texts.append(_GREEK[token.text] if token.kind == "command" else token.text)
        text = "".join(texts).strip("_")
        if not (text.replace("_", "").isalnum() and text.isascii()):
            raise sign.error(f"The subscript {sign.at} is no name or number: write one such as x_1 or x_{{max}}.")
        return text

    def name(self, token: Token) -> None:
        """A name as it stands, or letters side by side, which LaTeX sets as a product."""
        text = token.text
        stem, _, digits = text.partition("_")
        if digits.isdigit() and stem != "log" and text not in self.known:
            self.put(token, "name", stem + digits)
        elif not text.isalpha() or len(text) == 1 or self.is_word(text):
            self.found.append(token)
        elif len(text) > 3:
            raise token.error(
                f"'{text[:40]}' {token.at} has two readings: write the product {'*'.join(text[:40])}, or "
                rf"\mathrm{{{text[:40]}}} for one name."
            )
        else:
            self.notes.append(f"{text} is read as the product {'*'.join(text)}, as LaTeX sets it.")
            for i, letter in enumerate(text):
                self.found.append(Token("name", letter, token.position + i, token.spaced and i == 0))

    def is_word(self, text: str) -> bool:
        return (
            text in self.known
            or is_function(text)
            or may_be_function(text)
            or constant(text) is not None
            or text in _GREEK
            or text.lower() in _HEADER_WORDS
        )


_HEADER_WORDS = frozenset(
    ["minimize", "minimise", "maximize", "maximise", "lambda", "def", "return", "else", "and", "not", "or", "np"]
)
