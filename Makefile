# `make` alone lists the commands. They install into .venv, node_modules and vendor/bundle.

# Weights are read from this folder's `weights`, if it exists. Others are downloaded when first needed.
U2NET_SHARED ?= ../shared
WEIGHTS = $(addprefix --weights-dir ,$(wildcard $(U2NET_SHARED)/weights))

# For example: make site BUILD_FLAGS="--model u2net" JEKYLL_FLAGS="--baseurl /gallery"
BUILD_FLAGS ?=
FAILED_PHOTOS ?=
JEKYLL_FLAGS ?=
PYTEST_FLAGS ?=
BENCH_FLAGS ?=
PORT ?= 4000

BIN = .venv/bin
SETUP = @tools/setup.sh

.DEFAULT_GOAL := help
.PHONY: help site serve test check lint bench ruby rubocop chromium firefox webkit clean
.NOTPARALLEL:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Exit status 1 means that some photos failed. The site is then built from the others. Where
# FAILED_PHOTOS holds a sentence, it is said, and that is all.
site: .venv/.site assets/vendor/.stamp ruby ## Install what is needed, build the gallery and the site
	@status=0; $(BIN)/python pipeline/build.py $(WEIGHTS) $(BUILD_FLAGS) || status=$$?; \
	[ $$status -le 1 ] || exit $$status; \
	tools/jekyll build --quiet $(JEKYLL_FLAGS) || exit; \
	echo "The site is in _site. To look at it: make serve"; \
	[ $$status -eq 0 ] || [ -z "$(FAILED_PHOTOS)" ] || { echo "$(FAILED_PHOTOS)"; status=0; }; \
	exit $$status

serve: ## Serve the built site on this machine (PORT=4000)
	@[ -d _site ] || { echo "There is no _site yet: run make site first" >&2; exit 1; }
	@tools/jekyll serve --skip-initial-build --no-watch --port $(PORT) $(JEKYLL_FLAGS)

test: lint assets/vendor/.stamp ruby chromium firefox webkit ## Run every check and every test
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

check: lint ## Run the checks of the code, and the tests without networks and the site
	$(BIN)/python -m pytest -q -m "not site and not network" $(PYTEST_FLAGS)

lint: .venv/.test node_modules/.test rubocop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	rubocop _plugins gemfiles Gemfile
	npm run --silent check

bench: .venv/.test ## Measure against the reference script and rembg (BENCH_FLAGS)
	$(BIN)/python bench/run.py $(BENCH_FLAGS)

# Keeps the photos, the cut-outs beside them and the build record.
clean: ## Remove the built site and the generated web images and data
	rm -rf _site _out assets/gallery assets/results assets/vendor _data/gallery.json _data/sliders.yml _data/results
	rm -rf .jekyll-cache .sass-cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

ruby rubocop chromium firefox webkit:
	$(SETUP) $@

.venv/.site: pyproject.toml constraints.txt
	$(SETUP) python
	@touch $@

.venv/.test: pyproject.toml constraints.txt
	$(SETUP) python fast,scores,test,dev
	@touch .venv/.site $@

node_modules/.site: package.json package-lock.json
	$(SETUP) node --omit=dev --omit=optional
	@touch $@

node_modules/.test: package.json package-lock.json
	$(SETUP) node
	@touch node_modules/.site $@

assets/vendor/.stamp: tools/vendor.mjs node_modules/.site
	@npm run --silent vendor
	@touch $@
