#!/bin/sh
# Installs what the tests need and this machine lacks: as root on Debian, or in CI through sudo.
# Elsewhere it says what is missing and how to get it; the suites that need it are then skipped by name.
set -eu

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
in_ci() { [ -n "${CI:-}" ] && [ "$CI" != false ]; }

missing=
have prometheus || missing="$missing prometheus"
# Debian gives the program the package's name, everybody else its own.
have prometheus-alertmanager || have alertmanager || missing="$missing prometheus-alertmanager"
have tmux || missing="$missing tmux"
# A server of the system is not on everybody's PATH.
have sshd || [ -x /usr/sbin/sshd ] || missing="$missing openssh-server"
{ have ssh && have ssh-keygen; } || missing="$missing openssh-client"
missing=${missing# }
[ -n "$missing" ] || exit 0

if ! have cargo; then
  say "cargo is missing too: see https://rustup.rs"
fi

root=no
if [ "$(id -u)" = 0 ]; then
  root=
elif in_ci && have sudo && sudo -n true 2>/dev/null; then
  root=sudo
fi

if [ "$root" = no ] || ! have apt-get; then
  say "Missing for the tests: $missing"
  if have brew; then
    say "Get it with: brew install prometheus alertmanager tmux"
  elif have apt-get; then
    say "Get it with: sudo apt-get install --no-install-recommends $missing"
  else
    say "Get prometheus and alertmanager (https://prometheus.io/download/), tmux and OpenSSH, and put them on PATH."
  fi
  say "The suites that need it are skipped, each by name; with CI set a skipped suite fails."
  exit 0
fi

# Debian starts a service as soon as it is installed, unless this policy forbids it. A policy that
# the machine already has comes back afterwards, whatever happens in between.
policy=/usr/sbin/policy-rc.d
kept=$(mktemp)
had_policy=no
restore() {
  if [ "$had_policy" = yes ]; then
    $root cp -p "$kept" "$policy"
  else
    $root rm -f "$policy"
  fi
  rm -f "$kept"
}
if [ -e "$policy" ]; then
  cp -p "$policy" "$kept"
  had_policy=yes
fi
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null
$root chmod 755 "$policy"

install() {
  # The names are meant to become several words.
  # shellcheck disable=SC2086
  $root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q \
    --no-install-recommends $missing >&2
}

say "Installing for the tests: $missing"
# The package lists are only fetched when what is there does not do.
if ! install; then
  say "Fetching the package lists first."
  $root apt-get -o DPkg::Lock::Timeout=300 update -q >&2
  install
fi
