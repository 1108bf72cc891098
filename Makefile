# What a person types. `make test` and `make build` are also what CI runs.
PREFIX ?= /usr/local
PACKAGES = libsqlite3-dev libzip-dev libxlsxwriter-dev libzstd-dev zlib1g-dev pkg-config
# The demonstration is also checked by other code, in Python.
DEMO_PACKAGES = python3 python3-cbor2 python3-cryptography zstd
PROGRAMS = buntan buntan-server
# Programs hold the libraries of the language, which then need not be found or be there when they start.
RELEASE = swift build -c release --static-swift-stdlib
# Tests run Swift as it is written, without what else a debug build does: there the parser of arguments checks the options of every command
# each time, and C is not optimised, which together take most of the time.
TESTED = -c release -Xswiftc -Onone -Xswiftc -enable-testing -Xswiftc -no-whole-module-optimization --scratch-path .build/tests

demo: prepare-demo build
	@./tools/demo $(CURDIR)/.build/release demo-out

# What reports of the demonstration's stores look like: checked in a real browser, with pictures in the folder REPORTS.
REPORTS ?= report-out
reports: prepare-reports demo
	python3 tools/check_report.py .build/release --stores demo-out --pictures $(REPORTS)

drill: prepare-demo build
	@./tools/drill $(CURDIR)/.build/release drill-out

.PHONY: demo reports drill build build-tests test simulate fuzz sanitize format lint prepare prepare-demo prepare-reports prepare-test install uninstall

prepare:
	@./.ci/prepare $(PACKAGES)

# Asked for all at once, before anything is built. Some tests make certificates, and read workbooks with Python.
prepare-demo:
	@./.ci/prepare $(PACKAGES) $(DEMO_PACKAGES)

prepare-reports:
	@./.ci/prepare $(PACKAGES) $(DEMO_PACKAGES) chromium fonts-noto-cjk

prepare-test:
	@./.ci/prepare $(PACKAGES) openssl python3

build: prepare
	$(RELEASE) --product buntan
	$(RELEASE) --product buntan-server
	$(RELEASE) --product buntan-bench

# Built here and not by `swift test`, whose flags would have all of it built anew; each room has to name what it imports.
build-tests: prepare-test
	swift build --build-tests $(TESTED) --explicit-target-dependency-import-check error

test: build-tests
	swift test --skip-build $(TESTED)
	$(RELEASE) --product buntan-simulate
	.build/release/buntan-simulate --seeds 1000 --anew

# Any number of seeds; those that this build has run before are not run again. With SEED=417 that one, with all that happens in it.
SEEDS = 10000
FIRST_SEED = 1
simulate: prepare
	$(RELEASE) --product buntan-simulate
	.build/release/buntan-simulate $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --first-seed $(FIRST_SEED))

# Readers of bytes from outside against inputs by the million, led by what they reach (libFuzzer), for so many seconds; with
# INPUTS=100000, and where the toolchain has no libFuzzer, so many of each target that a seed alone draws.
SECONDS = 60
SEED_OF_INPUTS = 1
SWIFT_RESOURCES = $(shell swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
LIBFUZZER = $(if $(INPUTS),,$(wildcard $(SWIFT_RESOURCES)/clang/lib/linux/libclang_rt.fuzzer_no_main-$(shell uname -m).a))
fuzz: FUZZER := $(LIBFUZZER)
fuzz: prepare
	$(RELEASE) --product buntan-fuzz $(if $(FUZZER),--scratch-path .build/fuzz -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer \
	-Xlinker $(FUZZER) -Xlinker --undefined=LLVMFuzzerRunDriver -Xlinker -lstdc++)
	$(if $(FUZZER),.build/fuzz/release/buntan-fuzz --led .build/fuzz/inputs,.build/release/buntan-fuzz) --seed $(SEED_OF_INPUTS) \
	$(if $(INPUTS),--inputs $(INPUTS),--seconds $(SECONDS)) $(if $(TARGET),--target $(TARGET))

# The suites that run within one process, watched for races (SANITIZER=thread) or for memory that is misused (address). The others
# measure, or start programs whose end the sanitizer would change.
SANITIZER = thread
sanitize: prepare-test
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/ThreadSanitizer.supp" \
	ASAN_OPTIONS="detect_leaks=0:suppressions=$(CURDIR)/Tests/AddressSanitizer.supp" \
	swift test --sanitize=$(SANITIZER) --scratch-path .build/$(SANITIZER) --skip '^(CommandTests|SimulationTests|BenchmarksTests)\.' \
	--skip FullDiskTests --skip '^ServerAppTests\.ProcessTests'

format:
	swift format --in-place --recursive --parallel Protocol ServerApp ClientCLI Sources Benchmarks Tests

lint:
	swift format lint --strict --recursive --parallel Protocol ServerApp ClientCLI Sources Benchmarks Tests

# Where the built programs lie. With another folder nothing is built: they are taken as they are found there.
BIN ?= .build/release
INSTALL_PROGRAM ?= install -m 755 -s
ROOT = $(DESTDIR)$(PREFIX)
PAGES = $(wildcard ClientCLI/Manual/*.1 ServerApp/Manual/*.1)
COMPLETIONS = $(foreach program,$(PROGRAMS),share/bash-completion/completions/$(program) share/zsh/site-functions/_$(program) share/fish/vendor_completions.d/$(program).fish)
UNIT = lib/systemd/system/buntan-server.service

install: $(if $(filter .build/release,$(BIN)),build)
	install -d $(ROOT)/bin $(ROOT)/share/man/man1 $(addprefix $(ROOT)/,$(sort $(dir $(COMPLETIONS) $(UNIT))))
	for program in $(PROGRAMS); do $(INSTALL_PROGRAM) $(BIN)/$$program $(ROOT)/bin/$$program || exit 1; done
	install -m 644 $(PAGES) $(ROOT)/share/man/man1
	set -- $(COMPLETIONS); for words in "buntan completion" "buntan-server --generate-completion-script"; do for shell in bash zsh fish; do \
	LC_ALL=C $(BIN)/$$words $$shell >$(ROOT)/$$1 || exit 1; chmod 644 $(ROOT)/$$1; shift; done; done
	sed 's|/usr/local/bin/|$(PREFIX)/bin/|' ServerApp/systemd/buntan-server.service >$(ROOT)/$(UNIT) && chmod 644 $(ROOT)/$(UNIT)

# Folders that it leaves empty go too, but not those that a system has for all its programs.
uninstall:
	rm -f $(addprefix $(ROOT)/bin/,$(PROGRAMS)) $(addprefix $(ROOT)/share/man/man1/,$(notdir $(PAGES))) $(addprefix $(ROOT)/,$(COMPLETIONS) $(UNIT))
	$(if $(filter-out /usr /usr/local,$(PREFIX)),test ! -d $(ROOT) || (cd $(ROOT) && rmdir -p --ignore-fail-on-non-empty bin share/man/man1 $(sort $(dir $(COMPLETIONS) $(UNIT))) 2>/dev/null || true))
