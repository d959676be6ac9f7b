"""Where a broadcast may go, and that its key stays hidden."""

from __future__ import annotations

import pytest

from pipelines.errors import InvalidOption
from pipelines.webcam.broadcast_presets import PRESETS, change_preset, find_preset
from pipelines.webcam.broadcast_target import MASK, read_target

CUSTOM, BILIBILI = PRESETS["custom"], PRESETS["bilibili"]
BILIBILI_KEY = "?streamname=live_12_345&key=0a1b2c3d4e5f&schedule=rtmp&pflag=1"


def test_a_preset_knows_its_server() -> None:
    target = read_target(BILIBILI, "", BILIBILI_KEY)

    assert target.url == "rtmp://live-push.bilivideo.com/live-bvc/" + BILIBILI_KEY
    assert (target.host, target.port) == ("live-push.bilivideo.com", 1935)
    assert (BILIBILI.size, BILIBILI.fps, BILIBILI.kbit_s) == ((1280, 720), 15, 1500)
    assert (PRESETS["douyin"].size, PRESETS["douyin"].kbit_s) == ((720, 1280), 2000)


def test_a_custom_address_may_end_in_its_key() -> None:
    target = read_target(CUSTOM, "rtmps://host.example:8443/app/secret-key", "")

    assert (target.server, target.key, target.port) == ("rtmps://host.example:8443/app/", "secret-key", 8443)


@pytest.mark.parametrize(
    "server",
    [
        *(
            "http://host/live",
            "file:///etc/passwd",
            "-f",
            "tcp://host/live",
            "rtmp:/host/live",
            "rtmpe://h/a",
        ),
        *(
            "rtmp://host/live -f null",
            "rtmp://host/live\nrtmp://other/live",
            "rtmp://host/live\tx",
            "rtmp://hö/a",
        ),
        *(
            "rtmp://host/live?listen=1",
            "rtmp://host/live#x",
            "[f=flv]rtmp://host/a|rtmp://other/a",
            "rtmp://h/a|b",
        ),
        *(
            "rtmp://user:pass@host/live",
            "rtmp://host",
            "rtmp:///live",
            "rtmp://host:99999/live",
            "rtmp://host:0/a",
        ),
        *("rtmp://[bad/live", "", "rtmp://host/" + "a" * 2000),
    ],
)
def test_other_addresses_are_refused_in_words(server: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        read_target(CUSTOM, server, "some-key")

    assert refused.value.message.endswith(".") and refused.value.hint


@pytest.mark.parametrize(
    "key", ["two words", "line\nbreak", "tab\tbed", "ключ", "rtmp://host/live/key", "nul\0", "k" * 2000]
)
def test_other_keys_are_refused_without_being_told(key: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        read_target(CUSTOM, "rtmp://host/live", key)

    assert key not in str(refused.value)


def test_a_key_with_spaces_is_refused_by_name() -> None:
    with pytest.raises(InvalidOption, match="space"):
        read_target(BILIBILI, "", "live key")


def test_a_missing_key_is_asked_for() -> None:
    with pytest.raises(InvalidOption, match="key is missing"):
        read_target(BILIBILI, "", " ")


def test_nothing_made_of_a_target_holds_the_key() -> None:
    target = read_target(BILIBILI, "", BILIBILI_KEY)
    told = f"can't open {target.url}: key=0a1b2c3d4e5f, %3Fstreamname%3Dlive_12_345%26key%3D0a1b2c3d4e5f"

    assert "0a1b2c3d4e5f" in told
    for text in (str(target), repr(target), f"{target}", target.mask(told)):
        assert "0a1b2c3d4e5f" not in text and "live_12_345" not in text
    assert MASK in str(target) and "live-push.bilivideo.com" in target.mask(told)


@pytest.mark.parametrize(
    ("server", "goes"), [("rtmp://127.0.0.1/live", True), ("rtmp://host.example/live", False)]
)
def test_offline_leaves_this_machine_alone(server: str, goes: bool) -> None:
    if goes:
        assert read_target(CUSTOM, server, "key", offline=True).host == "127.0.0.1"
        return
    with pytest.raises(InvalidOption, match="offline"):
        read_target(CUSTOM, server, "key", offline=True)


def test_a_preset_is_changed_within_bounds() -> None:
    changed = change_preset(CUSTOM, width=641, height=361, fps=30, kbit_s=900)

    assert (changed.size, changed.fps, changed.kbit_s) == ((640, 360), 30, 900)
    with pytest.raises(InvalidOption, match="fps"):
        change_preset(CUSTOM, width=640, height=360, fps=0, kbit_s=900)
    with pytest.raises(InvalidOption, match="kbit_s"):
        change_preset(CUSTOM, width=640, height=360, fps=30, kbit_s=10**9)


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(InvalidOption, match="no platform"):
        find_preset("elsewhere")
