# Two commands set up and run: make demo, make test. The others are for work on
# the code. One set of build tags everywhere keeps the build cache warm.
TAGS := migrated_fynedo
GO   ?= go

.PHONY: demo test build windows bench soak lint fmt clean
.DEFAULT_GOAL := build

demo: ## the demo seller in the window; without a display its books and ./demo-shots
	@.ci/setup build
	@$(GO) build -tags $(TAGS) -o bin/countinghouse .
	@bin/countinghouse demo

test: ## install what the tests need and run all of them
	@.ci/setup test
	$(GO) vet -tags $(TAGS) ./...
	$(GO) test -tags $(TAGS) -timeout 40m $$($(GO) list -tags $(TAGS) ./... | grep -v $(PROPERTIES:./%=-e /%$$) -e '^countinghouse$$')
	$(GO) test -tags $(TAGS) $(PROPERTIES) $(SEED)
	$(GO) test -tags $(TAGS) -timeout 20m .
	$(GO) test -tags $(TAGS) -timeout 40m -race -short $(RACE)
	$(GO) test -tags $(TAGS) -race -short ./sync/reports ./sync/spapi $(SEED)

# The root drives the real window and measures how it answers, so nothing runs
# beside it.
# The packages whose goroutines share memory; the others are single-threaded.
RACE := ./data/cipher ./data/vault ./data/store ./sync ./sync/spapifake

# Packages with tests on drawn cases. The same cases each time, so that a change
# is judged by what it changed; go test by itself and make soak draw new ones.
PROPERTIES := ./charts ./data/accounts ./data/books ./sync/reports ./sync/spapi ./ui/format
SEED       := -args -rapid.seed=20261122

build:
	@.ci/setup build
	$(GO) build -tags $(TAGS) -o bin/countinghouse .

# One program, linked twice: Windows fixes at link time whether it has a console.
# Where both lie in one folder, an icon starts .exe and a terminal finds .com first.
WINDOWS := CC=x86_64-w64-mingw32-gcc CGO_ENABLED=1 GOOS=windows GOARCH=amd64 $(GO) build -tags $(TAGS)

windows: ## cross-built with mingw-w64 into bin/windows
	x86_64-w64-mingw32-windres -I resources/windows -O coff -o icon_windows_amd64.syso resources/windows/countinghouse.rc
	$(WINDOWS) -ldflags -H=windowsgui -o bin/windows/countinghouse.exe .
	$(WINDOWS) -o bin/windows/countinghouse.com .
	rm icon_windows_amd64.syso

bench: ## ratios against plain SQLite and SQLCipher, speeds of the readers, the window's start, a simulated first sync
	@.ci/setup test
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchtime 1x ./data/cipher
	$(GO) test -tags $(TAGS) -run '^$$' -bench . ./sync/reports ./data/books
	ORDERS=$${ORDERS:-200000} $(GO) test -tags $(TAGS) -timeout 60m -run '^$$' -bench 'OrdersView|DaySums' -benchtime 20x ./data/store
	$(GO) test -tags $(TAGS) -run '^$$' -bench Recount -benchtime 2x ./data/store
	$(GO) test -tags $(TAGS) -run '^$$' -bench Table ./ui/desktop/parts
	$(GO) test -tags $(TAGS) -run '^$$' -bench Window -benchtime 1x -timeout 40m -v .
	COUNTINGHOUSE_BENCH=1 $(GO) test -tags $(TAGS) -timeout 60m -run 'SimulationLarge' -v ./sync

soak: ## the long forms of the kill -9 tests, a sync that goes on for 10,000 rounds, many new drawn cases
	@.ci/setup test
	$(GO) test -tags $(TAGS) -timeout 60m $(PROPERTIES) -args -rapid.checks=2000
	COUNTINGHOUSE_SOAK=1 $(GO) test -tags $(TAGS) -timeout 120m -run 'Kill|Soak' -v ./data/cipher ./sync/... .

# ST1005 is off: it takes "Amazon" at the start of an error for a capital letter.
lint: ## format, vet, the build for screen readers, staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "gofmt these files"; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) build -tags accessibility,$(TAGS) -o /dev/null .
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.7.0 -checks inherit,-ST1005 -tags $(TAGS) ./...

fmt:
	gofmt -w $$(git ls-files '*.go')

clean:
	rm -rf bin demo-shots
