# The network of a cluster: a bridge inside the `control` namespace, so that no firewall rule of this
# machine (Docker's, say) applies to what passes between nodes; one cable from there to each node, to the
# machine `outside`, and to this machine, which is <net>.1.

wire() { # NAMESPACE ADDRESS: a namespace with an eth0 on the bridge; the bridge's end carries its name
  local port=${1#"$id-"}
  ip netns add "$1"
  ip -n "$id-control" link add "$port" type veth peer name eth0 netns "$1"
  ip -n "$id-control" link set "$port" master bridge up
  ip -n "$1" addr add "$2/24" dev eth0
  ip -n "$1" link set eth0 up
  ip -n "$1" link set lo up
}

network() {
  ip netns add "$id-control"
  # A bridge without an address of its own takes its ports' lowest one, and changes it as ports come.
  ip -n "$id-control" link add bridge address 02:c0:4f:1d:00:02 type bridge
  ip -n "$id-control" link set lo up
  ip -n "$id-control" addr add "$net.2/24" dev bridge
  ip -n "$id-control" link set bridge up
  ip link add "$id" type veth peer name machine netns "$id-control"
  ip -n "$id-control" link set machine master bridge up
  ip addr add "$net.1/24" dev "$id"
  ip link set "$id" up
  wire "$id-outside" "$net.3"
}

node_address() { echo "$net.$((10 + $1))"; }
pod_range() { echo "198.18.$((32 * slot + $1)).0/24"; }

# Pods are reached through their node, from everywhere in the cluster and from this machine.
routes_to() { # NODE
  local range via other
  range=$(pod_range "$1") via=$(node_address "$1")
  ip route replace "$range" via "$via" dev "$id"
  for other in control outside $(node_names); do
    [ "$other" = "node$1" ] || ip -n "$id-$other" route replace "$range" via "$via"
  done
}

routes_from() { # NODE
  local other
  ip -n "$id-node$1" route replace default via "$net.1"
  for other in $(node_names); do
    [ "$other" = "node$1" ] || ip -n "$id-node$1" route replace "$(pod_range "${other#node}")" via "$(node_address "${other#node}")"
  done
}

link_set() { ip -n "$id-control" link set "node$1" "$2"; } # NODE up|down

# Their cables go into a switch of their own.
links_split() { # NODE...
  local node
  ip -n "$id-control" link add split type bridge
  ip -n "$id-control" link set split up
  for node in "$@"; do ip -n "$id-control" link set "node$(number_of "$node")" master split; done
}

links_join() {
  local node
  for node in $(node_names); do ip -n "$id-control" link set "$node" master bridge; done
  ip -n "$id-control" link del split 2>/dev/null || true
}

links_shape() { # MBIT [NODE]
  local machine
  [[ $1 =~ ^[0-9]+$ ]] || die "a rate is a whole number of Mbit/s (0 = unshaped), not '$1'"
  [ -n "${2:-}" ] || echo "$1" > "$run/rate" # for nodes to come
  for machine in ${2:-$(node_names) outside}; do
    shape "$id-$machine" eth0 "$1"            # what the machine sends
    shape "$id-control" "$machine" "$1"       # what it receives
  done
}

# A token bucket: the burst holds a whole 64 KiB segment, the queue 50 ms.
shape() { # NAMESPACE DEVICE MBIT
  if [ "$3" = 0 ]; then tc -n "$1" qdisc del dev "$2" root 2>/dev/null || true
  else tc -n "$1" qdisc replace dev "$2" root tbf rate "$3mbit" burst 128kb latency 50ms; fi
}
