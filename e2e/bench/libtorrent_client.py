"""One libtorrent client for the bench: seed|get TORRENT DIRECTORY ADDRESS:PORT [NEIGHBOUR].

Writes one JSON event a line: listening, first-piece, progress, complete. Goes on serving until it is ended.
TCP only, as uTP yields to the other transfers of a machine; the rest is what libtorrent's manual advises for fast links.
"""
import json
import sys

import libtorrent


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


role, torrent, directory, listen = sys.argv[1:5]
kinds = libtorrent.alert.category_t
session = libtorrent.session({
    "listen_interfaces": listen,
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "connection_speed": 500, "max_out_request_queue": 1500, "send_buffer_watermark": 3 << 20,
    "alert_mask": kinds.status_notification | kinds.error_notification | kinds.piece_progress_notification,
})
parameters = libtorrent.add_torrent_params()
parameters.ti = libtorrent.torrent_info(torrent)
parameters.save_path = directory
if role == "seed":
    parameters.flags |= libtorrent.torrent_flags.seed_mode
handle = session.add_torrent(parameters)
if len(sys.argv) > 5:
    address, port = sys.argv[5].rsplit(":", 1)
    handle.connect_peer((address, int(port)))

piece_length = parameters.ti.piece_length()
first = complete = False
while True:
    session.wait_for_alert(250)
    for alert in session.pop_alerts():
        if isinstance(alert, libtorrent.listen_succeeded_alert):
            tell("listening")
        elif isinstance(alert, libtorrent.piece_finished_alert) and not first:
            first = True
            tell("first-piece")
        elif isinstance(alert, libtorrent.torrent_finished_alert) and role == "get" and not complete:
            complete = True
            tell("complete")
    if role == "get" and not complete:
        tell("progress", verified=handle.status().num_pieces * piece_length)
