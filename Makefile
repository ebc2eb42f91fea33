# make demo   build the seeds' graph, print how to open the view and three queries with their answers
# make test   lint and tests
# make lint   ruff, mypy, import-linter
# make docs   the documentation as a website: output/site/index.html
# make clean  remove everything that make made

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := demo

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OUTPUT := output

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_INPUT := 1

# make speed  the tests that compare times

.PHONY: demo test speed lint venv tools docs reference notebooks licences sbom clean lock

venv: $(STAMP)

# Installed again only when the pins or the project's metadata change.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "kg needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); echo "No virtual environment could be made. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV) (once, a few minutes) ..."
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

WHOM := SELECT DISTINCT ?name { ?x rdfs:label|skos:altLabel "Sergey Lavrov" ; kg:met/rdfs:label ?name } ORDER BY ?name

demo: $(STAMP)
	@$(BIN)/kg build seeds/ -o $(OUTPUT)/
	@echo; echo "Whom did Sergey Lavrov meet?"; echo
	@echo "    kg query $(OUTPUT)/graph.ttl '$(subst ",\",$(WHOM))'"; echo
	@$(BIN)/kg query $(OUTPUT)/graph.ttl '$(WHOM)'
	@for name in disputed timeline; do \
		echo; tail -n +2 "kg/queries/$$name.rq" | sed -e '1s/^# //' -e '1!s/^/    /' -e '1s/$$/\n/'; echo; \
		echo "    kg query $(OUTPUT)/graph.ttl $$name"; echo; \
		$(BIN)/kg query $(OUTPUT)/graph.ttl "$$name"; \
	done
	@echo
	@echo "Open the network view in any browser, no network needed:"
	@echo "    file://$(CURDIR)/$(OUTPUT)/graph.html"
	@echo "More questions and options:  $(BIN)/kg query --help"
	@echo "Your own articles:           $(BIN)/kg build FOLDER -o $(OUTPUT)/mine"

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log 2>&1 || { cat $(VENV)/lint-imports.log; exit 1; }

# Three processes: the browser's driver keeps an event loop running in its own, the stores keep servers.
test: lint tools
	@$(BIN)/python -m pytest -q --ignore=tests/browser --ignore=tests/stores
	@$(BIN)/python -m pytest -q tests/stores
	@$(BIN)/python -m pytest -q tests/browser

# A page that does not fit the rest is an error; nothing of the website is loaded from a network.
docs: $(STAMP) reference
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict -q
	@echo "Open file://$(CURDIR)/$(OUTPUT)/site/index.html"

# The pages that are made from code and ontology.
reference: $(STAMP)
	@$(BIN)/python scripts/build_reference.py

# Only the notebooks, and the blocks of the documentation; make test runs them too.
notebooks: $(STAMP)
	@$(BIN)/python -m pytest -q tests/test_notebooks.py tests/test_docs.py

# The licence of each package, checked; what kg is made of, as CycloneDX JSON.
licences: $(STAMP)
	@$(BIN)/python scripts/licences.py

sbom: $(STAMP)
	@$(BIN)/python scripts/sbom.py -o $(OUTPUT)/sbom.json

# What compares times: by hand, on a quiet machine.
speed: $(STAMP) tools
	@$(BIN)/python -m pytest -q -m speed

# What some tests use, installed when missing: the browser, other triple stores and Turtle parsers (Debian packages), N3.js (npm).
tools:
	@need=""; \
	command -v chromium > /dev/null || need="$$need chromium fonts-dejavu-core"; \
	command -v rapper > /dev/null || need="$$need raptor2-utils"; \
	command -v serdi > /dev/null || need="$$need serdi"; \
	command -v virtuoso-t > /dev/null || need="$$need virtuoso-opensource-7-bin"; \
	command -v jq > /dev/null || need="$$need jq"; \
	command -v node > /dev/null || need="$$need nodejs"; \
	command -v npm > /dev/null || need="$$need npm"; \
	command -v java > /dev/null || need="$$need default-jre-headless"; \
	if test -n "$$need"; then \
		root=""; if test "$$(id -u)" -ne 0; then root="sudo -n"; fi; \
		if command -v apt-get > /dev/null && { test -z "$$root" || $$root true 2> /dev/null; }; then \
			echo "Installing for the tests:$$need ..."; \
			log=$$(mktemp); \
			{ $$root apt-get update -qq && \
			  $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$need; } > "$$log" 2>&1 \
			|| { tail -n 5 "$$log" >&2; echo "Not installed:$$need. Their tests will say so." >&2; }; \
			rm -f "$$log"; \
		else \
			echo "Not installed (no apt-get as root):$$need. Their tests will say so." >&2; \
		fi; \
	fi
	@if command -v npm > /dev/null && ! test -d $(VENV)/npm/node_modules/n3; then \
		echo "Installing for the tests: n3 ..."; \
		npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix $(VENV)/npm n3@2.13.12 \
		|| echo "Not installed: n3. Its tests will say so." >&2; \
	fi

# Renew the pins: needs uv (pip install uv). Neither an address nor a host gets into the file.
lock:
	uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --extra test pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) $(OUTPUT)/* build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
