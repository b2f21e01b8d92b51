"""What made a result: a hash of a room's sources, of everything they import, and of the libraries they use.

A cached result is good as long as this hash stands; there is no hand-kept version number to forget.  Belongs here:
walking imports and hashing.  Must never: import the modules it looks at (they may be heavy), nor know a room by name.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path

PACKAGE_ROOT = Path(__file__).resolve().parent.parent


def imports_of(source: str, package: str) -> frozenset[str]:
    """Absolute dotted names that `source` imports anywhere in it, functions and TYPE_CHECKING blocks included.

    `package` is the dotted package that the module lies in, for relative imports.  `from a import b` gives "a.b",
    since b may be a module; whoever asks shortens what does not exist.  A constant given to `import_module` counts.
    """
    found: set[str] = set()
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                parts = parts[: len(parts) - node.level + 1]
                base = ".".join([*parts, base] if base else parts)
            found.update(base if alias.name == "*" else f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return frozenset(found)


def _nodes(source: str) -> Iterator[ast.AST]:
    """The nodes of the source that can import; expressions are walked only where one of them could."""
    tree = ast.parse(source)
    if "import_module" in source or "__import__" in source:
        yield from ast.walk(tree)
        return
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            inner = getattr(node, part, ())
            todo.extend(inner if isinstance(inner, list) else ())


@lru_cache(maxsize=1024)
def _imports_of_file(path: Path, package: str, _changed: tuple[int, int]) -> frozenset[str]:
    """The imports of a file while its time and size stand: a run asks several times."""
    return imports_of(path.read_text(encoding="utf-8"), package)


@lru_cache(maxsize=1)
def _distributions() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def _library_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ",".join(f"{d} {metadata.version(d)}" for d in sorted(set(_distributions().get(name, []))))


def _files_of(dotted: str, root: Path) -> tuple[str, list[Path]]:
    """The module or package of the project that `dotted` stands in, with its files; ("", []) where there is none."""
    parts = dotted.split(".")[1:]
    while parts:
        base = root.joinpath(*parts)
        if base.with_suffix(".py").is_file():
            return ".".join(parts), [base.with_suffix(".py")]
        if (base / "__init__.py").is_file():
            top = root / parts[0]
            files = [p for p in top.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
            return parts[0], sorted(files)
        parts.pop()
    return "", []


def made_by(*modules: str, root: Path = PACKAGE_ROOT, package: str = "pipelines") -> str:
    """Hash (hex) of what makes the results of `modules` ("pipelines.read", ...).

    Covers every file in a package that is reached (data files too), the modules of the project that are imported
    from there, however deep, the versions of the libraries imported on the way, and the version of Python.
    Raises ValueError where a module of the project that is asked for does not exist.
    """
    todo = list(modules)
    files: dict[str, Path] = {}
    libraries: set[str] = set()
    seen: set[str] = set()
    for module in modules:
        if not _files_of(module, root)[1]:
            raise ValueError(f"There is no module {module} to fingerprint.")
    while todo:
        name, members = _files_of(todo.pop(), root)
        if not members or name in seen:
            continue
        seen.add(name)
        for path in members:
            relative = path.relative_to(root)
            files[relative.as_posix()] = path
            if path.suffix != ".py":
                continue
            inside = ".".join((package, *relative.parts[:-1]))
            state = path.stat()
            for imported in _imports_of_file(path, inside, (state.st_mtime_ns, state.st_size)):
                top = imported.split(".")[0]
                if top == package:
                    todo.append(imported)
                elif top not in sys.stdlib_module_names:
                    libraries.add(top)
    digest = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for relative_name in sorted(files):
        digest.update(relative_name.encode() + b"\0" + hashlib.sha256(files[relative_name].read_bytes()).digest())
    for library in sorted(libraries):
        digest.update(f"{library}={_library_version(library)}\0".encode())
    return digest.hexdigest()


def of_folder(*folders: Path) -> str:
    """Hash (hex) of the names and bytes of every file under the folders; a folder that is absent counts as empty."""
    digest = hashlib.sha256()
    for number, folder in enumerate(folders):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            name = f"{number}/{path.relative_to(folder).as_posix()}"
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_values(*values: object) -> str:
    """Hash (hex) of the representations of plain values, in order."""
    return hashlib.sha256("\0".join(repr(v) for v in values).encode()).hexdigest()
