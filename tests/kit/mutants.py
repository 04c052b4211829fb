"""Make mutants of a module: its source with one small fault planted in it.

Each fault is what a tired hand might write: another comparison, `or` for `and`, a number off by
one, a check or a call left out, another error caught. Left alone is what no test of behaviour can
see: docstrings, annotations, decorators, and the texts of errors and of the log, which are for
people.

A mutant's id depends on its function and what is changed there, not on the line: an edit elsewhere
in the file leaves it as it is, and with it its place in a seeded sample.
"""

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
LOGGERS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


@dataclass(frozen=True)
class Mutant:
    """One planted fault.

    Attributes:
        id: 12 hexadecimal digits.
        path: The module, from the root of the tree.
        where: The function or class, "Ledger.open".
        kind: What sort of fault.
        begin: Offset of the changed text in the source's UTF-8.
        end: Offset after it.
        text: What stands there instead.
    """

    id: str
    path: str
    where: str
    kind: str
    begin: int
    end: int
    text: str

    def apply(self, source: bytes) -> bytes:
        """Return the source with the fault in it."""
        return source[: self.begin] + self.text.encode() + source[self.end :]


def mutants_of(path: Path, root: Path) -> list[Mutant]:
    """Return all mutants of a module that are still Python, in the order of the source."""
    source = path.read_bytes()
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    name = str(path.relative_to(root))
    seen: Counter[str] = Counter()
    found = []
    for where, node, kind, text in _faults(ast.parse(source), ""):
        begin = lines[node.lineno - 1] + node.col_offset
        end = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        key = "\n".join((name, where, kind, source[begin:end].decode(), text))
        seen[key] += 1
        number = hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()[:12]
        mutant = Mutant(number, name, where, kind, begin, end, text)
        if _is_python(mutant.apply(source)):
            found.append(mutant)
    return found


def _is_python(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


Fault = tuple[str, ast.expr | ast.stmt | ast.excepthandler, str, str]


def _faults(node: ast.AST, where: str) -> Iterator[Fault]:
    """Yield where, the node to replace, the kind, and the text to put there."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}".lstrip(".")
    for target, kind, new in _swaps(node):
        yield where, target, kind, _write(new)
    for child in _children(node):
        yield from _faults(child, where)


def _write(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(node))
    return f"({text})" if isinstance(node, ast.expr) else text


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is looked into further: not f-strings, whose parts have no sure place."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_left_alone(node, child):
                yield child


def _is_left_alone(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(child, ast.JoinedStr) or _is_docstring(child):
        return True
    if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
        return True
    if isinstance(parent, ast.Raise):  # an error's words are for people, its type is tried
        return True
    log = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute)
    return log and parent.func.attr in LOGGERS  # type: ignore[attr-defined] # narrowed above


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


Swap = tuple[ast.expr | ast.stmt | ast.excepthandler, str, ast.AST]


def _swaps(node: ast.AST) -> Iterator[Swap]:
    match node:
        case ast.Compare():
            yield from _compare(node)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, "boolean", ast.BoolOp(other, node.values)
        case ast.BinOp() | ast.UnaryOp():
            yield from _operation(node)
        case ast.Constant():
            yield from _constant(node)
        case ast.If() | ast.While() | ast.IfExp():
            yield node.test, "condition", ast.UnaryOp(ast.Not(), node.test)
        case ast.stmt():
            yield from _statement(node)
        case ast.ExceptHandler():
            yield from _handler(node)


def _operation(node: ast.BinOp | ast.UnaryOp) -> Iterator[Swap]:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield node, "arithmetic", ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, "negation", node.operand


def _compare(node: ast.Compare) -> Iterator[Swap]:
    for number, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            ops = [*node.ops[:number], other(), *node.ops[number + 1 :]]
            yield node, "comparison", ast.Compare(node.left, ops, node.comparators)


def _constant(node: ast.Constant) -> Iterator[Swap]:
    match node.value:
        case bool():
            yield node, "constant", ast.Constant(not node.value)
        case int():
            yield node, "constant", ast.Constant(node.value + 1)
            yield node, "constant", ast.Constant(max(node.value - 1, -1))
        case float():
            yield node, "constant", ast.Constant(node.value * 2 + 1)
        case str():
            yield node, "constant", ast.Constant(node.value + "x" if node.value else "x")
        case bytes():
            yield node, "constant", ast.Constant(node.value + b"x")


def _statement(node: ast.stmt) -> Iterator[Swap]:
    match node:
        case ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            yield node, "return", ast.Return(ast.Constant(None))
        case ast.Raise():
            yield node, "deletion", ast.Pass()
            yield from _raised(node)
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Delete():
            if not _is_log(node):
                yield node, "deletion", ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield node, "deletion", ast.Pass()
        case ast.Continue():
            yield node, "loop", ast.Break()
        case ast.Break():
            yield node, "loop", ast.Continue()


def _is_log(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    function = value.func if isinstance(value, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr in LOGGERS


def _raised(node: ast.Raise) -> Iterator[Swap]:
    if isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
        other = copy.deepcopy(node)
        assert isinstance(other.exc, ast.Call)
        other.exc = ast.Call(ast.Name("RuntimeError"), [], [])
        yield node, "exception", other


def _handler(node: ast.ExceptHandler) -> Iterator[Swap]:
    if isinstance(node.type, ast.Tuple):
        for number in range(len(node.type.elts)):
            rest = [*node.type.elts[:number], *node.type.elts[number + 1 :]]
            yield node.type, "exception", ast.Tuple(rest, ast.Load())
    elif node.type is not None:
        yield node.type, "exception", ast.Name("ZeroDivisionError")
