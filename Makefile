# Every target does its own set-up in .venv; nothing has to be installed by hand but Python and make.
PYTHON ?= python3
BIN := .venv/bin
# Handed on through the environment, so that quotes and dollars in a question are safe.
export q ?= can a chair overrule the conference?

.PHONY: runtime install ask serve test widget load soak check gate format openapi lock clean

.venv/runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Upheld needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/development: .venv/runtime
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

## runtime: what answering needs, and no more
runtime: .venv/runtime

## install: the commands upheld and upheld-eval in .venv/bin
install: .venv/development

## ask: answer q="..." from the built index, or from the bundled sample
ask: .venv/runtime
	@$(BIN)/upheld ask "$$q"

## serve: the HTTP service on port 8000
serve: .venv/runtime
	$(BIN)/upheld serve

# What tests need beside Python, each a Debian package and the command by which it is known.
NEEDED := redis-server=redis-server chromium=chromium

## test: all tests; what they need beside Python is installed where Debian's packages may be
test: .venv/development
	@for pair in $(NEEDED); do command -v $${pair#*=} >/dev/null || missing="$$missing $${pair%=*}"; done; \
	if test -n "$$missing" && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null || \
		echo "could not install$$missing: tests that need it are skipped"; fi
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist loadfile

## widget: build service/widget/upheld.js from its sources; needs Node.js and npm
widget:
	cd service/widget && npm ci --no-audit --no-fund && npm run build

## load: the server under load, with and without batches of questions
load: .venv/development
	$(BIN)/python -m eval.bench.load

## soak: ten minutes of questions from eight clients
soak: .venv/development
	$(BIN)/python -m eval.bench.soak

## check: lint, formatting, strict types
check: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## gate: fail where answers became worse than the committed baseline
gate: .venv/development
	$(BIN)/upheld-eval gate sample --questions eval/data/sample_questions.jsonl --decisions corpus/samples
	@if test -d ../shared; then set -x; $(BIN)/upheld-eval gate dev --questions ../shared/eval/dev_questions.jsonl --decisions ../shared/decisions --decisions ../shared/decisions_phso; else echo "gate dev: skipped, there is no ../shared here"; fi

## format: put the code in order
format: .venv/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## openapi: write service/openapi.json anew
openapi: .venv/runtime
	$(BIN)/python -m service.openapi > service/openapi.json

## lock: pin what is installed now
lock: .venv/development
	$(BIN)/pip freeze --exclude-editable --exclude upheld | sed 's/+cpu$$//' > constraints.txt

clean:
	rm -rf .venv data build *.egg-info
