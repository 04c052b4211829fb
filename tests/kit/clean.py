"""A clean environment: a new Python with the wheel of this project, pytest and hypothesis.

Nothing is downloaded. The wheel is built here; the packages that it may use are linked from this
environment one by one, so whatever else the kit would need is not there.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

ALLOWED = (
    *("pytest", "pluggy", "iniconfig", "packaging", "pygments"),
    *("hypothesis", "sortedcontainers"),
)


def build_wheel(root, folder):
    """Build the wheel of the project."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def make_environment(root, folder):
    """Make the environment, and return its Python."""
    venv.create(folder / "clean", with_pip=False, symlinks=True)
    python = folder / "clean" / "bin" / "python"
    places = {"base": str(folder / "clean"), "platbase": str(folder / "clean")}
    site = Path(sysconfig.get_path("purelib", "venv", places))
    with zipfile.ZipFile(build_wheel(root, folder)) as wheel:
        wheel.extractall(site)
    for name in ALLOWED:
        link_distribution(name, site)
    return python


def link_distribution(name, site):
    """Link the folders and files of an installed distribution."""
    found = distribution(name)
    tops = {path.parts[0] for path in found.files if path.parts[0] not in {"..", "__pycache__"}}
    for top in tops:
        (site / top).symlink_to(found.locate_file(top))


def run_pytest(python, folder, *options):
    """Run pytest in a folder with that Python and nothing of this environment."""
    command = [str(python), "-I", "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    clean = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=280
    )
