# A node: namespaces for network, mounts and processes, in which a first process starts containerd,
# kube-proxy and the kubelet. Its folder is $run/nodes/<n>; inside the node that is /mnt/node.

node_names() { [ ! -d "$run/nodes" ] || ls "$run/nodes" | sort -n | sed 's/^/node/'; }

number_of() { # NODE
  [[ $1 =~ ^node[0-9]+$ ]] && [ -d "$run/nodes/${1#node}" ] || die "$name has no node '$1', but $(node_names | xargs)"
  echo "${1#node}"
}

node_start() { # NUMBER
  local n=$1 dir=$run/nodes/$1
  mkdir -p "$dir"/{etc,disk,var/log,var/tmp,var/lib/corvid,var/lib/kubelet,var/lib/containerd,var/lib/cni}
  ln -sfn /run "$dir/var/run"
  wire "$id-node$n" "$(node_address "$n")"
  routes_to "$n"
  routes_from "$n"
  ip netns exec "$id-node$n" sysctl -qw net.ipv4.ip_forward=1
  cgroup_make "$id/node$n"
  cgroup_make "$id/node$n-system"
  containerd_config > "$dir/etc/containerd.toml"
  kubelet_config "$n" > "$dir/etc/kubelet.yaml"
  pod_network "$n" > "$dir/etc/pods.conflist"
  : > "$dir/etc/resolv.conf" # pods that ask for the node's resolver get none: nothing leaves this machine
  install -m 600 "$run/secrets/node$n.kubeconfig" "$dir/etc/kubelet.kubeconfig"
  install -m 600 "$run/secrets/proxy.kubeconfig" "$dir/etc/proxy.kubeconfig"
  [ ! -f "$run/policies" ] || install -m 600 "$run/secrets/policies.kubeconfig" "$dir/etc/policies.kubeconfig"
  install -m 644 "$run/ca.crt" "$dir/etc/ca.crt"
  if [ -n "${DISK_SIZE:-}" ] && [ ! -f "$dir/disk.img" ]; then
    truncate -s "$DISK_SIZE" "$dir/disk.img"
    mkfs.ext4 -q -m 0 "$dir/disk.img"
  fi
  spawn "$id/node$n-system" "$dir/node.log" nsenter --net="/run/netns/$id-node$n" \
    unshare --mount --pid --fork --kill-child --mount-proc "$here/lib/node-init.sh" "$dir" "$tools" "node$n" "$(node_address "$n")" "$services.0/20" > "$dir/pid"
}

node_await() { # NUMBER
  kubectl wait --for=create "node/node$1" --timeout=60s >/dev/null &&
    kubectl wait --for=condition=Ready "node/node$1" --timeout=60s >/dev/null || die "node$1 does not become Ready"
  local image
  for image in "$run"/images/*.tar; do
    [ ! -f "$image" ] || node_import "node$1" "$image"
  done
}

node_import() { # NODE TAR
  on "$1" ctr -n k8s.io images import "/mnt/images/$(basename "$2")" >> "$run/nodes/${1#node}/images.log" 2>&1
}

node_add() {
  local n=1
  slot_lock
  while [ -d "$run/nodes/$n" ]; do n=$((n + 1)); done
  [ "$n" -le 30 ] || die "$name has 30 nodes already"
  node_start "$n"
  flock -u 8
  node_await "$n"
  [ ! -f "$run/rate" ] || links_shape "$(cat "$run/rate")" "node$n"
  echo "node$n"
}

# Its power fails: what it had in memory is gone, what is on its disk stays.
node_stop() { # NUMBER
  cgroup_kill "$id/node$1-system"
  cgroup_kill "$id/node$1"
  ip netns del "$id-node$1"
  cgroup_remove "$id/node$1-system"
  cgroup_remove "$id/node$1"
}

node_restart() { # NUMBER
  node_start "$1"
  [ ! -f "$run/rate" ] || links_shape "$(cat "$run/rate")" "node$1"
}

node_remove() { # NUMBER
  node_stop "$1"
  ip route del "$(pod_range "$1")" 2>/dev/null || true
  rm -rf --one-file-system "$run/nodes/$1"
  kubectl delete node "node$1" --ignore-not-found
}

on() { # NODE COMMAND...
  local machine=$1 first
  shift
  if [ "$machine" = outside ]; then nsenter --net="/run/netns/$id-outside" "$@"; return; fi
  first=$(pgrep -P "$(cat "$run/nodes/$(number_of "$machine")/pid")") || die "$machine does not run"
  PATH=$tools/bin:$PATH CONTAINERD_ADDRESS=/run/containerd/containerd.sock \
    nsenter --target "$first" --net --mount --pid "$@"
}

start_outside() { # COMMAND...: as the caller, who may have used sudo
  [ -z "${SUDO_UID:-}" ] || set -- setpriv --reuid="$SUDO_UID" --regid="$SUDO_GID" --clear-groups "$@"
  spawn "$id/control" "$run/outside.log" nsenter --net="/run/netns/$id-outside" "$@" >/dev/null
}

containerd_config() {
  cat <<M
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  sandbox_image = "corvid.dev/pause:1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/mnt/tools/cni"
    conf_dir = "/mnt/node/etc"
M
}

pod_network() { # NUMBER
  cat <<M
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$(pod_range "$1")"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
M
}

kubelet_config() { # NUMBER
  cat <<M
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $(node_address "$1")
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /mnt/node/etc/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: /$id/node$1
failSwapOn: false
oomScoreAdj: 0
clusterDNS: [$services.10]
clusterDomain: cluster.local
resolvConf: /mnt/node/etc/resolv.conf
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
volumePluginDir: /var/lib/kubelet/plugins/volume
nodeStatusUpdateFrequency: 4s
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: "50Mi", nodefs.available: "1%", imagefs.available: "1%"}
M
}
