#!/usr/bin/env bash
# cluster.sh: real Kubernetes clusters on this machine, each of several nodes. Nothing is installed, and
# nothing outlives `down`: a node is a network, mount and process namespace with a containerd and a kubelet.
#
#   check                    what is missing here, what will be built, where it is kept, how long it takes
#   up NAME [N]              a cluster of N nodes (3); RATE=Mbit/s shapes links, DISK_SIZE=2G gives each a small disk,
#                            POLICIES=1 enforces NetworkPolicies
#   down NAME                removes every trace of it, also after a crash
#   load NAME TAR...         loads image archives on every node, also on those that come later
#   add-node NAME            one more node; prints its name; DISK_SIZE=96M gives it a small disk
#   remove-node NAME NODE    the machine is gone for good, its Node object with it
#   stop-node NAME NODE      its power fails, in an instant; its disk stays. start-node boots it again
#   cut-node NAME NODE       pulls its network cable; heal-node puts it back
#   split NAME NODE...       these nodes reach each other and nobody else, the API server neither; `join` undoes it
#   freeze-api NAME          the API server answers nobody, and lets nobody go; thaw-api lets it continue
#   rate NAME MBIT [NODE]    shapes the links of one or all nodes again, both directions; 0 = unshaped
#   on NAME NODE COMMAND...  runs a command in the node; the node `outside` is a machine beside the cluster
#   start NAME COMMAND...    starts a server on the machine `outside`, until `down`; its output is outside.log
#   logs NAME [LINES]        the last lines of every component
#   list                     the clusters on this machine
#
# After `up`: target/cluster/NAME/kubeconfig, target/cluster/NAME/kubectl, and `audit.log` beside them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CLUSTER_HOME:-$(cd "$here/../.." && pwd)/target/cluster}

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
say() { printf 'cluster: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Everything but the build needs root: namespaces, mounts, links. The build and its cache stay the caller's.
become_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null || die "root is needed for namespaces and links, and there is no sudo here"
  exec sudo --preserve-env=RATE,DISK_SIZE,POLICIES,CLUSTER_TOOLS,CLUSTER_HOME "$here/cluster.sh" "$@"
}

for part in slot cgroup link control-plane node preflight; do . "$here/lib/$part.sh"; done

up() { # NAME COUNT
  local name=$1 count=$2 node
  [[ $name =~ ^[a-z0-9-]{1,20}$ ]] || die "a cluster's name is 1 to 20 of a-z, 0-9 and -, not '$name'"
  [[ $count =~ ^[0-9]+$ ]] && [ "$count" -ge 1 ] && [ "$count" -le 30 ] || die "a cluster has 1 to 30 nodes, not '$count'"
  require_machine
  slot_take "$name"
  trap 'failed "$name"' EXIT
  [ -z "${POLICIES:-}" ] || : > "$run/policies"
  control_plane
  for node in $(seq "$count"); do node_start "$node"; done
  for node in $(seq "$count"); do node_await "$node"; done
  [ "${RATE:-0}" = 0 ] || links_shape "$RATE"
  trap - EXIT
  give_to_caller "$target"
  kubectl get nodes -o wide >&2
  say "$name is up: export KUBECONFIG=$run/kubeconfig"
}

failed() {
  say "it did not come up; the last lines of its components:"
  logs 5 >&2 || true
  slot_remove || true
}

load() { # TAR...
  local tar copy node jobs=()
  for tar in "$@"; do
    [ -f "$tar" ] || die "$tar: no such image archive"
    copy=$run/images/$(basename "$tar")
    cp "$tar" "$copy.part" && mv "$copy.part" "$copy"
    for node in $(node_names); do node_import "$node" "$copy" & jobs+=($!); done
  done
  for node in "${jobs[@]}"; do wait "$node" || die "an image could not be loaded, see $run/*/images.log"; done
}

logs() { # LINES
  local log
  for log in "$run"/*.log "$run"/nodes/*/*.log; do
    [ -s "$log" ] && [ "$(basename "$log")" != audit.log ] || continue
    printf -- '--- %s\n' "${log#"$run"/}"
    tail -n "$1" "$log"
  done
}

command=${1:-}
[ -n "$command" ] || usage
case $command in
  check) check; exit ;;
  up) CLUSTER_TOOLS=${CLUSTER_TOOLS:-$("$here/../kubernetes/build.sh")}; export CLUSTER_TOOLS ;;
  down | load | add-node | remove-node | stop-node | start-node | cut-node | heal-node | split | join | freeze-api | thaw-api | rate | on | start | logs | list) ;;
  *) usage ;;
esac
become_root "$@"
shift
[ "$command" = list ] && { slot_list; exit; }
name=${1:?the name of a cluster is missing}
shift
[ "$command" = up ] && { up "$name" "${1:-3}"; exit; }
[ "$command" = down ] && { slot_find "$name" && slot_remove || say "$name: there is none"; exit 0; }
slot_find "$name" || die "there is no cluster $name of this clone; \`cluster.sh list\` shows those on this machine"
case $command in
  load) load "$@" ;;
  add-node) node_add ;;
  remove-node) node_remove "$(number_of "$1")" ;;
  stop-node) node_stop "$(number_of "$1")" ;;
  start-node) node_restart "$(number_of "$1")" ;;
  cut-node) link_set "$(number_of "$1")" down ;;
  heal-node) link_set "$(number_of "$1")" up ;;
  split) links_split "$@" ;;
  join) links_join ;;
  freeze-api) api_signal STOP ;;
  thaw-api) api_signal CONT ;;
  rate) links_shape "$@" ;;
  on) machine=$1; shift; on "$machine" "$@" ;;
  start) start_outside "$@" ;;
  logs) logs "${1:-40}" ;;
esac
