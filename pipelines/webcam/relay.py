"""A process of its own that carries an encoded stream to an RTMP server. Run as a script; imports nothing of ours.

The address holds the stream key and comes on a file whose number is the only argument: so it stands in no list
of processes, no environment and no file. The stream comes on stdin as NUT. On stdout go lines of JSON: the
`stage` that is reached (encoder, server, stream), the bytes `sent` now and then, `failed` with an error's name.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

TELL_EVERY = 0.5
"""Seconds."""


def carry(url: str) -> None:
    """Pass packets on as they are until the stream ends, telling each stage. Raises av's errors."""
    import av

    tell(stage="encoder")
    options = {"probesize": "32", "analyzeduration": "0", "fflags": "nobuffer"}
    source = av.open("pipe:0", format="nut", options=options)
    tell(stage="server")
    out: Any = av.open(url, "w", format="flv", options={"flvflags": "no_duration_filesize"})
    streams = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
    out.start_encoding()
    tell(stage="stream")
    sent, told = 0, 0.0
    for packet in source.demux():
        if packet.dts is None:
            continue
        size, packet.stream = packet.size, streams[packet.stream.index]
        out.mux(packet)
        sent += size
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            tell(sent=sent)
    out.close()
    tell(sent=sent)


def tell(**facts: Any) -> None:
    """One line to who started this."""
    print(json.dumps(facts), flush=True)


def main() -> int:
    """Where it fails, the error's name is told and not its words: they hold the address."""
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        url = file.read().decode()
    try:
        carry(url)
    except Exception as error:
        tell(failed=type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
