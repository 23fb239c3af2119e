#!/usr/bin/env bash
# strangers: transmission and rtorrent, each alone with Corvid: fetching from a super-seed, and seeding to a peer of ours.
set -eu
cd "$(dirname "$0")/../.."
JAR=$PWD/peer-image/peer/target/corvid-peer.jar

usage() {
  cat <<USAGE
usage: e2e/interop/strangers.sh [check]

Needs a build (make build), and Debian's transmission-cli and rtorrent. \`check\` only says what is missing.

Runs in a network namespace of its own, because transmission takes no peers on 127.0.0.0/8: the loopback device there has other
addresses, and nothing leaves it.
USAGE
}

namespace() { # as root, or where users may have namespaces; of processes as well, so that none outlives it
  local user=
  [ "$(id -u)" = 0 ] || user=-r
  unshare $user --net --pid --fork --kill-child "$@"
}

missing() {
  command -v transmission-cli >/dev/null || echo "transmission-cli (apt install transmission-cli)"
  command -v rtorrent >/dev/null || echo "rtorrent (apt install rtorrent)"
  namespace ip link set lo up 2>/dev/null || echo "a network namespace with iproute2 (as root)"
}

case "${1:-}" in
  "") "$0" check; namespace "$0" inside; exit 0 ;;
  check) missing=$(missing); [ -z "$missing" ] || { paste -sd, <<<"missing: $missing"; exit 1; }; exit 0 ;;
  inside) ;;
  *) usage; exit 0 ;;
esac
[ -f "$JAR" ] || { echo "build first: make build" >&2; exit 1; }

NET=198.18.77
ip link set lo up
for host in 10 11 12 13 14; do ip address add $NET.$host/32 dev lo; done
US=$NET.10

work=$(mktemp -d)
pids=()
cleanup() {
  [ ${#pids[@]} = 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
  { wait "${pids[@]}"; } 2>/dev/null || true
  cat "$work"/*.pid 2>/dev/null | xargs -r kill -9 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
corvid=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx48m -jar "$JAR")
start() { "$@" & pids+=($!); }
fail() { echo "FAILED: $*" >&2; exit 1; }
await() { # what it waits for, file, text
  timeout 180 bash -c 'until grep -qs "$2" "$1"; do sleep 0.2; done' await "$2" "$3" || fail "$1: no '$3' in time"
}
same() { # directory, sums
  (cd "$1/tree" && sha256sum --quiet --strict -c "$work/$2") || fail "$1 differs"
  echo "ok: ${1#"$work"/}"
}

# A program for the finished torrent writes `done` into the directory's log.
transmission() { # directory, torrent, address, port
  mkdir -p "$work/$1" "$work/conf-$1"
  printf '#!/bin/sh\necho done >>"%s"\n' "$work/$1.log" >"$work/conf-$1/finished" && chmod +x "$work/conf-$1/finished"
  cat >"$work/conf-$1/settings.json" <<JSON
{"bind-address-ipv4": "$3", "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false,
 "port-forwarding-enabled": false, "rpc-enabled": false, "preallocation": 0}
JSON
  # On a busy machine it looks at its torrent before that has started, takes it for stopped, and ends.
  local start
  for start in 1 2 3 4 5; do
    transmission-cli -g "$work/conf-$1" -w "$work/$1" -p "$4" -v -f "$work/conf-$1/finished" "$work/$2" >>"$work/$1.out" 2>&1 &
    echo $! >"$work/$1.pid"
    wait $! || true
  done
}
rtorrent_peer() { # directory, torrent, address, port
  mkdir -p "$work/$1" "$work/conf-$1"
  cat >"$work/conf-$1/rc" <<RC
dht.mode.set = disable
protocol.pex.set = no
trackers.use_udp.set = no
network.bind_address.set = $3
network.port_range.set = $4-$4
network.port_random.set = no
directory.default.set = $work/$1
session.path.set = $work/conf-$1
system.daemon.set = true
method.set_key = event.download.finished,done,"execute2={sh,-c,echo done >>$work/$1.log}"
RC
  exec rtorrent -n -o import="$work/conf-$1/rc" "$work/$2" >"$work/$1.out" 2>&1
}
get() { # torrent, directory, peer
  exec timeout 180 "${corvid[@]}" get "$work/$1" "$work/$2" --verify --listen $US:0 --peer "$3" >"$work/$2.log" 2>&1
}
make_torrent() { # torrent, directory, piece length: another one makes another torrent of the same files
  "${corvid[@]}" make "$work/$2/tree" -o "$work/$1" --piece-length "$3" --announce "http://$tracker/announce" >/dev/null
}

# What they fetch has pads, which they keep as files, and a link, which they make an empty one; what they seed has neither.
mkdir -p "$work/all/tree/sub" "$work/plain/tree"
head -c 300000 /dev/urandom >"$work/all/tree/a"
head -c 8000000 /dev/urandom >"$work/all/tree/large"
ln -s ../large "$work/all/tree/sub/link"
head -c 8000000 /dev/urandom >"$work/plain/tree/large"
head -c 10000 /dev/urandom >"$work/plain/tree/small"
(cd "$work/all/tree" && find . -type f -exec sha256sum {} +) >"$work/all.sums"
(cd "$work/plain/tree" && find . -type f -exec sha256sum {} +) >"$work/plain.sums"

start "${corvid[@]}" tracker --json --listen $US:0 >"$work/tracker.log"
await tracker "$work/tracker.log" listening
tracker=$(grep -o "$US:[0-9]*" "$work/tracker.log")
make_torrent t.torrent all 256Ki
make_torrent r.torrent all 128Ki
make_torrent from-t.torrent plain 256Ki
make_torrent from-r.torrent plain 128Ki
cp -r "$work/plain" "$work/transmission-seeds" && cp -r "$work/plain" "$work/rtorrent-seeds"

# All at once: transmission looks every ten seconds whom it is interested in, and whom it unchokes.
start transmission transmission-seeds from-t.torrent $NET.11 7181
start rtorrent_peer rtorrent-seeds from-r.torrent $NET.12 7182
start "${corvid[@]}" seed "$work/t.torrent" "$work/all/tree" --json --listen $US:0 >"$work/seed-t.log"
start "${corvid[@]}" seed "$work/r.torrent" "$work/all/tree" --json --listen $US:0 >"$work/seed-r.log"
await "our seed" "$work/seed-t.log" listening
await "our seed" "$work/seed-r.log" listening
start transmission transmission t.torrent $NET.13 7183
start rtorrent_peer rtorrent r.torrent $NET.14 7184
# Who connects to it before it has verified its files is never told that it has any.
await "transmission with all files" "$work/transmission-seeds.out" Seeding
start get from-t.torrent from-transmission $NET.11:7181
ours=("${pids[-1]}")
start get from-r.torrent from-rtorrent $NET.12:7182
ours+=("${pids[-1]}")

await "transmission, alone with a super-seed" "$work/transmission.log" done
same "$work/transmission" all.sums
await "rtorrent, alone with a super-seed" "$work/rtorrent.log" done
same "$work/rtorrent" all.sums
wait "${ours[0]}" || { cat "$work/from-transmission.log"; fail "our peer does not get all from transmission"; }
same "$work/from-transmission" plain.sums
wait "${ours[1]}" || { cat "$work/from-rtorrent.log"; fail "our peer does not get all from rtorrent"; }
same "$work/from-rtorrent" plain.sums
