"""Names of outputs: inside the folder, allowed everywhere, each only once."""

from __future__ import annotations

import time
import unicodedata

import pytest

from pipelines.batch.output_names import (
    NAMELESS,
    NOT_ALLOWED,
    SHORTENED,
    TAKEN,
    UNPRINTED,
    OutputNames,
    make_relative,
)


def claim(*paths: str, suffix: str = ".png") -> list[str]:
    names = OutputNames(suffix)
    return [names.claim(path)[0] for path in paths]


@pytest.mark.parametrize(
    ("paths", "outputs"),
    [
        (["a.jpg", "a.png"], ["a.png", "a (2).png"]),
        (["a.jpg", "A.JPEG", "a.webp"], ["a.png", "A (2).png", "a (3).png"]),
        (["a.jpg", "a.jpg", "a (2).jpg"], ["a.png", "a (2).png", "a (2) (2).png"]),
        (["x/a.jpg", "y/a.jpg"], ["x/a.png", "y/a.png"]),
        (["é.jpg", "e\u0301.jpg"], ["é.png", "e\u0301 (2).png"]),
        (["STRASSE.jpg", "straße.jpg"], ["STRASSE.png", "straße (2).png"]),
        (["a.png", "a.png/b.png"], ["a.png", "a.png (2)/b.png"]),
        (["a.png/b.png", "a.png"], ["a.png/b.png", "a (2).png"]),
        (["manifest.csv/a.jpg"], ["manifest.csv (2)/a.png"]),
        (["archive.v2", "noending", "x.tar.gz"], ["archive.v2.png", "noending.png", "x.tar.gz.png"]),
        (["Trip/a.jpg", "trip/b.jpg"], ["Trip/a.png", "trip/b.png"]),
    ],
)
def test_each_output_has_a_name_of_its_own(paths: list[str], outputs: list[str]) -> None:
    assert claim(*paths) == outputs


def test_a_taken_name_is_said() -> None:
    names = OutputNames(".jpg")
    assert names.claim("x/a.png") == ("x/a.jpg", ())
    assert names.claim("x/a.jpg") == ("x/a (2).jpg", (TAKEN.format(name="a (2).jpg"),))


@pytest.mark.parametrize(
    ("path", "output"),
    [
        ("CON.jpg", "_CON.png"),
        ("con", "_con.png"),
        ("nul.tar.jpg", "_nul.tar.png"),
        ("LPT1/COM9.x.jpg", "_LPT1/_COM9.x.png"),
        ("what?.jpg", "what_.png"),
        ("c:x.jpg", "c_x.png"),
        ('a<b>c:d"e|f*g.jpg', "a_b_c_d_e_f_g.png"),
        ("ends. /a .jpg", "ends/a.png"),
    ],
)
def test_names_that_some_systems_refuse_are_changed(path: str, output: str) -> None:
    assert OutputNames(".png").claim(path) == (output, (NOT_ALLOWED,))


@pytest.mark.parametrize(
    "path", ["console.jpg", "COMET.jpg", "com10.jpg", "a b (c) [d] & e.jpg", "中文 空格.jpg"]
)
def test_other_names_stay(path: str) -> None:
    assert OutputNames(".png").claim(path) == (path.replace(".jpg", ".png"), ())


@pytest.mark.parametrize("letter", ["a", "文", "😀"])
def test_long_names_are_cut_to_what_disks_hold(letter: str) -> None:
    names = OutputNames(".png")
    first, notes = names.claim(f"{letter * 300}/{letter * 299}1.jpg")
    second, _ = names.claim(f"{letter * 300}/{letter * 299}2.jpg")
    assert notes == (SHORTENED,)
    assert first != second
    assert first.startswith(letter * 20)
    assert max(len(part.encode()) for part in first.split("/")) < 200


def test_deep_paths_are_cut_too() -> None:
    deep = "/".join(f"folder {n}" for n in range(500))
    first, second = claim(f"{deep}/a.jpg", f"{deep}/b.jpg")
    assert len(first.encode()) < 1000
    assert first.rpartition("/")[0] == second.rpartition("/")[0]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/./b//c.jpg", "a/b/c.jpg"),
        ("a.jpg", "a.jpg"),
        ("c:/y.jpg", "y.jpg"),
        ("x:y.jpg", "x:y.jpg"),
        ("..", "nameless"),
        ("", "nameless"),
    ],
)
def test_paths_are_made_plain(name: str, path: str) -> None:
    assert make_relative(name)[0] == path


def test_control_characters_and_text_that_runs_backwards_go() -> None:
    assert make_relative("a\0b\nc\u202egpj.exe\udc80.jpg") == ("a_b_c_gpj.exe_.jpg", (UNPRINTED,))
    assert NAMELESS in make_relative("///")[1]
    assert make_relative("👨\u200d👩.jpg") == ("👨\u200d👩.jpg", ())


def test_ten_thousand_files_of_one_name_take_no_time() -> None:
    names, start = OutputNames(".png"), time.perf_counter()
    outputs = {unicodedata.normalize("NFC", names.claim("a.jpg")[0]) for _ in range(10_000)}
    assert len(outputs) == 10_000
    assert time.perf_counter() - start < 5
