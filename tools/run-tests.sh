#!/bin/sh
# Runs every test and ends with one line, `N passed, N failed, N skipped`, summed over all test
# programs. What was skipped and what failed stands above it, each by name.
set -eu

target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
log=$target/tests.log
summary=$target/tests-summary.txt
: >"$summary"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
if [ -n "${CI:-}" ] && [ "$CI" != false ]; then
  export CARGO_INCREMENTAL=0
fi

# A plain sh has no pipefail, so the runner's status travels in a file.
status_file=$(mktemp)
trap 'rm -f "$status_file"' EXIT
{
  status=0
  cargo test --workspace --no-fail-fast "$@" 2>&1 || status=$?
  echo "$status" >"$status_file"
} | tee "$log"
status=$(cat "$status_file")

# A test whose server is missing says so and returns early; the runner counts it as passed.
skips=$(grep -ao 'SKIPPED [A-Za-z0-9_:-]*: .*' "$log" || true)
{
  if [ -n "$skips" ]; then
    printf '%s\n' "$skips" | sort -u
  fi
  grep -a '^test .* \.\.\. ignored' "$log" | sed 's/^test \(.*\) \.\.\. ignored,\{0,1\} *\(.*\)/IGNORED \1: \2/' | sort -u || true
  # Why each failed, as far as its first lines say: whoever reads the end of a long log sees it there.
  awk '/^---- .* stdout ----$/ { left = 30 } /^failures:$/ { left = 0 } left-- > 0 { print substr($0, 1, 300) }' "$log"
  grep -a '^test .* \.\.\. FAILED$' "$log" | sed 's/^test \(.*\) \.\.\. FAILED$/FAILED \1/' | sort -u || true
  if [ "$status" != 0 ] && ! grep -aq '^test result: FAILED' "$log"; then
    echo "FAILED before every test ran: see the compiler's or the runner's message above"
  fi
  awk -v skipped="$(printf '%s' "$skips" | grep -c . || true)" '
    /^test result:/ {
      for (i = 2; i <= NF; i++) {
        if ($i ~ /^passed;/) passed += $(i - 1)
        if ($i ~ /^failed;/) failed += $(i - 1)
        if ($i ~ /^ignored;/) ignored += $(i - 1)
      }
    }
    END { printf "%d passed, %d failed, %d skipped\n", passed - skipped, failed, ignored + skipped }
  ' "$log"
} >"$summary"
cat "$summary"
exit "$status"
