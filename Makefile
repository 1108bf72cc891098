# What a person types. `make test` and `make build` are also what CI runs.
PREFIX ?= /usr/local
PACKAGES = libsqlite3-dev libzip-dev libzstd-dev zlib1g-dev pkg-config
PROGRAMS = buntan buntan-server

demo: build
	@./tools/demo $(CURDIR)/.build/release demo-out

.PHONY: demo build test format lint prepare install uninstall

prepare:
	@./.ci/prepare $(PACKAGES)

build: prepare
	swift build -c release --product buntan
	swift build -c release --product buntan-server

test: prepare
	swift test

format:
	swift format --in-place --recursive --parallel Protocol ServerApp ClientCLI Sources Tests

lint:
	swift format lint --strict --recursive --parallel Protocol ServerApp ClientCLI Sources Tests

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	for program in $(PROGRAMS); do install -m 755 -s .build/release/$$program $(DESTDIR)$(PREFIX)/bin/$$program; done

uninstall:
	for program in $(PROGRAMS); do rm -f $(DESTDIR)$(PREFIX)/bin/$$program; done
