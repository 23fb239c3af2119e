#!/usr/bin/env bash
# interop: Corvid with libtorrent, aria2 and bt-core over loopback: each way, and all four in one swarm; our tracker serves them.
set -eu
cd "$(dirname "$0")/../.."
JAR=$PWD/peer-image/peer/target/corvid-peer.jar
BENCH=$PWD/e2e/bench/target/corvid-bench.jar # has bt-core
PYTHON=${PYTHON:-/usr/bin/python3} # Debian's own: another one does not see its packages

usage() {
  cat <<USAGE
usage: e2e/interop/interop.sh [check]

Needs a build (make build), aria2c and libtorrent's Python module (Debian: aria2 python3-libtorrent). \`check\` only says what is missing.

Regular files must be identical everywhere. Links and executable bits travel with libtorrent only; aria2 and bt-core keep the pads as files.
bt-core does not know pads: without their files it does not have their pieces, so what it seeds needs none.
USAGE
}

missing() {
  command -v aria2c >/dev/null || echo "aria2c (apt install aria2)"
  "$PYTHON" -c 'import libtorrent' 2>/dev/null || echo "libtorrent (apt install python3-libtorrent)"
}

case "${1:-}" in
  "") ;;
  check) missing=$(missing); [ -z "$missing" ] || { paste -sd, <<<"missing: $missing"; exit 1; }; exit 0 ;;
  *) usage; exit 0 ;;
esac
"$0" check
for jar in "$JAR" "$BENCH"; do [ -f "$jar" ] || { echo "build first: make build" >&2; exit 1; }; done

# Loopback has addresses enough for every run and every program; libtorrent allows one connection per address.
NET=127.$((RANDOM % 200 + 50)).$((RANDOM % 250 + 1))
US=$NET.10 ARIA=$NET.11 LIBTORRENT=$NET.12 BT_CORE=$NET.13 PORT=7180

work=$(mktemp -d)
pids=()
cleanup() {
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap cleanup EXIT
corvid=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -Xmx48m -jar "$JAR")
start() { "$@" & pids+=($!); }
stop_last() { kill "${pids[-1]}" && wait "${pids[-1]}" || true; unset 'pids[-1]'; }
fail() { echo "FAILED: $*" >&2; exit 1; }
await() { # file, text
  timeout 60 tail -n +1 -F "$1" 2>/dev/null | grep -q -m 1 "$2" || fail "no '$2' in time"
}
aria() { # directory, options
  exec timeout 90 aria2c --no-conf -q --interface=$ARIA --listen-port=$PORT --enable-dht=false --enable-dht6=false --disable-ipv6=true \
    --bt-enable-lpd=false --enable-peer-exchange=false --file-allocation=none -d "$work/$1" "${@:2}" "$work/x.torrent"
}
libtorrent() { # directory, get or seed
  exec timeout 90 "$PYTHON" e2e/interop/libtorrent_peer.py "$work/x.torrent" "$work/$1" $LIBTORRENT:$PORT "$2"
}
bt_core() { # directory, get or seed, torrent; stays until it is ended
  exec timeout 90 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -cp "$BENCH" \
    dev.corvid.e2e.bench.program.BtCoreClient "$2" "$work/$3" "$work/$1" $BT_CORE:$PORT >"$work/$1.log" 2>&1
}
get() { # directory, options
  get_torrent x.torrent "$@"
}
get_torrent() { # torrent, directory, options
  timeout 60 "${corvid[@]}" get "$work/$1" "$work/$2" --verify "${@:3}" >"$work/$2.log" 2>&1 || { cat "$work/$2.log"; fail "$2"; }
}
everything() { (cd "$1" && find . -name .pad -prune -o -type l -printf '%p -> %l\n' -o -type f -perm -100 -printf '%p runs\n' -o -type f -print | sort); }
same_files() { # aria2 and bt-core make links empty files, and keep pads
  (cd "$1/tree" && sha256sum --quiet --strict -c "$work/sums") || fail "$1 differs"
  echo "ok: ${1#"$work"/}"
}
same() {
  same_files "$1"
  diff <(everything "$work/tree") <(everything "$1/tree") || fail "$1 has other files, links or modes"
}

mkdir -p "$work/tree/sub/empty-not"
head -c 12000000 /dev/urandom >"$work/tree/large"
head -c 3000000 /dev/urandom >"$work/tree/sub/aligned"
head -c 700000 /dev/urandom >"$work/tree/zz"
: >"$work/tree/sub/empty-not/empty"
ln -s sub/aligned "$work/tree/link"
ln -s ../large "$work/tree/sub/up"
printf '#!/bin/sh\n' >"$work/tree/run" && chmod 755 "$work/tree/run"
(cd "$work/tree" && find . -type f -exec sha256sum {} +) >"$work/sums"

start "${corvid[@]}" tracker --json --listen $US:0 >"$work/tracker.log"
await "$work/tracker.log" listening
tracker=$(grep -o "$US:[0-9]*" "$work/tracker.log")
"${corvid[@]}" make "$work/tree" -o "$work/x.torrent" --announce "http://$tracker/announce"
start "${corvid[@]}" seed "$work/x.torrent" "$work/tree" --json --listen $US:0 >"$work/seed.log"
await "$work/seed.log" listening

(aria aria --seed-time=0) || fail "aria2 did not finish"
same_files "$work/aria"
(libtorrent libtorrent get) || fail "libtorrent did not finish"
same "$work/libtorrent"
start bt_core bt-core get x.torrent
await "$work/bt-core.log" '"complete"'
same_files "$work/bt-core"
stop_last
stop_last # our seeder

start aria aria --seed-ratio=0 --check-integrity=true
get from-aria --listen $US:0 --peer $ARIA:$PORT
same "$work/from-aria"
stop_last

start libtorrent libtorrent seed
get from-libtorrent --listen $US:0 --peer $LIBTORRENT:$PORT
same "$work/from-libtorrent"
stop_last

mkdir -p "$work/plain/tree"
cp "$work/tree/large" "$work/tree/run" "$work/plain/tree" # the second is less than a piece: no pad before it
"${corvid[@]}" make "$work/plain/tree" -o "$work/plain.torrent" --announce "http://$tracker/announce"
start bt_core plain seed plain.torrent
await "$work/plain.log" '"listening"'
get_torrent plain.torrent from-bt-core --listen $US:0 --peer $BT_CORE:$PORT
diff -r "$work/plain/tree" "$work/from-bt-core/tree" || fail "from-bt-core differs"
echo "ok: from-bt-core"
stop_last

# One swarm: our seeder gives less than a copy a second, so the others give each other what they have.
start "${corvid[@]}" seed "$work/x.torrent" "$work/tree" --json --upload-limit 8M --listen $US:0 >"$work/seed.log"
await "$work/seed.log" listening
members=()
member() { start "$@"; members+=("${pids[-1]}"); }
member get mixed-1 --listen $US:0
member get mixed-2 --listen $US:0
member libtorrent mixed-libtorrent get
member aria mixed-aria --seed-time=0
start bt_core mixed-bt-core get x.torrent
for pid in "${members[@]}"; do wait "$pid" || fail "one of the mixed swarm"; done
same "$work/mixed-1"
same "$work/mixed-2"
same "$work/mixed-libtorrent"
same_files "$work/mixed-aria"
await "$work/mixed-bt-core.log" '"complete"'
same_files "$work/mixed-bt-core"
