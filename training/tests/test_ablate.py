import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siamese.ablate import Variant, main, plan
from siamese.ablation_table import markdown, write_tables
from siamese.augment import GEOMETRY, NAMES, OFF, Augment, search_jitter
from siamese.data import PairPool
from siamese.geometry import SEARCH_PX, TEMPLATE_PX
from siamese.pairs import Cutter, Sources


def row(run: str, iou: float, off: tuple[str, ...] = (), alone: float = 0.5, **more: Any) -> dict[str, Any]:
    rates = {"iou": iou, "above 0.5": 0.9, "error px": 4.0, "score": 0.6, "score absent": 0.3}
    names = off or tuple(NAMES)
    base = {"run": run, "off": list(off), "seed": 1, "taught": False, "scratch": False, "steps": 300, "batch": 32, "plain": rates, "degraded": rates}
    return base | {"alone": {n: rates | {"iou": alone} for n in names}} | more


def pictures() -> Sources:
    rng = np.random.default_rng(0)
    return Sources([], [], [], [rng.integers(0, 256, (200, 260, 3)).astype(np.uint8) for _ in range(3)])


def test_every_augmentation_is_left_out_once_and_two_seeds_show_the_noise() -> None:
    runs = plan(NAMES, [1, 2], teacher=False, scratch=False)
    assert [r.off for r in runs if len(r.off) == 1] == [(n,) for n in NAMES]
    assert [r.seed for r in runs if not r.off] == [1, 2]
    assert [set(NAMES) - set(r.off) for r in runs if len(r.off) > 1] == [set(), {"translation"}]
    assert not any(r.taught or r.scratch for r in runs)


def test_teacher_and_scratch_are_runs_of_their_own() -> None:
    runs = plan([], [1, 2, 3], teacher=True, scratch=True)
    assert [(r.seed, r.taught, r.scratch) for r in runs if not r.off] == [
        (1, False, False), (2, False, False), (1, True, False), (2, True, False), (1, False, True), (3, False, False),
    ]  # fmt: skip
    assert len({r.name for r in runs}) == len(runs)


def test_only_what_bends_needs_a_pool_of_its_own() -> None:
    pools = {n: Variant(n, (n,)).pool for n in NAMES}
    assert {n for n, pool in pools.items() if pool != "all"} == set(GEOMETRY)
    none, alone = (Variant("", tuple(n for n in NAMES if n != kept)).pool for kept in ("", "translation"))
    assert len({"all", none, alone, *pools.values()}) == len(GEOMETRY) + 3


@pytest.mark.parametrize("name", GEOMETRY)
def test_pools_of_one_seed_hold_the_same_pairs_whatever_is_off(name: str) -> None:
    plain, other = (Cutter(pictures(), on, 7, (0, 0, 0, 1)) for on in (OFF, OFF.with_also(name)))
    pairs = [(plain.draw(), other.draw()) for _ in range(8)]
    # The last draw still comes from the same place: no augmentation has taken numbers from another.
    assert plain.rng.random() == other.rng.random()
    assert any((a.search != b.search).any() for a, b in pairs)


@pytest.mark.parametrize("name", GEOMETRY)
def test_a_switch_of_geometry_bends_what_it_says(name: str) -> None:
    off, on = (search_jitter(np.random.default_rng(1), a, True) for a in (OFF, OFF.with_also(name)))
    changed = {field for field in off.__dict__ if getattr(off, field) != getattr(on, field)}
    fields = {"rotation": {"angle"}, "translation": {"dx", "dy"}, "zoom": {"zoom", "aspect"}, "shear": {"shear"}, "flip": {"flip"}}
    assert changed == fields[name]


@pytest.mark.parametrize("name", [n for n in NAMES if n not in GEOMETRY])
def test_a_switch_of_light_lens_codec_or_occlusion_changes_pictures_alone(tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(0)
    for part, px in (("template", TEMPLATE_PX), ("again", TEMPLATE_PX), ("search", SEARCH_PX)):
        np.save(tmp_path / f"{part}.npy", rng.integers(0, 256, (12, px, px, 3)).astype(np.uint8))
    np.save(tmp_path / "box.npy", np.full((12, 4), 40, np.float32))
    np.save(tmp_path / "identity.npy", np.arange(12, dtype=np.int32))
    off, on = (PairPool(tmp_path, a, 5, taught=False, strength=3) for a in (OFF, Augment().only([name])))
    differ = [bool((off[i]["search"] != on[i]["search"]).any()) for i in range(12)]
    assert sum(differ) >= 3
    assert not any((off[i]["search"] != PairPool(tmp_path, OFF, 6, taught=False)[i]["search"]).any() for i in range(12))


def test_only_differences_beyond_the_seeds_spread_are_bold() -> None:
    rows = [row("all", 0.60), row("all, seed 2", 0.62, seed=2), row("near", 0.595, ("blur",)), row("far", 0.55, ("shear",))]
    text = markdown(rows, [])
    assert "| near | 0.595 |" in text and "| far | **0.550** |" in text
    assert "| spread of the seeds | 0.020 |" in text


def test_with_one_seed_nothing_is_bold() -> None:
    assert "**" not in markdown([row("all", 0.6), row("far", 0.2, ("blur",))], [])


def test_a_run_is_held_against_all_under_what_it_left_out() -> None:
    rows = [row("all", 0.6, alone=0.5), row("all, seed 2", 0.6, alone=0.52), row("without blur", 0.6, ("blur",), alone=0.4)]
    assert "0.510 → **0.400**" in markdown(rows, [])


def test_the_teachers_runs_are_no_measure_of_noise() -> None:
    rows = [row("all", 0.60), row("all, seed 2", 0.60), row("with teacher", 0.70, taught=True)]
    assert "| with teacher | **0.700** |" in markdown(rows, [])


def test_rows_that_are_missing_are_named() -> None:
    assert "Not measured: without zoom; none." in markdown([row("all", 0.6)], ["without zoom", "none"])
    assert "Not measured" not in markdown([row("all", 0.6)], [])


def test_the_csv_has_every_number(tmp_path: Path) -> None:
    write_tables([row("all", 0.6), row("without blur", 0.5, ("blur",), 0.4) | {"rank-1": 0.3}], [], tmp_path)
    with (tmp_path / "ablation.csv").open(newline="") as f:
        first, second = csv.DictReader(f)
    assert (first["plain.iou"], first["alone.shear.iou"], first["rank-1"]) == ("0.6", "0.5", "")
    assert (second["off"], second["alone.blur.iou"], second["alone.shear.iou"], second["rank-1"]) == ("blur", "0.4", "", "0.3")


def clip_with_a_track(folder: Path, name: str, tracks: Path) -> None:
    """A picture that moves, and a track of a place in it."""
    source = ["-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=3"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *source, str(folder / name)], check=True)
    frames = [
        {"type": "frame", "index": i, "objects": [{"state": "tracked", "score": 0.9, "track": 1, "box": [40, 30, 80, 90]}]} for i in range(30)
    ]
    lines = [{"type": "hello", "width": 160}, *frames]
    (tracks / f"{name}.jsonl").write_text("\n".join(json.dumps(x) for x in lines) + "\n")


def test_a_stopped_ablation_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Runs are processes of their own, started in this folder as by hand.
    monkeypatch.chdir(Path(__file__).parent.parent)
    videos, tracks = tmp_path / "videos", tmp_path / "tracks"
    videos.mkdir()
    tracks.mkdir()
    for name in ("seen.mkv", "kept.mkv"):
        clip_with_a_track(videos, name, tracks)
    work, out = tmp_path / "work", tmp_path / "results"
    command = ["--videos", str(videos), "--tracks", str(tracks), "--hold-out", "kept.mkv", "--cache", str(tmp_path / "cache")]
    command += ["--work", str(work), "--out", str(out), "--seeds", "1", "--names", "shear"]
    command += ["--count", "8", "--held-out-count", "4", "--steps", "2", "--batch", "4"]
    (work / "runs-2x4").mkdir(parents=True)
    # As if it had been stopped after the first run: what was measured is believed, and not trained again.
    (work / "runs-2x4" / "all").mkdir()
    (work / "runs-2x4" / "all" / "measured.json").write_text(json.dumps(row("all", 0.123)))
    main(command)
    with (out / "ablation.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    assert [r["run"] for r in rows] == ["all", "none", "without shear", "translation alone"]
    assert rows[0]["plain.iou"] == "0.123" and 0 <= float(rows[2]["plain.iou"]) <= 1
    assert not (work / "runs-2x4" / "all" / "checkpoint.pt").exists()
    assert (work / "runs-2x4" / "without-shear" / "checkpoint.pt").exists()
    assert "Not measured" not in (out / "ablation.md").read_text()
