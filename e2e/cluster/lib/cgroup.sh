# Every process of a cluster lives below one cgroup: that is how all of them are found again, also those
# of a cluster whose maker has crashed. Works with version 1 (a tree for each controller) and version 2.
cgroups=/sys/fs/cgroup

cgroup_unified() { [ -f "$cgroups/cgroup.controllers" ]; }

cgroup_trees() { if cgroup_unified; then echo "$cgroups"; else find "$cgroups" -mindepth 1 -maxdepth 1 -type d; fi; }

# The tree in which processes are counted.
cgroup_tree() { if cgroup_unified; then echo "$cgroups"; else echo "$cgroups/pids"; fi; }

cgroup_make() { # PATH
  local tree file
  for tree in $(cgroup_trees); do mkdir -p "$tree/$1"; done
  if cgroup_unified; then
    cgroup_delegate "$cgroups"
    [ "$1" = "$id" ] || cgroup_delegate "$cgroups/$id"
  elif [ -d "$cgroups/cpuset" ]; then # its values are not inherited, and the kubelet wants them
    for file in cpuset.cpus cpuset.mems; do cat "$cgroups/cpuset/$file" > "$cgroups/cpuset/$1/$file"; done
  fi
}

# Counted as one, all pods of a cluster would have as little of a busy machine as a single process has.
cgroup_weigh() { # PATH
  if cgroup_unified; then echo 2000 > "$cgroups/$1/cpu.weight" 2>/dev/null || true
  else echo 20480 > "$cgroups/cpu/$1/cpu.shares"; fi
}

cgroup_delegate() { # FOLDER: children get every controller that there is
  local controller
  for controller in $(cat "$1/cgroup.controllers"); do echo "+$controller" > "$1/cgroup.subtree_control" 2>/dev/null || true; done
}

cgroup_processes() { # PATH: of the whole subtree
  find "$(cgroup_tree)/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

cgroup_kill() { # PATH
  local processes
  for _ in $(seq 200); do # a process may fork between reading and killing; 20 s at most
    processes=$(cgroup_processes "$1")
    [ -n "$processes" ] || return 0
    kill -9 $processes 2>/dev/null || true
    sleep 0.1
  done
  die "some processes of $1 do not die: $(echo $processes)"
}

cgroup_remove() { # PATH
  local tree
  for tree in $(cgroup_trees); do
    [ ! -d "$tree/$1" ] || find "$tree/$1" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  done
}

# Starts a command in a cgroup, in the background, without our terminal, locks or standard streams; prints
# its process id. It is in the cgroup before this returns, so that whoever gives up can find it.
spawn() { # CGROUP LOG COMMAND...
  local group log=$2
  group=$(cgroup_tree)/$1
  shift 2
  (
    echo "$BASHPID" > "$group/cgroup.procs"
    setsid "$@" </dev/null >>"$log" 2>&1 8>&- &
    echo $!
  )
}
