#!/usr/bin/env bash
# interop: Corvid with aria2 and libtorrent over loopback, in all four directions; the trees must be identical.
# Needs a build, aria2c and libtorrent's Python module (Debian: aria2 python3-libtorrent).
set -eu
cd "$(dirname "$0")/../.."
JAR=$PWD/peer-image/target/corvid-peer.jar
PYTHON=${PYTHON:-/usr/bin/python3}
[ -f "$JAR" ] || { echo "build first: make build" >&2; exit 1; }
command -v aria2c >/dev/null || { echo "aria2c is missing: apt install aria2" >&2; exit 1; }
"$PYTHON" -c 'import libtorrent' 2>/dev/null || { echo "libtorrent is missing: apt install python3-libtorrent" >&2; exit 1; }
# Each client has an address of its own: libtorrent allows one connection per address.
US=127.0.0.10 ARIA_PORT=7180 LIBTORRENT=127.0.0.12:7181

work=$(mktemp -d)
pids=()
cleanup() {
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap cleanup EXIT
corvid=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -Xmx48m -jar "$JAR")
aria=(aria2c -q --enable-dht=false --bt-enable-lpd=false --enable-peer-exchange=false --listen-port=$ARIA_PORT)
libtorrent=("$PYTHON" e2e/interop/libtorrent_peer.py "$work/x.torrent" "$work/libtorrent" "$LIBTORRENT")
start() { "$@" & pids+=($!); }
stop_last() { kill "${pids[-1]}" && wait "${pids[-1]}" || true; unset 'pids[-1]'; }
await() { # file, text
  timeout 60 tail -n +1 -F "$1" 2>/dev/null | grep -q -m 1 "$2" || { echo "no '$2' in time" >&2; exit 1; }
}
same() { # a tree, and what may differ
  diff -r --no-dereference -x .pad "${@:2}" "$work/tree" "$1" || { echo "FAILED: $1 differs" >&2; exit 1; }
  echo "ok: ${1#"$work"/}"
}

mkdir -p "$work/tree/sub"
head -c 20000000 /dev/urandom > "$work/tree/large"
head -c 3000000 /dev/urandom > "$work/tree/sub/aligned"
head -c 700000 /dev/urandom > "$work/tree/zz"
ln -s sub/aligned "$work/tree/link"
install -m 755 /dev/null "$work/tree/run"

start "${corvid[@]}" tracker --json --listen $US:0 > "$work/tracker.log"
await "$work/tracker.log" listening
tracker=$(grep -o "$US:[0-9]*" "$work/tracker.log")
"${corvid[@]}" make "$work/tree" -o "$work/x.torrent" --announce "http://$tracker/announce"
start "${corvid[@]}" seed "$work/x.torrent" "$work/tree" --json --listen $US:0 > "$work/seed.log"
await "$work/seed.log" listening

timeout 120 "${aria[@]}" --seed-time=0 -d "$work/aria" "$work/x.torrent"
same "$work/aria/tree" -x link # aria2 knows no links
timeout 120 "${libtorrent[@]}" get
same "$work/libtorrent/tree"
stop_last # our seeder

start "${aria[@]}" --seed-ratio=0 --check-integrity=true -d "$work/aria" "$work/x.torrent"
timeout 120 "${corvid[@]}" get "$work/x.torrent" "$work/from-aria" \
  --listen $US:0 --peer 127.0.0.1:$ARIA_PORT --verify
same "$work/from-aria/tree"
stop_last

start "${libtorrent[@]}" seed
timeout 120 "${corvid[@]}" get "$work/x.torrent" "$work/from-libtorrent" \
  --listen $US:0 --peer "$LIBTORRENT" --verify
same "$work/from-libtorrent/tree"
