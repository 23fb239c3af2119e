# What this machine lacks, before anything is built: two seconds, nothing is changed.

problems=()
missing() { problems+=("$*"); }

require_machine() {
  problems=()
  tools_present
  kernel_present
  [ ${#problems[@]} -eq 0 ] || { printf 'cluster: %s\n' "${problems[@]}" >&2; exit 1; }
}

tools_present() {
  local program package
  while read -r program package; do
    command -v "$program" >/dev/null || missing "$program is missing: apt-get install $package"
  done <<'M'
ip iproute2
tc iproute2
nsenter util-linux
unshare util-linux
flock util-linux
openssl openssl
curl curl
pgrep procps
mkfs.ext4 e2fsprogs
M
}

kernel_present() {
  [ "$(uname -s)" = Linux ] || missing "nodes are Linux namespaces, and this is $(uname -s)"
  if [ ! -f "$cgroups/cgroup.controllers" ]; then
    local controller
    for controller in cpu cpuacct cpuset memory pids devices freezer; do
      [ -d "$cgroups/$controller" ] || missing "the cgroup controller $controller is not mounted below $cgroups"
    done
  fi
  grep -qw overlay /proc/filesystems || missing "the kernel has no overlay file system: modprobe overlay"
  [ -w "$cgroups" ] || [ "$(id -u)" -ne 0 ] || missing "$cgroups is read-only: this container may not make cgroups"
}

check() {
  local memory disk cluster_version=2
  tools_present
  kernel_present
  cgroup_unified || cluster_version=1
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || missing "root is needed for the cluster, and there is no sudo"
  memory=$(awk '/MemAvailable/ {print int($2 / 1024)}' /proc/meminfo)
  [ "$memory" -ge 3500 ] || missing "$memory MB of memory are available; four nodes with Corvid take 3500"
  mkdir -p "$target"
  disk=$(df -Pm "$target" | awk 'NR == 2 {print $4}')
  [ "$disk" -ge 6000 ] || missing "$disk MB of disk are free at $target; a cluster with a release takes up to 6000"
  echo "machine: $(nproc) cores, $memory MB of memory available, $disk MB of disk free, cgroup v$cluster_version, $([ "$(id -u)" -eq 0 ] && echo root || echo 'root by sudo')"
  "$here/../kubernetes/build.sh" plan || missing "Kubernetes cannot be built, see above"
  echo "clusters: kept in $target while they run, removed whole by \`cluster.sh down NAME\`; one takes 10 to 20 s to come up"
  [ ${#problems[@]} -eq 0 ] || { printf 'MISSING: %s\n' "${problems[@]}"; return 1; }
}
