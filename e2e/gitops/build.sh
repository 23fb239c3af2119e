#!/usr/bin/env bash
# build.sh [where]: Helm 4 and the kstatus poller of Flux for the tests, built once for this machine, kept outside the clone.
#   (nothing)  builds it if it is missing; prints the program's path
#   where      prints the path that it has, or will have
# Go's modules are pinned by go.sum; Helm's own command is linked, and what kustomize-controller polls with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/corvid/gitops

die() { printf 'gitops: %s\n' "$*" >&2; exit 1; }

key() {
  { cat go.sum go.mod ./*.go build.sh; go env GOVERSION GOARCH; } | sha256sum | cut -c1-16
}

build() {
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9 # two clones build it once
  [ -x "$program" ] && return
  printf 'gitops: compiling Helm %s and Flux'\''s kstatus into %s\n' \
    "$(go list -m -f '{{.Version}}' helm.sh/helm/v4)" "$program" >&2
  rm -rf "$cache"/.building.* # of a build that was killed: the lock is ours
  staging=$(mktemp -d "$cache/.building.XXXXXX")
  trap 'rm -rf "$staging"' EXIT
  CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$staging/gitops" . || die "go build failed"
  mkdir -p "$(dirname "$program")"
  mv -T "$staging/gitops" "$program"
  printf 'gitops: built in %d s, %d MB\n' "$SECONDS" "$(du -m "$program" | cut -f1)" >&2
}

command -v go >/dev/null || die "Go is missing: install Go 1.26 or later (https://go.dev/dl), or put it on the PATH"
program=$cache/$(key)/gitops
case ${1:-} in
  "") [ -x "$program" ] || build; echo "$program" ;;
  where) echo "$program" ;;
  *) sed -n '2,5p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
