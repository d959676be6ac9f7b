"""What a painting is scored by: each term is least where it should be, and grows where it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from tests.training.style_samples import draw_stripes, write_features  # noqa: E402
from training.style_features import LEVELS, load_features  # noqa: E402
from training.style_losses import (  # noqa: E402
    content_loss,
    edge_loss,
    measure_hand,
    painting_losses,
    steady_loss,
    style_loss,
    taught_loss,
)
from training.style_motion import places  # noqa: E402


def stripes(width: int, light: int = 220) -> Any:
    rgb = draw_stripes(64, ((light, 40, 40), (20, 20, 60)), width)
    return torch.from_numpy(rgb.transpose(2, 0, 1)[None].copy()).float() / 255


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load_features(write_features(tmp_path_factory.mktemp("features")))


def test_features_are_four_maps_that_are_never_trained(features: Any) -> None:
    maps = features(torch.rand(2, 3, 64, 64))
    assert [level.shape[-1] for level in maps] == [32, 16, 8, 4] and len(maps) == LEVELS
    assert not any(value.requires_grad for value in features.train().parameters())


def test_a_vgg_gives_the_first_map_of_each_stage(tmp_path: Path) -> None:
    # given weights numbered as torchvision numbers VGG-16's: two, two, three, three filters a stage
    stored, widths = {}, (3, 4, 4, 6, 6, 8, 8, 8, 10, 10, 10)
    for index, place in enumerate((0, 2, 5, 7, 10, 12, 14, 17, 19, 21)):
        stored[f"features.{place}.weight"] = torch.randn(widths[index + 1], widths[index], 3, 3)
        stored[f"features.{place}.bias"] = torch.zeros(widths[index + 1])
    torch.save(stored, tmp_path / "vgg.pth")
    # when a picture is looked at
    maps = load_features(tmp_path / "vgg.pth")(torch.rand(1, 3, 32, 32))
    # then there is one map a stage, each half the size of the one before
    assert [level.shape[1:] for level in maps] == [(4, 32, 32), (6, 16, 16), (8, 8, 8), (10, 4, 4)]


def test_a_painting_is_nearest_to_its_own_hand(features: Any) -> None:
    fine, coarse = stripes(2), stripes(16)
    hand = measure_hand(features, fine)
    own, other = (float(style_loss(features(each), [hand])) for each in (fine, coarse))
    assert own < 1e-6 and other > 0.1


def test_content_does_not_mind_colours_that_change_everywhere_alike() -> None:
    seen = torch.rand(1, 5, 12, 12)
    assert content_loss(seen * 3 + 1, seen) < 1e-3
    assert content_loss(torch.rand(1, 5, 12, 12), seen) > 0.5


def test_lost_edges_cost_and_strokes_of_ones_own_do_not() -> None:
    edge = torch.zeros(1, 3, 32, 32)
    edge[..., 16:] = 1
    flat = torch.full_like(edge, 0.5)
    assert edge_loss(flat, edge) > 100 * edge_loss(edge, edge)
    assert edge_loss(torch.rand_like(edge), flat) < 1e-3


def test_what_only_moved_costs_nothing_and_unsure_places_do_not_count() -> None:
    before = torch.rand(1, 3, 16, 16)
    own = torch.from_numpy(places(16))[None] / 15 * 2 - 1
    sure = torch.ones(1, 1, 16, 16)
    assert steady_loss(before, before, own, sure) < 1e-5
    after = before.clone()
    after[..., :8] += 0.5
    sure_half = sure.clone()
    sure_half[..., :8] = 0
    assert steady_loss(before, after, own, sure) == pytest.approx(0.25, abs=1e-3)
    assert steady_loss(before, after, own, sure_half) < 1e-5
    assert steady_loss(before, after, own, 0 * sure) == 0


def test_roughness_is_taught_wherever_the_strokes_lie() -> None:
    torch.manual_seed(0)
    taught = 0.5 + 0.2 * torch.randn(1, 3, 64, 64)
    rough, smooth = 0.5 + 0.2 * torch.randn(1, 3, 64, 64), torch.full((1, 3, 64, 64), 0.5)
    assert taught_loss(taught, taught) == 0
    assert taught_loss(rough, taught) < taught_loss(smooth, taught)


def test_all_terms_come_together_and_reach_every_pixel(features: Any) -> None:
    photo = torch.rand(1, 3, 64, 64)
    batch = {
        "before": photo,
        "after": photo.flip(3),
        "origin": torch.from_numpy(places(64))[None] / 63 * 2 - 1,
        "sure": torch.ones(1, 1, 64, 64),
        "taught": torch.rand(1, 3, 64, 64),
    }
    painted = {name: torch.rand(1, 3, 64, 64, requires_grad=True) for name in ("before", "after")}
    hands = [measure_hand(features, stripes(4))]
    terms = painting_losses(painted, batch, features, hands)
    assert set(terms) == {"taught", "content", "style", "steady", "edges", "calm"}
    torch.stack(list(terms.values())).sum().backward()
    for each in painted.values():
        assert (
            each.grad is not None
            and torch.isfinite(each.grad).all()
            and (each.grad != 0).float().mean() > 0.9
        )
    assert set(painting_losses(painted, batch, None, hands, lead=0.0)) == {"steady", "edges", "calm"}
