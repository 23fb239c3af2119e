# A slot is a cluster's share of the machine. Its number decides every name and address that others could
# collide with, so that two clusters never touch each other:
#   addresses   198.18.(32 slot).0/19: bridge .0/24, pods of node n .n/24;  services 198.19.(32 slot).0/20
#   names       corvid<slot> (link, cgroup), corvid<slot>-control, -outside, -node<n> (network namespaces)
# 198.18.0.0/15 is set aside for benchmarks (RFC 2544): nobody's network uses it.
# Slots are recorded where a reboot forgets them, apart from the clusters' folders: a clone that was deleted
# with its cluster running can still be cleaned.
SLOTS=8
slots=/run/corvid-clusters

slot_lock() { # held until the command ends; children close it (see spawn)
  mkdir -p "$slots"
  exec 8>"$slots/lock"
  flock -w 120 8 || die "another cluster is being made or removed for two minutes: $slots/lock"
}

slot_use() { # NUMBER NAME RUN
  slot=$1 name=$2 run=$3
  id=corvid$slot
  net=198.18.$((32 * slot))
  services=198.19.$((32 * slot))
  tools=${CLUSTER_TOOLS:-$(cat "$slots/$slot/tools")}
}

slot_find() { # NAME; sets slot, run …; false when this clone has no such cluster
  local record
  for record in "$slots"/[0-9]*/; do
    [ -f "$record/run" ] && [ "$(cat "$record/run")" = "$target/$1" ] || continue
    slot_use "$(basename "$record")" "$1" "$target/$1"
    return
  done
  return 1
}

slot_take() { # NAME
  local number
  slot_lock
  if slot_find "$1"; then
    [ -z "$(cgroup_processes "$id/control")" ] || die "$1 is up already: cluster.sh down $1 removes it"
    say "$1 was left over by a crash or a reboot, removing it first"
    slot_remove
  fi
  for number in $(seq 0 $((SLOTS - 1))); do
    mkdir "$slots/$number" 2>/dev/null && break
    number=
  done
  [ -n "$number" ] || die "$SLOTS clusters are on this machine, which is all it has addresses for: cluster.sh list"
  echo "$CLUSTER_TOOLS" > "$slots/$number/tools"
  echo "$target/$1" > "$slots/$number/run"
  slot_use "$number" "$1" "$target/$1"
  flock -u 8
  rm -rf --one-file-system "$run"
  mkdir -p "$run"/{images,nodes,secrets}
  chmod 700 "$run/secrets"
}

# Removes whatever carries the slot's names, whether or not it came up whole.
slot_remove() {
  local namespace
  cgroup_kill "$id"
  for namespace in $(ip netns list | awk -v own="$id-" 'index($1, own) == 1 {print $1}'); do ip netns del "$namespace"; done
  ip link del "$id" 2>/dev/null || true # its peer went with the namespace; both, if that was never made
  cgroup_remove "$id"
  rm -rf --one-file-system "$run"
  rm -r "${slots:?}/$slot"
  [ -n "$(ls /run/netns)" ] || umount /run/netns 2>/dev/null || true # `ip netns` mounted it for the first one
}

slot_list() {
  local record
  printf '%-20s %-8s %-6s %-6s %s\n' NAME ADDRESS NODES STATE FOLDER
  for record in "$slots"/[0-9]*/; do
    [ -f "$record/run" ] || continue
    slot_use "$(basename "$record")" "$(basename "$(cat "$record/run")")" "$(cat "$record/run")"
    printf '%-20s %-8s %-6s %-6s %s\n' "$name" "$net.1" "$(node_names | wc -l)" \
      "$([ -n "$(cgroup_processes "$id/control")" ] && echo up || echo dead)" "$run"
  done
}

# What root wrote for a caller who used sudo belongs to the caller, node disks and secrets apart.
give_to_caller() { # FOLDER
  [ -n "${SUDO_UID:-}" ] || return 0
  chown "$SUDO_UID:$SUDO_GID" "$1" "$(dirname "$1")" "$run" "$run/kubeconfig" "$run/kubectl"
}
