"""The list of looks, and finding one in it."""

from __future__ import annotations

import pytest

from pipelines.cartoon.options import STYLES
from pipelines.errors import InvalidOption
from pipelines.studio import Studio
from pipelines.webcam.looks import find_look, list_looks
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.painters import PAINTERS, painter_id


def test_every_look_has_a_name_of_its_own(studio: Studio) -> None:
    looks = list_looks(studio)
    assert len({row.id for row in looks}) == len({row.title for row in looks}) == len(looks)
    by_group = {
        group: [row.id for row in looks if row.group == group] for group in {row.group for row in looks}
    }
    assert by_group == {
        "none": ["none"],
        "paintings": [f"painting-{number:02d}" for number in range(26)],
        "painters": [painter_id(name) for name in PAINTERS],
        "cartoon": [f"cartoon-{style}" for style in STYLES],
        "matting": ["matting"],
    }


def test_the_users_own_come_last(studio: Studio, photo: bytes) -> None:
    OwnStyles(studio).add(studio.open(photo), "My wall")
    last = list_looks(studio)[-1]
    assert (last.id, last.title, last.group) == ("My wall", "My wall", "own")
    assert find_look(studio, "My wall") == last


def test_clients_may_say_identity(studio: Studio) -> None:
    assert find_look(studio, "identity").id == "none"


@pytest.mark.parametrize("name", ["", "painting-26", "painting-3", "../secret", "My wall"])
def test_a_look_that_is_not_there_is_told(studio: Studio, name: str) -> None:
    with pytest.raises(InvalidOption, match="no style called"):
        find_look(studio, name)
