# The commands of the project. `make run` and `make test` need Python 3.12 or 3.13 and nothing else.
# Paths are relative and programs run as modules, so that a checkout may lie under a name with spaces.

PYTHON_HERE = .venv/bin/python
# Settings for checks that read code only: nobody listens on port 9.
NOWHERE = env PUBLIC_URL=http://localhost SECRET_KEY=for-checks-that-read-code-only-and-touch-no-data-at-all \
	DATABASE_URL=postgres://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 \
	S3_ENDPOINT_URL=http://127.0.0.1:9 S3_BUCKET=none S3_ACCESS_KEY_ID=none S3_SECRET_ACCESS_KEY=none-none \
	SMS_GATEWAYS=file:///dev/null SMS_CALLBACK_SECRET=for-checks-that-read-code-only \
	DATABASE_POOL_SIZE=0 LOG_LEVEL=ERROR
LOCK = uv pip compile --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --quiet

.PHONY: help run test faults lighthouse lighthouse-ci screens bench lint lock environment

help:
	@echo "make run    start everything on this machine; Ctrl-C ends it"
	@echo "make test   the tests, on real parts (PYTEST_ARGS='-k letter -n 0')"
	@echo "make faults try to break each promise on a production set-up of its own (ONLY='1 5')"
	@echo "make lighthouse  performance of the first screens, the median of five (lighthouse-ci: the rest, as in CI)"
	@echo "make screens     all screens as pictures in var/screens (ONLY='form*')"
	@echo "make bench  what grows with the tables, measured as a ratio"
	@echo "make lint   style, missing migrations, missing translations"
	@echo "make lock   renew requirements.txt and requirements-dev.txt (needs uv; LOCK_ARGS=--upgrade)"

environment:
	@sh config/bootstrap.sh

# exec: make's child is the supervisor itself, which takes the Ctrl-C.
run: environment
	@exec $(PYTHON_HERE) -m config.local_run

test: environment
	@sh .ci/packages
	@exec $(PYTHON_HERE) -m pytest -n 2 $(PYTEST_ARGS)

faults: environment
	@sh .ci/packages
	@exec $(PYTHON_HERE) -m tests.faults --only "$(ONLY)"

lighthouse: environment
	@sh .ci/packages
	@exec $(PYTHON_HERE) -m tests.browser.lighthouse --speed --only "$(ONLY)"

lighthouse-ci: environment
	@sh .ci/packages
	@exec $(PYTHON_HERE) -m tests.browser.lighthouse --only "$(ONLY)"

screens: environment
	@sh .ci/packages
	@exec $(PYTHON_HERE) -m tests.browser.pictures --only "$(or $(ONLY),*)"

bench: environment
	@exec $(PYTHON_HERE) -m pytest -n 0 -q -s -o python_files="bench_*.py" tests/bench

lint: environment
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .
	@$(NOWHERE) $(PYTHON_HERE) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PYTHON_HERE) .ci/catalogue.py
	@# A test file that cannot be imported is told here, not after half an hour of the others.
	@tests=$$($(NOWHERE) $(PYTHON_HERE) -m pytest -n 0 --collect-only -qqq --disable-warnings 2>&1) || { echo "$$tests"; exit 1; }

lock:
	$(LOCK) $(LOCK_ARGS) requirements.in -o requirements.txt
	$(LOCK) $(LOCK_ARGS) requirements-dev.in -o requirements-dev.txt
	$(LOCK) $(LOCK_ARGS) tests/browser/node.in -o tests/browser/node.txt
