# simplex-lua: what maintainers run. CI runs the same targets.

GO      ?= go
SHELL   := /bin/bash
PKGS    := ./...
FUZZTIME ?= 10s
SOAK    ?= 30s
BENCH   ?= .
COUNT   ?= 6
VERSION ?= $(shell sed -n 's/^var version = "\(.*\)"/\1/p' cmd/simplex-lua/version.go)

.DEFAULT_GOAL := help

.PHONY: help
help: ## show this help
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build the program as it is released
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o simplex-lua ./cmd/simplex-lua

.PHONY: test
test: ## run all tests, with the race detector and then as released
	CGO_ENABLED=1 $(GO) test -race $(PKGS)
	CGO_ENABLED=0 $(GO) test $(PKGS)

.PHONY: test-real
test-real: ## run the conformance suite on the library that SIMPLEX_LIBS_DIR names
	@test -n "$$SIMPLEX_LIBS_DIR" || { echo "set SIMPLEX_LIBS_DIR to a folder with libsimplex"; exit 2; }
	CGO_ENABLED=0 $(GO) test -count=1 -run '^TestReal' -v ./host/...

.PHONY: lint
lint: ## check format, vet and staticcheck
	@out=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$out" || { echo "gofmt would change:"; echo "$$out"; exit 1; }
	$(GO) vet $(PKGS)
	$(GO) tool staticcheck $(PKGS)
	@for os in linux/arm64 darwin/arm64 windows/amd64; do \
	  GOOS=$${os%/*} GOARCH=$${os#*/} CGO_ENABLED=0 $(GO) vet ./cmd/... ./host ./native || exit 1; done

.PHONY: fmt
fmt: ## format all Go code
	gofmt -w $$(git ls-files '*.go')

.PHONY: generate
generate: ## write all generated files anew
	$(GO) generate $(PKGS)

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (10s)
	@for pkg in $$($(GO) list $(PKGS)); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; done; done

.PHONY: bench
bench: ## run the benchmarks BENCH (.) COUNT (6) times into bench.out; OLD=FILE compares with another run
	set -o pipefail; CGO_ENABLED=0 $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKGS) | tee bench.out
	$(GO) tool benchstat $(OLD) bench.out

.PHONY: bench-host
bench-host: ## measure the whole program, on BENCH_DIR's compare.sh or on the stub core
	./tests/bench-host.sh

.PHONY: soak
soak: ## live through joins, kills and reloads for SOAK (30s); SOAK_SEED=N, E2E_KILLS=N
	SOAK=$(SOAK) CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 60m ./tests/soak
	E2E_KILLS=$${E2E_KILLS:-100} CGO_ENABLED=0 $(GO) test -count=1 -v -timeout 30m -run TestKills ./tests

.PHONY: release
release: ## build the archives of VERSION for PLATFORMS (all) into build/release/, with hashes and SBOM
	$(GO) run ./internal/release -version $(VERSION) $(if $(PLATFORMS),-platforms '$(PLATFORMS)')

.PHONY: cover
cover: ## write cover.out and show the coverage of each package
	CGO_ENABLED=0 $(GO) test -coverprofile=cover.out $(PKGS)
	$(GO) tool cover -func=cover.out | tail -1
