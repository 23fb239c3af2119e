#!/usr/bin/env bash
# build.sh [where]: Flux's source-controller and kustomize-controller, and an OCI registry, built once for this machine, kept outside the clone.
#   (nothing)  builds them if they are missing, some 10 minutes when Go has compiled none of it before; prints the folder
#   where      prints the folder that they have, or will have
# The folder holds source-controller, kustomize-controller, registry, crds/ and versions. Each controller has a module with the
# versions that it was released with, which are not those of our Kubernetes; go.sum pins them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/corvid/flux

say() { printf 'flux: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

key() {
  { cat ./*/go.mod ./*/go.sum source-controller/registry/*.go build.sh; go env GOVERSION GOARCH; } | sha256sum | cut -c1-16
}

compile() { # MODULE PACKAGE PROGRAM
  local started=$SECONDS
  say "compiling $3"
  (cd "$1" && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$staging/$3" "$2") || die "go build of $3 failed"
  say "$3: $((SECONDS - started)) s, $(du -m "$staging/$3" | cut -f1) MB"
}

controller() { # NAME
  compile "$1" "github.com/fluxcd/$1" "$1"
  install -m 644 "$(cd "$1" && go list -m -f '{{.Dir}}' "github.com/fluxcd/$1")"/config/crd/bases/*.yaml "$staging/crds"
  (cd "$1" && go list -m -f '{{.Path}} {{.Version}}' "github.com/fluxcd/$1") >> "$staging/versions"
}

build() {
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9 # two clones build it once
  [ -d "$final" ] && return
  say "building into $final, once for this machine"
  rm -rf "$cache"/.building.* # of a build that was killed: the lock is ours
  staging=$(mktemp -d "$cache/.building.XXXXXX")
  trap 'rm -rf "$staging"' EXIT
  mkdir "$staging/crds"
  controller source-controller
  compile source-controller ./registry registry
  (cd source-controller && go list -m -f '{{.Path}} {{.Version}}' github.com/distribution/distribution/v3) >> "$staging/versions"
  controller kustomize-controller
  mv -T "$staging" "$final"
  trap - EXIT
  say "built in $SECONDS s, $(du -sm "$final" | cut -f1) MB"
}

command -v go >/dev/null || die "Go is missing: install Go 1.26 or later (https://go.dev/dl), or put it on the PATH"
final=$cache/$(key)
case ${1:-} in
  "") [ -d "$final" ] || build; echo "$final" ;;
  where) echo "$final" ;;
  *) sed -n '2,6p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
