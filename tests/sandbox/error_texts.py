"""Which texts the sandbox can refuse with, read from its source; and where each was seen at Telegram."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("errors.tsv")
HOLE = "\0"  # in a template: where a function's own argument goes
NOT_FOUND = "not found"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Maker:
    """A function that makes an error text of its argument: which one, and what it puts around it."""

    name: str
    parameter: str
    position: int
    template: str


@cache
def modules() -> dict[str, ast.Module]:
    paths = sorted((ROOT / "sandbox").rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def constants() -> dict[str, str]:
    """Text constants of all modules by name."""
    return {
        node.targets[0].id: node.value.value
        for tree in modules().values()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def render(node: ast.expr, local: dict[str, ast.expr], parameters: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The texts of an expression, `*` for what is not known, and the parameter in its hole, if any."""
    if isinstance(node, ast.Constant):
        yield str(node.value), ""
    elif isinstance(node, ast.IfExp):
        yield from render(node.body, local, parameters)
        yield from render(node.orelse, local, parameters)
    elif isinstance(node, ast.JoinedStr):
        text, hole = "", ""
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            used = {
                n.id
                for n in ast.walk(inner)
                if isinstance(n, ast.Name) and n.id in parameters - local.keys() - {"self"}
            }
            if len(used) == 1:
                text, hole = text + HOLE, used.pop()
            else:
                text += str(inner.value) if isinstance(inner, ast.Constant) else "*"
        yield (text, hole) if text.count(HOLE) == 1 else (text.replace(HOLE, "*"), "")
    elif isinstance(node, ast.Name) and node.id in local:
        yield from render(local[node.id], {}, parameters)
    elif isinstance(node, ast.Name) and node.id in parameters:
        yield HOLE, node.id
    elif isinstance(node, ast.Name) and node.id in constants():
        yield constants()[node.id], ""
    else:
        yield "*", ""


@cache
def calls_by_name() -> dict[str, list[tuple[str, Function | None, ast.Call]]]:
    """All calls in all modules, by the name of what is called."""
    found: dict[str, list[tuple[str, Function | None, ast.Call]]] = {}
    for path, tree in modules().items():
        for function, call in calls(tree):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            found.setdefault(name, []).append((path, function, call))
    return found


def calls(scope: ast.AST) -> Iterator[tuple[Function | None, ast.Call]]:
    """All calls with the function they stand in."""
    for node in ast.iter_child_nodes(scope):
        inside = node if isinstance(node, Function) else scope if isinstance(scope, Function) else None
        if isinstance(node, ast.Call):
            yield inside, node
        yield from ((deeper or inside, call) for deeper, call in calls(node))


def _argument(call: ast.Call, maker: Maker) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == maker.parameter:
            return keyword.value
    return call.args[maker.position] if len(call.args) > maker.position else None


@cache
def found_texts() -> dict[str, set[str]]:
    """Each text as a pattern, with the modules that raise it."""
    texts: dict[str, set[str]] = {}
    waiting = [Maker("ApiError", "description", 1, HOLE)]
    known = set(waiting)
    while waiting:
        maker = waiting.pop()
        for path, function, call in calls_by_name().get(maker.name, []):
            given = _argument(call, maker)
            if given is None:
                continue
            names, local = _names(function)
            for text, hole in render(given, local, frozenset(names)):
                full = maker.template.replace(HOLE, text)
                if full.endswith((": *", ": * not found")) or full == "*":
                    continue  # made elsewhere; what tests meet of it is checked as it is served
                if not hole:
                    texts.setdefault(full, set()).add(path)
                    continue
                assert function is not None
                position = [n for n in names if n not in ("self", "cls")].index(hole)
                derived = Maker(function.name, hole, position, full)
                if derived not in known:
                    known.add(derived)
                    waiting.append(derived)
    return texts


def _names(function: Function | None) -> tuple[list[str], dict[str, ast.expr]]:
    """A function's parameters, and what it assigns to its own names."""
    if function is None:
        return [], {}
    local = {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    return [a.arg for a in (*function.args.args, *function.args.kwonlyargs)], local


@cache
def listed() -> dict[str, str]:
    """The list: each pattern with the place where it was seen."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))


@cache
def seen_at(text: str) -> str:
    """Where a text was seen, by itself or as one of a pattern (`*` stands for anything); empty if it is not listed."""
    fitting = (p for p in listed() if "*" in p and fnmatch.fnmatchcase(text, _pattern(p)))
    return listed().get(text) or listed().get(next(fitting, ""), "")


def _pattern(listed_text: str) -> str:
    return listed_text.replace("[", "[[]").replace("?", "[?]")
