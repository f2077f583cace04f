"""Renders the demo scene and writes each frame's ground truth.

    blender -b -P render.py -- --seed 7 --light day-dusk --out DIR --oidn LIB \
        [--width 640 --height 360 --fps 15 --seconds 32 --samples 5 --frames A:B --step N]

DIR gets header.json, frames/00000.png … and truth/00000.json …; frames that
are there already are left as they are, so an interrupted run continues.
The same arguments give the same scene: every choice comes from the seed.
"""

import argparse
import json
import os
import sys
import time

import bpy
import numpy as np
from mathutils import Matrix, Vector

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import catalog as catalog_module  # noqa: E402
import layout  # noqa: E402
import motion  # noqa: E402
from denoise import Denoiser  # noqa: E402
from catalog import MODELS, Catalog, dye_clothes, paint_vehicle  # noqa: E402
from light import LIGHTS, Sky, level_at  # noqa: E402
from truth import Projector  # noqa: E402


def arguments():
    after = sys.argv[sys.argv.index("--") + 1:] if "--" in sys.argv else []
    parser = argparse.ArgumentParser(prog="render.py", description="Renders the demo scene with its ground truth.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--light", choices=LIGHTS, default="day-dusk")
    parser.add_argument("--out", required=True)
    parser.add_argument("--assets", help="where the models are unpacked (default: OUT/assets)")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=360)
    parser.add_argument("--fps", type=float, default=15)
    parser.add_argument("--seconds", type=float, default=32)
    parser.add_argument("--samples", type=int, default=5, help="per pixel; 60 or more without --oidn")
    parser.add_argument("--oidn", help="libOpenImageDenoise.so.2, or a folder that holds it (default: no denoising)")
    parser.add_argument("--frames", default="", help="A:B, the frames A to B-1 only")
    parser.add_argument("--step", type=int, default=1, help="every Nth frame only")
    parser.add_argument("--threads", type=int, default=0, help="0: all")
    return parser.parse_args(after)


class Figure:
    """An actor's object in the scene, posed frame by frame."""

    def __init__(self, actor, store):
        self.actor = actor
        self.object = store.own_copy(actor.model, f"track {actor.track}")
        self.object.pass_index = actor.track
        self.object.scale = (actor.scale,) * 3
        mesh = self.object.data
        if actor.label == "person" and actor.colour:
            dye_clothes(self.object, actor.model, actor.colour)
        elif actor.colour:
            paint_vehicle(self.object, actor.model, actor.colour)
        self.points = np.empty(len(mesh.vertices) * 3, np.float32)
        mesh.vertices.foreach_get("co", self.points)
        self.points = self.points.reshape(-1, 3)
        mesh.calc_loop_triangles()
        self.triangles = np.empty(len(mesh.loop_triangles) * 3, np.int32)
        mesh.loop_triangles.foreach_get("vertices", self.triangles)
        self.triangles = self.triangles.reshape(-1, 3)
        self.legs = motion.Legs(self.points, self.triangles) if actor.label == "person" else None
        self.plates = self._plates() if actor.plate else []

    def _plates(self):
        """A number plate on the front and the rear bumper, as children."""
        board = layout.colour_material("plate", (0.85, 0.85, 0.82), 0.5, emission=(1, 1, 0.95))
        ink = layout.colour_material("plate ink", (0.01, 0.01, 0.012), 0.6)
        self.plate_glow = board
        out = []
        for end, z in ((-1, 0.47), (1, 0.80)):
            near = self.points[(np.abs(self.points[:, 0]) < 0.3) & (np.abs(self.points[:, 2] - z) < 0.12)]
            y = (near[:, 1] * end).max() + 0.05
            plate = layout.box("plate", (-0.47, -0.012, -0.12), (0.47, 0.012, 0.12), board)
            words = layout.text("plate text", self.actor.plate, 0.19, ink)
            words.rotation_euler = (np.radians(90), 0, 0)
            words.location = (0, -0.016, 0)
            words.parent = plate
            plate.parent = self.object
            plate.location = (0, end * y, z)
            plate.rotation_euler = (0, 0, 0 if end < 0 else np.pi)
            for thing in (plate, words):
                thing.pass_index = self.actor.track
                out.append(thing)
        return out

    def pose(self, seconds):
        """Moves to where the actor is; False while it is not in the scene."""
        where = self.actor.pose(seconds)
        for thing in [self.object, *self.plates]:
            thing.hide_render = where is None
        if where is None:
            return False
        if self.legs:
            self.points = self.legs.bent(where.travelled_m, where.moving).astype(np.float32)
            self.object.data.vertices.foreach_set("co", self.points.ravel())
            self.object.data.update()
        self.object.location = (where.x, where.y, where.z)
        self.object.rotation_euler = (0, 0, where.heading)
        return True

    def world_points(self):
        o = self.object
        matrix = np.array(Matrix.Translation(Vector(o.location)) @ o.rotation_euler.to_matrix().to_4x4())
        return (self.points * self.actor.scale) @ matrix[:3, :3].T + matrix[:3, 3]


def vehicle_lights(figures):
    """Materials of head and tail lamps, with how strongly they glow in the dark."""
    out = []
    for figure in figures:
        model = MODELS[figure.actor.model]
        if figure.actor.parked:
            continue
        for material in figure.object.data.materials:
            base = material.get("base") if material else None
            if base in model.lights or base in model.tail_lights:
                shader = catalog_module.principled(material)
                shader.inputs["Emission"].default_value = (1, 0.95, 0.8, 1) if base in model.lights else (1, 0.03, 0.02, 1)
                out.append((material, 4.0 if base in model.lights else 1.5))
        if figure.plates:
            out.append((figure.plate_glow, 0.35))
    return out


def set_up_renderer(options):
    """Cycles on the CPU, few samples and a denoiser; the object ids go to a file."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = options.width, options.height
    scene.render.resolution_percentage = 100
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "PNG"
    scene.render.threads_mode = "FIXED" if options.threads else "AUTO"
    if options.threads:
        scene.render.threads = options.threads
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = options.samples
    cycles.use_adaptive_sampling = False
    cycles.seed = 1  # one noise pattern for all frames: it flickers less and packs better
    cycles.use_denoising = False  # Debian's Blender has no denoiser
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 0, 2
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0
    scene.view_settings.view_transform = "Filmic"
    scene.view_settings.look = "High Contrast"
    bpy.context.view_layer.use_pass_object_index = True
    bpy.context.view_layer.cycles.denoising_store_passes = True
    scene.use_nodes = True
    tree = scene.node_tree
    layers = next(n for n in tree.nodes if n.type == "R_LAYERS")
    for name, socket in PASSES.items():
        output = tree.nodes.new("CompositorNodeOutputFile")
        output.format.file_format = "OPEN_EXR"
        output.format.color_depth = "32"
        output.format.color_mode = "RGB"
        output.format.exr_codec = "NONE"
        output.base_path = options.passes
        output.file_slots[0].path = name
        tree.links.new(layers.outputs[socket], output.inputs[0])


PASSES = {"id": "IndexOB", "color": "Image", "albedo": "Denoising Albedo", "normal": "Denoising Normal"}


def read_pass(folder, name, frame):
    """One pass as (height, width, 3) floats, bottom row first; the file is removed."""
    path = os.path.join(folder, f"{name}{frame:04d}.exr")
    image = bpy.data.images.load(path)
    image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    os.remove(path)
    return pixels.reshape(height, width, 4)[:, :, :3]


def save_picture(colour, path):
    """Writes linear colour as PNG through the scene's exposure and view transform."""
    height, width, _ = colour.shape
    image = bpy.data.images.new("picture", width, height, float_buffer=True)
    image.pixels.foreach_set(np.dstack([colour, np.ones((height, width), np.float32)]).ravel())
    image.save_render(path, scene=bpy.context.scene)
    bpy.data.images.remove(image)


def main():
    options = arguments()
    options.out = os.path.abspath(options.out)
    # Of this process only, so that several can render parts of one clip side by side.
    options.passes = os.path.join(options.out, f"passes-{os.getpid()}")
    for folder in ("frames", "truth"):
        os.makedirs(os.path.join(options.out, folder), exist_ok=True)
    os.makedirs(options.passes, exist_ok=True)
    asset_dir = os.path.abspath(options.assets or os.path.join(options.out, "assets"))
    catalog_module.unpack(asset_dir)

    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.world = bpy.data.worlds.new("world")
    store = Catalog(asset_dir)
    place = layout.Place(store, np.random.default_rng([options.seed, 1]))
    actors = motion.programme(np.random.default_rng([options.seed, 2]), options.seconds)
    figures = [Figure(actor, store) for actor in actors]
    sky = Sky(options.light, place)
    lamps = vehicle_lights(figures)
    set_up_renderer(options)
    bpy.context.view_layer.update()
    denoiser = Denoiser(options.oidn, options.width, options.height) if options.oidn else None
    projector = Projector(place.camera, options.width, options.height)

    count = round(options.seconds * options.fps)
    sign, _ = projector.pixels(np.array(place.sign_corners))
    plated = next(a for a in actors if a.plate)
    header = {
        "type": "header", "version": 1, "widthPx": options.width, "heightPx": options.height,
        "fps": options.fps, "frames": count, "seed": options.seed, "light": options.light,
        "coordinates": "[x1,y1,x2,y2] source pixels, x2 and y2 exclusive; amodalBox may leave the frame",
        "visibility": "visible pixels / pixels of the whole silhouette, the part outside the frame included",
        "tracks": [{"id": a.track, "label": a.label, "model": a.model} for a in actors],
        "plate": {"track": plated.track, "text": plated.plate},
        "sign": {"text": layout.SIGN_TEXT, "polygon": [[round(float(v), 1) for v in p] for p in sign]},
    }
    with open(os.path.join(options.out, "header.json"), "w", encoding="utf-8") as file:
        json.dump(header, file, separators=(",", ":"))

    first, last = (int(v) for v in options.frames.split(":")) if options.frames else (0, count)
    for index in range(first, min(last, count), options.step):
        picture = os.path.join(options.out, "frames", f"{index:05d}.png")
        record = os.path.join(options.out, "truth", f"{index:05d}.json")
        if os.path.exists(picture) and os.path.exists(record):
            continue
        began = time.time()
        level = level_at(options.light, index / count)
        sky.set(level, lamps)
        present = [f for f in figures if f.pose(index / options.fps)]
        scene = bpy.context.scene
        # One frame number throughout: a new one would make Cycles sync everything again.
        bpy.ops.render.render(write_still=False)
        rendered = time.time()
        passes = {name: read_pass(options.passes, name, scene.frame_current) for name in PASSES}
        colour = passes["color"]
        if denoiser:
            colour = denoiser.run(colour, passes["albedo"], passes["normal"])
        part = os.path.join(options.passes, "part.png")
        save_picture(colour, part)
        denoised = time.time()
        ids = np.rint(passes["id"][::-1, :, 0]).astype(np.int32)
        objects = [projector.object_truth(f.actor, ids, projector.silhouette(f.world_points(), f.triangles))
                   for f in present]
        with open(record, "w", encoding="utf-8") as file:
            json.dump({"index": index, "ptsMs": round(index * 1000 / options.fps, 1), "light": round(level, 3),
                       "objects": [o for o in objects if o]}, file, separators=(",", ":"))
        os.replace(part, picture)
        print(f"frame {index} of {count}: {rendered - began:.1f} s, denoising {denoised - rendered:.1f} s, "
              f"truth {time.time() - denoised:.1f} s",
              file=sys.stderr, flush=True)
    os.rmdir(options.passes)


try:
    main()
except SystemExit:
    raise
except Exception:  # Blender would report success otherwise
    import traceback
    traceback.print_exc()
    sys.exit(1)
