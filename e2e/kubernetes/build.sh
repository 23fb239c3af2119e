#!/usr/bin/env bash
# build.sh [where | plan]: a real Kubernetes for this machine, built once, kept outside the clone.
#   (nothing)  builds what is missing, with progress on stderr; prints the folder that holds it
#   where      prints the folder that it has, or will have
#   plan       says in a line what a build would do and how long it takes
# The folder holds bin/ (kubes and its links kubectl, etcd …, containerd, runc, nft …), cni/ and pause.tar.
# Kubernetes comes from its Go modules (go.sum pins them); containerd, runc and the CNI plugins are
# unpacked from Debian's packages, never installed: installing them would replace a Docker that is there.
# So are iptables and ipset, which the enforcer of NetworkPolicies calls.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

PACKAGES=(containerd runc containernetworking-plugins nftables iptables ipset)
COLD_SECONDS_PER_CORE=1080 # nine minutes on two cores, with nothing in Go's build cache
cache=${XDG_CACHE_HOME:-$HOME/.cache}/corvid/kubernetes

say() { printf 'kubernetes: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

have_go() { command -v go >/dev/null || die "Go is missing: install Go 1.24 or later (https://go.dev/dl), or put it on the PATH"; }

key() {
  { cat go.sum go.mod ./*.go pause/*.go build.sh; go env GOVERSION GOARCH; . /etc/os-release; echo "$ID ${VERSION_ID:-}"; } |
    sha256sum | cut -c1-16
}

# Counts the packages that the compiler reports.
progress() {
  local total=$1 started=$SECONDS compiled=0 package
  while read -r package; do
    case $package in "go: "*) continue ;; */*) compiled=$((compiled + 1)) ;; *) continue ;; esac
    [ $((compiled % 50)) -ne 0 ] || say "$compiled packages compiled (of at most $total), $((SECONDS - started)) s"
  done
  say "$compiled packages compiled, the rest was in Go's build cache, $((SECONDS - started)) s"
}

compile() { # INTO
  local version ld total
  version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
  ld="-s -w -X k8s.io/component-base/version.gitVersion=$version"
  ld+=" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$version")"
  total=$(go list -deps . | wc -l)
  say "compiling Kubernetes $version"
  go build -v -trimpath -ldflags "$ld" -o "$1/bin/kubes" . 2> >(tee "$1/build.log" | progress "$total") ||
    { tail -20 "$1/build.log" >&2; die "go build failed"; }
  local link
  for link in kubectl etcd; do ln -s kubes "$1/bin/$link"; done
  CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$1/pause" ./pause
  "$1/bin/kubes" image "$1/pause.tar" corvid.dev/pause:1 "$1/pause"
  rm "$1/pause"
}

# The packages that apt would have to install for ours, ours always among them.
wanted_packages() {
  { printf '%s\n' "${PACKAGES[@]}"
    apt-get install --print-uris -qq -y --no-install-recommends -o Debug::NoLocking=1 "${PACKAGES[@]}" 2>/dev/null |
      awk '{sub(/_.*/, "", $2); print $2}'
  } | sort -u
}

unpack() { # INTO
  command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    die "containerd, runc and CNI plugins are unpacked from Debian packages, and there is no apt-get here: use KUBECONFIG=… with a cluster of your own"
  local packages debs=$1/debs deb
  mapfile -t packages < <(wanted_packages)
  say "unpacking ${packages[*]}"
  mkdir -p "$debs" "$1/root"
  (cd "$debs" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" "${packages[@]}" >&2) ||
    die "apt-get download failed; \`apt-get update\` may be what is missing"
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$1/root"; done
  rm -r "$debs"
  ln -s root/usr/lib/cni "$1/cni"
  local program
  for program in containerd containerd-shim-runc-v2 ctr runc nft ipset; do expose "$1" "$program"; done
  for program in iptables iptables-save iptables-restore; do expose_iptables "$1" "$program"; done
}

# One program is all of them, called by the name of each, and it loads its matches from a folder. The enforcer
# calls them dozens of times in a row: a wrapper that forks would cost more than they do.
expose_iptables() { # INTO PROGRAM
  local libraries
  libraries=$(cd "$1" && dirname "$(find root -type d -name xtables -path '*lib*' | head -1)")
  printf '#!/bin/sh\nroot=${0%%/*}/../%s\nXTABLES_LIBDIR=$root/xtables LD_LIBRARY_PATH=$root exec "${0%%/*}/../root/usr/sbin/xtables-nft-multi" %s "$@"\n' \
    "$libraries" "$2" > "$1/bin/$2"
  chmod 755 "$1/bin/$2"
  "$1/bin/$2" --version >/dev/null || die "$2 does not start here: run $1/bin/$2 --version to see why"
}

# Programs whose libraries are all on this machine are linked, the others get a wrapper that names ours.
expose() { # INTO PROGRAM
  local path libraries
  path=$(cd "$1" && find root -type f -name "$2" -path '*bin/*' | head -1)
  [ -n "$path" ] || die "$2 is in none of the packages"
  if ldd "$1/$path" 2>&1 | grep -q 'not found'; then
    libraries=$(cd "$1" && dirname "$(find root -name 'lib*.so.*' | head -1)")
    printf '#!/bin/sh\nhere=$(dirname "$(dirname "$(readlink -f "$0")")")\nLD_LIBRARY_PATH=$here/%s exec "$here/%s" "$@"\n' \
      "$libraries" "$path" > "$1/bin/$2"
    chmod 755 "$1/bin/$2"
  else
    ln -s "../$path" "$1/bin/$2"
  fi
  "$1/bin/$2" --version >/dev/null 2>&1 || "$1/bin/$2" -v >/dev/null 2>&1 || die "$2 does not start here: run $1/bin/$2 --version to see why"
}

build() {
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9 # two clones build it once
  [ -d "$final" ] && return
  say "building into $final, once for this machine; about $(minutes) min when Go has compiled none of it before"
  rm -rf "$cache"/.building.* # of a build that was killed: the lock is ours
  staging=$(mktemp -d "$cache/.building.XXXXXX")
  trap 'rm -rf "$staging"' EXIT
  chmod 755 "$staging"
  mkdir "$staging/bin"
  unpack "$staging" # first: it takes seconds and may fail
  compile "$staging"
  mv -T "$staging" "$final"
  trap - EXIT
  say "built, $(du -sm "$final" | cut -f1) MB"
}

minutes() { echo $(((COLD_SECONDS_PER_CORE / $(nproc) + 59) / 60)); }

have_go
final=$cache/$(key)
case ${1:-} in
  "") [ -d "$final" ] || build; echo "$final" ;;
  where) echo "$final" ;;
  plan)
    if [ -d "$final" ]; then echo "Kubernetes: built, kept in $final"
    else echo "Kubernetes: will be compiled into $final (330 MB; about $(minutes) min on $(nproc) cores, 1 min if Go compiled it before)"; fi ;;
  *) sed -n '2,5p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
