"""What of a browser's WebRTC offer reaches WebRTC."""

from __future__ import annotations

import pytest

from pipelines.errors import BadInput
from server.live_offer import read_offer

HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"
SOUND = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n"

INSIDE = [
    "192.168.1.7",
    "10.0.0.3",
    "127.0.0.1",
    "169.254.1.1",
    "::1",
    "fd00::7",
    "fe80::1%eth0",
    "::ffff:10.0.0.3",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8.local",
]
OUTSIDE = ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "224.0.0.1", "example.com", "local", ""]


def candidate(host: str) -> str:
    return f"a=candidate:1 1 udp 2113937151 {host} 50000 typ host generation 0"


def test_one_video_is_left_as_it_is() -> None:
    offer = HEAD + VIDEO + candidate("8.8.8.8") + "\r\n"
    assert read_offer(offer, offline=False) == offer


@pytest.mark.parametrize(
    "sections",
    ["", SOUND, DATA, VIDEO + SOUND, SOUND + VIDEO, VIDEO + DATA, VIDEO + VIDEO, "m=image 9 x 1\r\n"],
)
def test_all_but_one_video_is_refused(sections: str) -> None:
    with pytest.raises(BadInput, match="one video"):
        read_offer(HEAD + sections, offline=False)


@pytest.mark.parametrize("ends", ["\n", "\r", "\x0b", "\u2028"])
def test_a_section_does_not_hide_behind_another_end_of_line(ends: str) -> None:
    with pytest.raises(BadInput, match="one video"):
        read_offer(HEAD + VIDEO + "a=x" + ends + SOUND, offline=False)


@pytest.mark.parametrize("host", INSIDE)
def test_offline_the_own_network_stays(host: str) -> None:
    assert candidate(host) in read_offer(HEAD + VIDEO + candidate(host), offline=True)


@pytest.mark.parametrize("host", OUTSIDE)
@pytest.mark.parametrize("space", ["", " "])
def test_offline_nobody_outside_is_called_up(host: str, space: str) -> None:
    line = candidate(host).replace(":1 ", f":{space}1 ", 1)
    assert read_offer(HEAD + VIDEO + line, offline=True) == HEAD + VIDEO
