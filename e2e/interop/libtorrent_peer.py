"""One libtorrent peer: TORRENT DIRECTORY ADDRESS:PORT get|seed. `get` ends when it has all, `seed` when it is ended."""
import sys

import libtorrent

torrent, directory, listen, role = sys.argv[1:]
session = libtorrent.session({
    "listen_interfaces": listen, "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
    "enable_natpmp": False, "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,  # all who dial from loopback come from 127.0.0.1
    "alert_mask": libtorrent.alert.category_t.status_notification})
parameters = libtorrent.add_torrent_params()
parameters.ti = libtorrent.torrent_info(torrent)
parameters.save_path = directory
handle = session.add_torrent(parameters)
while role == "seed" or not handle.status().is_seeding:
    session.wait_for_alert(1000)
    session.pop_alerts()
