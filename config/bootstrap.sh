#!/bin/sh
# Makes .venv and fills it from the lock. Does nothing, quickly, when the lock has not changed since the last time.
# Two at once are safe: the second waits. An interrupted one is taken up again by the next.
set -eu
cd "$(dirname "$0")/.."

lock=requirements-dev.txt
stamp=.venv/installed-lock
wanted=$(cksum <"$lock")

if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

fits() { # Found by running it: under pyenv a name on PATH may be a shim that only says it is not active.
    "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12*/bin/python; do
        if [ -n "$candidate" ] && fits "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    if command -v uv >/dev/null; then
        uv python find --no-project '>=3.12,<3.14' 2>/dev/null || uv python find --no-project 3.12 2>/dev/null || true
    fi
}

# An environment that fits is brought up to date; a new one is made only where there is none.
python=.venv/bin/python
fits "$python" || python=$(find_python)
if [ -z "$python" ]; then
    echo "Python 3.12 or 3.13 is needed and was not found: install one, or name it: PYTHON=/path/to/python3.12 make run" >&2
    exit 1
fi

mkdir -p .venv
exec 9>.venv/bootstrap.lock
# The lock belongs to the open file, so it stays ours after this Python has ended, until this script does.
"$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x .venv/bin/python ]; then
    exit 0
fi

echo "Preparing .venv with $("$python" --version) (only when the lock changed; about half a minute)"
if "$python" -c 'import ensurepip' 2>/dev/null; then
    .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv .venv
    install() { .venv/bin/python -m pip install --no-input --disable-pip-version-check "$@"; }
elif command -v uv >/dev/null; then
    [ "$python" = .venv/bin/python ] || uv venv --quiet --allow-existing --python "$python" .venv
    install() { uv pip install --python .venv/bin/python --verbose "$@"; }
else
    echo "$python cannot make environments: install its venv package (on Debian: apt-get install python3-venv), or uv" >&2
    exit 1
fi

# One line per ten packages; everything, should it fail. The status goes through the pipe, for want of pipefail.
{
    code=0
    install --require-hashes -r "$lock" 2>&1 || code=$?
    echo "ended with $code"
} | awk -v total="$(grep -c '^[a-z0-9][^ ]*==' "$lock")" '
    { line[NR] = $0 }
    /^Collecting / && ++seen % 10 == 0 { printf "  %d of %d packages\n", seen, total; fflush() }
    /^ended with / { code = $3 }
    END { if (code) for (i = NR > 40 ? NR - 40 : 1; i < NR; i++) print line[i]; exit code }'
echo "$wanted" >"$stamp"
