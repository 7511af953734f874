#!/usr/bin/env bash
# Installs what one part of the project needs, and is quiet where it is there already:
#   tools/setup.sh python EXTRAS | node [npm ci flags] | ruby | rubocop | chromium | firefox | webkit
# Debian's packages are installed where we are root; elsewhere one sentence says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

site_node=18.19
jekyll_packages=(jekyll bundler ruby-jekyll-feed ruby-jekyll-sitemap)

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# On a fresh machine the package lists are empty or old: fetch them only where that is needed.
apt_install() {
  have apt-get && [ "$(id -u)" -eq 0 ] || return 1
  say "Installing Debian packages: $*"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends)
  "${install[@]}" "$@" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null && "${install[@]}" "$@" >/dev/null; }
}

python_is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
    if have "$candidate" && python_is_recent "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  fail "no Python 3.11 or newer was found. Install one (sudo apt-get install python3 python3-venv)," \
    "or name it: make site PYTHON=/path/to/python3"
}

# Debian keeps venv's own part in a package of its own.
make_venv() {
  local python
  python=$(find_python)
  "$python" -c 'import ensurepip' 2>/dev/null || apt_install python3-venv ||
    fail "$python cannot make virtual environments: sudo apt-get install python3-venv"
  "$python" -m venv --clear .venv
}

setup_python() {
  { python_is_recent .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; } ||
    make_venv
  say "Installing Python packages into .venv (a minute or two the first time)"
  .venv/bin/python -m pip install -qq --disable-pip-version-check \
    --constraint constraints.txt --editable ".${1:+[$1]}" ||
    fail "Python packages could not be installed: see pip's message above. Is PyPI reachable?"
}

node_is_recent() {
  node -e 'const [have, need] = [process.versions.node, process.argv[1]].map((v) => v.split(".").map(Number));
    process.exit(have[0] > need[0] || (have[0] === need[0] && have[1] >= need[1]) ? 0 : 1)' "$1"
}

# The tests' tools need a newer node than the site. npm brings one for Linux; elsewhere it is the PATH's.
check_node_of_tests() {
  local needed
  PATH=$PWD/node_modules/.bin:$PATH
  needed=$(node -p 'require("./package.json").devEngines.runtime.version.replace(">=", "")')
  node_is_recent "$needed" ||
    fail "the tests' tools need node $needed or newer, and $(node --version) is what is here:" \
      "see https://nodejs.org (the site itself is content with $site_node)"
}

setup_node() {
  { have node && have npm; } || apt_install nodejs npm ||
    fail "node and npm are missing: sudo apt-get install nodejs npm"
  node_is_recent "$site_node" ||
    fail "node $(node --version) is too old, $site_node or newer is needed: see https://nodejs.org"
  say "Installing npm packages into node_modules"
  npm ci --loglevel=error "$@" >/dev/null ||
    fail "npm packages could not be installed: see npm's message above. Is its registry reachable?"
  case " $* " in *" --omit=dev "*) ;; *) check_node_of_tests ;; esac
}

jekyll_works() { tools/jekyll --version >/dev/null 2>&1; }

# Probing first spares the minutes that bundler waits for a registry out of reach.
install_gems() {
  have bundle && have ruby || return 1
  ruby -ropen-uri -e 'URI.open("https://index.rubygems.org/info/jekyll", open_timeout: 5)' \
    >/dev/null 2>&1 || return 1
  say "Installing gems into vendor/bundle"
  BUNDLE_GEMFILE=$PWD/Gemfile BUNDLE_PATH=$PWD/vendor/bundle bundle install --quiet ||
    { rm -rf vendor/bundle; return 1; }
}

setup_ruby() {
  if jekyll_works; then return; fi
  if install_gems && jekyll_works; then return; fi
  if apt_install "${jekyll_packages[@]}" && jekyll_works; then return; fi
  tools/jekyll --version >&2 || true
  fail "Jekyll 4.3 is missing: sudo apt-get install ${jekyll_packages[*]}" \
    "(or install Ruby and bundler where rubygems.org is reachable)"
}

setup_rubocop() {
  have rubocop || apt_install rubocop ||
    fail "RuboCop, which checks the Ruby of _plugins, is missing: sudo apt-get install rubocop" \
      "(or gem install rubocop, where rubygems.org is reachable)"
}

setup_chromium() {
  local browser
  for browser in chromium chromium-browser google-chrome google-chrome-stable; do
    if have "$browser"; then return; fi
  done
  apt_install chromium || fail "the site's tests need Chromium: sudo apt-get install chromium"
}

# The tests in these two engines are skipped without them, but not in continuous integration.
do_without() {
  local missing="the site's tests in $1 need packages: sudo apt-get install ${*:2}"
  [ -z "${CI:-}" ] || fail "$missing"
  say "setup: $missing (they are skipped until then)"
}

setup_firefox() {
  have firefox-esr || have firefox || apt_install firefox-esr || do_without Firefox firefox-esr
}

# MiniBrowser, which the driver starts, comes with the library that it depends on.
setup_webkit() {
  { have WebKitWebDriver && have Xvfb; } || apt_install webkit2gtk-driver xvfb ||
    do_without WebKit webkit2gtk-driver xvfb
}

part=${1:-}
[ $# -eq 0 ] || shift
case $part in
  python | node | ruby | rubocop | chromium | firefox | webkit) "setup_$part" "$@" ;;
  *) fail "say which part: python, node, ruby, rubocop, chromium, firefox or webkit" ;;
esac
