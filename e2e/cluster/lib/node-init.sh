#!/usr/bin/env bash
# node-init.sh FOLDER TOOLS NAME ADDRESS SERVICES: the first process of a node, in mount and process namespaces of
# its own. It gives the node its own /var, /run and disk, so that nothing is written to the machine's, and
# lives as long as the node: when it dies, the kernel ends every process of the node.
set -eu
exec 5<"$1" 6<"$2" 7<"$1/../../images" # reachable by these even when a mount below hides their paths
name=$3 address=$4 services=$5

mount -t tmpfs -o mode=755 node /mnt
mkdir /mnt/node /mnt/tools /mnt/images
mount --bind /proc/self/fd/5 /mnt/node
mount --bind /proc/self/fd/6 /mnt/tools
mount --bind /proc/self/fd/7 /mnt/images
exec 5<&- 6<&- 7<&-
mount --bind /mnt/node/var /var
mount -t tmpfs -o mode=755 run /run
mkdir /run/netns /run/lock
cd /mnt/node

# The disk of the roots: a folder, or a file system as large as the test wants it.
if [ -f disk.img ]; then mount -o loop disk.img /var/lib/corvid; else mount --bind disk /var/lib/corvid; fi

# The kubelet insists on some settings that belong to the whole machine. It finds them as it wants them,
# in files of the node's own; the machine's stay what they are.
machine_setting() { # FILE VALUE
  [ -f "/proc/sys/$1" ] || return 0
  mkdir -p /mnt/settings
  echo "$2" > "/mnt/settings/$(basename "$1")"
  mount --bind "/mnt/settings/$(basename "$1")" "/proc/sys/$1"
}
machine_setting vm/overcommit_memory 1
machine_setting vm/panic_on_oom 0
machine_setting kernel/panic 10
machine_setting kernel/panic_on_oops 1
machine_setting kernel/keys/root_maxkeys 1000000
machine_setting kernel/keys/root_maxbytes 25000000

export PATH=/mnt/tools/bin:$PATH
export CONTAINERD_ADDRESS=/run/containerd/containerd.sock
containerd -c etc/containerd.toml > containerd.log 2>&1 &
for _ in $(seq 150); do [ ! -S "$CONTAINERD_ADDRESS" ] || break; sleep 0.1; done # 15 s at most
ctr -n k8s.io images import /mnt/tools/pause.tar
kubes proxy --proxy-mode=nftables --kubeconfig=etc/proxy.kubeconfig --hostname-override="$name" \
  --bind-address="$address" --conntrack-max-per-core=0 --oom-score-adj=0 > proxy.log 2>&1 &
if [ -f etc/policies.kubeconfig ]; then
  kubes policies --kubeconfig=etc/policies.kubeconfig --hostname-override="$name" \
    --service-cluster-ip-range="$services" > policies.log 2>&1 &
fi
kubes kubelet --config=etc/kubelet.yaml --kubeconfig=etc/kubelet.kubeconfig --hostname-override="$name" \
  --node-ip="$address" --root-dir=/var/lib/kubelet > kubelet.log 2>&1 &
wait
