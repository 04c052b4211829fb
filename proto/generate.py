"""Regenerate the code beside the .proto files.

Run as `make proto`. A test regenerates into a temporary folder and compares, so what is committed
is always current.
"""

import sys
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).parent


def generate(target: Path) -> int:
    """Write messages, services and their stubs below `target`; return protoc's exit code."""
    import grpc_tools

    well_known = Path(grpc_tools.__file__).parent / "_proto"
    outputs = ("python_out", "grpc_python_out", "mypy_out", "mypy_grpc_out")
    sources = sorted(str(p.relative_to(HERE)) for p in HERE.rglob("*.proto"))
    flags = [f"--{name}={target}" for name in outputs]
    # The plug-ins stand beside the interpreter, whether or not its environment is activated.
    scripts = Path(sys.executable).parent
    flags += [f"--plugin={p}={scripts / p}" for p in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")]
    return int(protoc.main(["protoc", f"-I{HERE}", f"-I{well_known}", *flags, *sources]))


if __name__ == "__main__":
    raise SystemExit(generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
