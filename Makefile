# `make help` lists the targets. Everything runs in .venv, made by `make setup`.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
DATA_ROOT ?= data
PER_RUN ?= 5
export DAGSTER_HOME ?= $(CURDIR)/dagster_home
export DAGSTER_DISABLE_TELEMETRY = yes

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

$(BIN)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -c constraints.txt torch
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

.PHONY: setup
setup: $(BIN)/.installed ## Make the virtual environment with all packages

.PHONY: demo
demo: setup ## Run the whole walk on the bundled sample reports
	$(BIN)/sft-assets demo --data-root $(DATA_ROOT)

.PHONY: ui
ui: demo ## Open the Dagster UI with the sample already materialised
	SFT_ASSETS_DATA_ROOT=$(abspath $(DATA_ROOT)) $(BIN)/python -m sft_assets.orchestration.sync
	SFT_ASSETS_DATA_ROOT=$(abspath $(DATA_ROOT)) $(BIN)/dg dev

.PHONY: test
test: setup ## Run the tests
	$(BIN)/python -m pytest -m 'not slow' -n 2 --dist loadgroup

.PHONY: test-ui
test-ui: setup ## Watch a real `dg dev` take in, refuse and walk reports (PICTURES=DIR keeps its pages)
	SFT_ASSETS_PICTURES=$(PICTURES) $(BIN)/python -m pytest tests/orchestration/test_dg_dev_walk.py

.PHONY: check
check: setup ## Lint, types, imports, definitions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dg check defs

.PHONY: bench
bench: setup ## Measure the walk's stages on the sample
	$(BIN)/python -m benchmarks.walk_stages

.PHONY: bench-redact
bench-redact: setup ## Recall of redaction by kind, and look-alikes altered
	$(BIN)/python -m benchmarks.redaction

.PHONY: check-formats
check-formats: setup ## Read a release with TRL, LLaMA-Factory, lm-eval, Label Studio (DATA_ROOT=data ONLY=trl_trainers)
	$(BIN)/python -m scripts.loaders $(DATA_ROOT) $(if $(ONLY),--only $(ONLY))

.PHONY: bench-dedup
bench-dedup: setup ## Near-duplicate search beside its peers (ROWS=100000, PEERS=folder with rensa)
	ROWS=$(or $(ROWS),100000) PEERS=$(PEERS) $(BIN)/python -m benchmarks.dedup

.PHONY: bench-train
bench-train: setup ## Tokens a second and memory beside Trainer and TRL (DATA_ROOT, ROWS=96, PEERS=folder with trl)
	ROWS=$(ROWS) PEERS=$(PEERS) $(BIN)/python -m benchmarks.train_speed --data-root $(DATA_ROOT)

.PHONY: bench-forgetting
bench-forgetting: setup ## What tuning makes the base forget, with EWC, L2, layer-wise rates and without
	STEPS=$(STEPS) $(BIN)/python -m benchmarks.forgetting --data-root $(DATA_ROOT)

.PHONY: test-recipes
test-recipes: setup ## Train, save, reload and merge by every recipe; several ranks and DeepSpeed (minutes)
	$(BIN)/python -m pytest tests/train/test_every_recipe.py tests/train/test_ranks.py -m slow -n 0 -s

.PHONY: planted
planted: setup ## Plant 50 personal values, run the walk, look for them in every file
	$(BIN)/python -m scripts.planted_values

.PHONY: bench-ocr
bench-ocr: setup ## Read scans and worn pages with a known text and count amounts, beside plain tesseract
	$(BIN)/python -m benchmarks.ocr_scans

.PHONY: test-ocr
test-ocr: setup ## The bars of scans with a known text (minutes; needs SFT_ASSETS_TEST_CORPUS)
	$(BIN)/python -m pytest tests/extract/test_scans_with_truth.py -m 'slow or not slow'

.PHONY: docs
docs: setup ## Write docs/cli.md from the command line's own help
	$(BIN)/typer sft_assets.cli.app utils docs --name sft-assets --output docs/cli.md

.PHONY: crash-test
crash-test: setup ## Kill the walk at 20 random moments; each rerun must end in the same bytes
	$(BIN)/python scripts/crash_test.py --kills 20 --per-run $(PER_RUN)

.PHONY: resume-test
resume-test: setup ## Kill trainings of every method at random steps; each must end in the same bytes
	$(BIN)/python -m pytest tests/train/test_resume.py -m 'slow or not slow' -n 0 -s

.PHONY: same-bytes
same-bytes: setup ## Run the walk twice in other surroundings; all published bytes must agree
	$(BIN)/python scripts/same_bytes.py --recipe smoke

.PHONY: one-by-one
one-by-one: setup ## Add sample reports one at a time and all at once; bytes must agree, no row may move
	$(BIN)/python scripts/one_by_one.py --reports $(or $(REPORTS),5)

CORPUS ?= $(SFT_ASSETS_TEST_CORPUS)
PAGES ?= 2
CACHE ?= /tmp/sft_assets_plain_pdfplumber
PARTS ?= 10

.PHONY: bench-extract
bench-extract: setup ## Race the extractor with its peers on real reports (CORPUS=... PAGES=2 PYMUPDF=python)
	$(BIN)/python -m benchmarks.extract_speed $(CORPUS) --pages $(PAGES) --pymupdf '$(PYMUPDF)'

.PHONY: equality
equality: setup ## Compare words and tables with plain pdfplumber's (CORPUS=... CACHE=... PARTS=1 for a tenth)
	$(BIN)/python -m benchmarks.equality $(CORPUS) --cache $(CACHE) --parts $(PARTS)

.PHONY: hostile
hostile: setup ## Take in every file of a folder of hostile PDFs (CORPUS=...), then extract each
	$(BIN)/python -m scripts.hostile_intake $(CORPUS) --runs 3 --with-samples
	$(BIN)/python -m scripts.hostile_intake $(CORPUS) --task extract

.PHONY: facts-survey
facts-survey: setup ## What the facts stage finds in a folder of reports (CORPUS=...)
	$(BIN)/python -m benchmarks.facts_survey $(CORPUS)

.PHONY: facts-qa
facts-qa: setup ## Look up what third-party questions ask among the facts (CORPUS=...)
	$(BIN)/python -m benchmarks.facts_qa $(CORPUS)

.PHONY: facts-sentences
facts-sentences: setup ## Exact rate of the reader of sentences on third-party answers (CORPUS=...)
	$(BIN)/python -m benchmarks.facts_sentences $(CORPUS)

.PHONY: facts-perturb
facts-perturb: setup ## Rescale and swap facts on purpose; count what the proofs notice (CORPUS=...)
	$(BIN)/python -m benchmarks.facts_perturb $(CORPUS)

.PHONY: bench-facts
bench-facts: setup ## Seconds a report from cells to facts (CORPUS=...)
	$(BIN)/python -m benchmarks.facts_speed $(CORPUS)

.PHONY: running-lines
running-lines: setup ## Tell what clean drops from the reports of SFT_ASSETS_TEST_CORPUS, with samples
	$(BIN)/python scripts/running_lines.py --samples 12 $(CORPUS)

.PHONY: long-reports
long-reports: setup ## Read long real reports (SFT_ASSETS_TEST_CORPUS) with one, two and three children
	$(BIN)/python -m pytest tests/extract/test_real_workers.py -m slow -n 0

.PHONY: mutants
mutants: setup ## Damage small PDFs in 2,000 ways; none may get past the isolated worker
	$(BIN)/python -m scripts.mutants --jobs 2

.PHONY: sample
sample: setup ## Render the sample reports again (needs the font, see sft_assets/sample)
	$(BIN)/python -m sft_assets.sample.make --out sft_assets/sample/reports

.PHONY: evaluate-all
evaluate-all: setup ## Ask both models up to 500 held-out questions (its settings stay in the data folder)
	test -e $(DATA_ROOT)/settings.yaml || printf '%s: {max_rows: 500}\n' baseline_report eval_report \
		> $(DATA_ROOT)/settings.yaml
	$(BIN)/sft-assets evaluate --data-root $(DATA_ROOT)

.PHONY: base-model
base-model: setup ## Train the small base model again (minutes on a GPU, hours on two cores)
	$(BIN)/python -m sft_assets.pretraining.pretrain
