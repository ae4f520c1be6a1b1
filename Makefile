# make demo, make test: all that a newcomer needs. It works with GNU make 3.81, which macOS has.

VENV = .venv
BIN = $(VENV)/bin
INSTALL = $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

# The Python to make $(VENV) with; empty, the newest of 3.14 to 3.11 that is found.
PYTHON =
# The one seed that `make exactness` plays; empty, several.
SEED =
# What pytest is given besides, as in: make test ARGS="-k outbox"
ARGS =

.PHONY: help demo test check faults exactness bench picture keys goldens clean

help:
	@echo 'make demo      open the app against a stand-in Zoho: no account, no network'
	@echo 'make test      install what the tests need, and run them'
	@echo 'make check     ruff, pyright and import-linter, then the tests'
	@echo 'make faults    every kill, power loss and disk fault, not a sample: needs strace, takes long'
	@echo 'make exactness long random sessions of the terminal driver; SEED=4 plays one of them again'
	@echo 'make bench     measure the app against a minimal Textual app and posting; ARGS="--only echo,tabs"'
	@echo 'make picture   draw docs/qualify.svg anew from the running app'
	@echo 'make keys      write docs/keys.md anew from tui/actions.py'
	@echo 'make goldens   write tests/tui/goldens anew from the running app; look at the diff'
	@echo 'make clean     remove $(VENV) and what tools leave behind'
	@echo
	@echo 'PYTHON=/path/to/python3 chooses the Python that $(VENV) is made with.'

demo: $(VENV)/.app
	@$(BIN)/zoho-leads demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(ARGS)

faults: $(VENV)/.dev
	FAULTS=all $(BIN)/python -m pytest tests/faults $(ARGS)

exactness: $(VENV)/.dev
	EXACTNESS=all EXACTNESS_SEED=$(SEED) $(BIN)/python -m pytest tests/tui/terminal -k random_session $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(ARGS)

picture: $(VENV)/.dev
	$(BIN)/python docs/make_picture.py

keys: $(VENV)/.dev
	$(BIN)/python docs/make_keys.py

goldens: $(VENV)/.dev
	GOLDENS=renew $(BIN)/python -m pytest --quiet tests/tui -k looks_as_it_did $(ARGS)
	git diff --stat tests/tui/goldens

clean:
	rm -rf $(VENV) build dist .coverage htmlcov .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.app: pyproject.toml constraints.txt | $(VENV)/.made
	@echo 'Installing ...'
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/.made
	@echo 'Installing, with what the tests need ...'
	@$(INSTALL) --editable '.[dev]'
	@# Beside the others: what tests sign in must not come near the keyring of who runs them.
	@$(INSTALL) --upgrade --target $(VENV)/keyring 'keyring>=25.2'
	@touch $(VENV)/.app $@

# One shell script: find a Python, or say the one command that mends it; then make $(VENV), unless it works.
$(VENV)/.made:
	@say() { printf '%s\n' "$$@" >&2; }; \
	root='sudo '; test "$$(id -u)" = 0 && root=; \
	found=; bare=; \
	for python in $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; \
	  test -n "$$bare" || bare=$$python; \
	done; \
	if test -z "$$found" && test -n "$$bare"; then \
	  version=$$("$$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  say "$$bare has no venv module. This mends it:" "" "    $${root}apt install python$$version-venv" ""; \
	  exit 1; \
	elif test -z "$$found"; then \
	  if test -n "$(PYTHON)"; then say "$(PYTHON) is not Python 3.11 or newer."; \
	  elif command -v python3 >/dev/null; then say "Python 3.11 or newer is needed; here is $$(python3 --version 2>&1)."; \
	  else say "Python 3.11 or newer is needed; none was found."; fi; \
	  mend="brew install python"; \
	  if test "$$(uname)" != Darwin; then \
	    mend="$${root}apt install python3 python3-venv"; \
	    for version in 3.11 3.12 3.13 3.14; do \
	      apt-cache show python$$version-venv >/dev/null 2>&1 && mend="$${root}apt install python$$version-venv"; \
	    done; \
	  fi; \
	  say "This mends it:" "" "    $$mend" "" "or name another one: make PYTHON=/path/to/python3 ..."; \
	  exit 1; \
	fi; \
	if $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then :; \
	else echo "Making $(VENV) with $$found ..."; "$$found" -m venv --clear $(VENV); fi && touch $@
