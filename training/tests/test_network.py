from pathlib import Path

import numpy as np
import torch

from siamese.export import METADATA, export, parity
from siamese.nanotrack import session, to_our_grid
from siamese.network import Follower, count, fold_norms
from siamese.train_identity import Chooser
from siamese.weights import load_follower


def test_the_network_is_as_small_as_promised() -> None:
    assert 200_000 < count(Follower()) < 600_000


def test_folding_batch_norms_changes_no_output() -> None:
    torch.manual_seed(0)
    follower = Follower()
    crops = torch.rand(4, 3, 64, 64) * 255
    follower.backbone(crops)
    follower.eval()
    before = follower.template(crops)[0]
    fold_norms(follower.backbone)
    assert torch.allclose(before, follower.template(crops)[0], atol=1e-3, rtol=1e-3)


def test_a_checkpoint_is_read_back_with_its_batch_norms_folded_or_not(tmp_path: Path) -> None:
    for folded in (False, True):
        follower = Follower()
        if folded:
            fold_norms(follower.backbone)
        torch.save({"average": follower.state_dict()}, tmp_path / "c.pt")
        assert load_follower(tmp_path / "c.pt").state_dict().keys() == follower.state_dict().keys()


def test_the_exported_files_agree_with_pytorch_and_take_any_batch(tmp_path: Path) -> None:
    torch.manual_seed(0)
    follower = Follower().eval()
    export(follower, tmp_path, {})
    rng = np.random.default_rng(0)
    for n in (1, 5):
        templates, searches = (rng.integers(0, 256, (n, px, px, 3)).astype(np.uint8) for px in (64, 128))
        assert max(parity(follower, tmp_path, templates, searches).values()) < 1e-2


def test_the_exported_files_say_what_they_are(tmp_path: Path) -> None:
    export(Follower(), tmp_path, {"training": "none"})
    for name in ("template", "search"):
        facts = session(tmp_path / f"{name}.onnx").get_modelmeta().custom_metadata_map
        assert facts == METADATA | {"training": "none"}


def test_the_teachers_cells_are_averaged_onto_ours() -> None:
    ramp = np.arange(15, dtype=np.float32)[None, :].repeat(15, 0)
    ours = to_our_grid(ramp)
    assert ours.shape == (16, 16)
    assert np.allclose(ours[0, 1:15], np.arange(14) + 0.5)


def test_a_batch_for_the_embedding_has_look_alikes_of_one_clip(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.save(tmp_path / "identity.npy", np.array([n for n in range(40) for _ in range(5)] + [-1] * 20, np.int32))
    (tmp_path / "about.json").write_text('{"clips": {"a": {"tracks": 2}, "b": {"tracks": 8}}}')
    chooser = Chooser(tmp_path, rng, 1000)
    chosen = chooser.identity[chooser.batch(32)]
    assert len(chosen) == 32 and (chosen >= 0).all()
    assert ((chosen >= 2) & (chosen < 10)).sum() >= 16
