# What a developer and CI call. `make test` sets up a fresh machine by itself.

.PHONY: help test setup lint golden pictures bench correlate-bench

help:
	@echo "make test    install what the tests need (as root on Debian, or in CI), then run every test"
	@echo "make lint    formatting, clippy and documentation, warnings denied"
	@echo "make golden  accept the golden frames as they are drawn now"
	@echo "make pictures  draw the README's pictures anew"
	@echo "make correlate-bench  incidents of the embedded hospital, how many culprits are found, and how sure that is"
	@echo "make bench   start-up, idle cost, key latency and memory, with their limits"

test: setup
	@sh tools/run-tests.sh

setup:
	@sh tools/setup-tests.sh

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

golden:
	INSTA_UPDATE=always cargo test --workspace --no-fail-fast

pictures:
	PLANTAO_PICTURES=write cargo test --test golden_views pictures

bench:
	cargo bench --workspace

correlate-bench:
	cargo run --release --example correlate_bench
