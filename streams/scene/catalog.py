"""The 3D models of the scene: which ones, whose they are, and how to bring one in.

Every model comes from Debian's `sweethome3d-furniture` package, whose .sh3f
archives are zip files with textured OBJ models. Only CC-BY 3.0 and CC0 models
are listed; ../ATTRIBUTION.md credits them.
"""

import os
import zipfile
from dataclasses import dataclass

import bmesh
import bpy
import numpy as np

ARCHIVE_DIR = "/usr/share/sweethome3d/furniture"


@dataclass(frozen=True)
class Model:
    """One model: where it lies in its archive and its real size.

    `paint` names the materials that a seed may recolour, `glass` those that
    become dark panes; `lights` and `tail_lights` glow at dusk. Every listed
    model faces -Y after the import.
    """

    archive: str
    path: str
    height_m: float
    label: str = ""
    paint: tuple = ()
    glass: tuple = ()
    lights: tuple = ()
    tail_lights: tuple = ()


def _person(name, height_m, paint=("1",)):
    return Model("Reallusion", f"reallusion/{name}/{name}.obj", height_m, "person", paint)


def _scopia(name, height_m, label="", **more):
    return Model("Scopia", f"scopia/{name}/{name}.obj", height_m, label, **more)


MODELS = {
    "female01": _person("female01", 1.68),
    "female03": _person("female03", 1.66),
    "male01": _person("male01", 1.84),
    "male02": _person("male02", 1.80),
    "male03": _person("male03", 1.82),
    "boyStanding": _person("boyStanding", 1.62, ("RL_Upper.002",)),
    "fordFocus": Model(
        "BlendSwap-CC-BY", "blendswap-cc-by/fordFocus/fordFocus.obj", 1.50, "car",
        paint=("carPaint",), glass=("glass",), tail_lights=("glass_red",)),
    "renault-scenic": _scopia(
        "renault-scenic", 1.72, "car", paint=("color-beige-green",), glass=("glass", "dark-glass"),
        lights=("front-lights",), tail_lights=("back-lights",)),
    "suv": _scopia("suv", 1.66, "car", paint=("firstcolor",), glass=("glass",)),
    "seat_leon": _scopia(
        "seat_leon", 1.46, "car", paint=("chapa_roja",), glass=("cristales",),
        lights=("faros_blan_back",), tail_lights=("faros_rojos",)),
    "smart-car": _scopia(
        "smart-car", 1.55, "car", paint=("first-color",), glass=("glass", "black-glass"),
        lights=("grey-light",), tail_lights=("back-lights",)),
    "van": _scopia(
        "van", 2.57, "truck", paint=("firstcolor",), glass=("glass",), lights=("whiteglass",), tail_lights=("redlights",)),
    "truck": _scopia("truck", 3.10, "truck", paint=("red-cabin",), glass=("glass",)),
    "cityBus": _scopia("cityBus", 3.02, "bus", paint=("accentColor",), glass=("glass", "darkglass")),
    "yamaha-yzr-r6": _scopia("yamaha-yzr-r6", 1.15, "motorcycle"),
    "cone": _scopia("cone", 0.70),
    "wood_bank": _scopia("wood_bank", 0.95),
    "bush": _scopia("bush", 1.3),
    "poplar": _scopia("poplar", 8.0),
    "sycamoreMaple": _scopia("sycamoreMaple", 7.0),
}


def unpack(asset_dir):
    """Unpacks each archive that a model needs, once, below `asset_dir`."""
    for archive in sorted({model.archive for model in MODELS.values()}):
        source = os.path.join(ARCHIVE_DIR, archive + ".sh3f")
        if not os.path.exists(source):
            raise SystemExit(f"{source} is missing: install Debian's sweethome3d-furniture")
        wanted = {os.path.dirname(m.path) + "/" for m in MODELS.values() if m.archive == archive}
        with zipfile.ZipFile(source) as files:
            for name in files.namelist():
                target = os.path.join(asset_dir, archive, name)
                if any(name.startswith(w) for w in wanted) and not os.path.exists(target):
                    files.extract(name, os.path.join(asset_dir, archive))


class Catalog:
    """Imports each model once; every actor then gets a copy of the mesh."""

    def __init__(self, asset_dir):
        self.asset_dir = asset_dir
        self._meshes = {}

    def mesh(self, name):
        """The model as one mesh in metres, feet at z = 0, facing -Y."""
        if name not in self._meshes:
            self._meshes[name] = self._load(name)
        return self._meshes[name]

    def place(self, name, location, heading_deg=0.0, scale=1.0, object_name=None):
        """A linked copy standing at `location`; heading 0 faces -Y, counter-clockwise."""
        thing = bpy.data.objects.new(object_name or name, self.mesh(name))
        thing.location = location
        thing.rotation_euler = (0, 0, np.radians(heading_deg))
        thing.scale = (scale,) * 3
        bpy.context.scene.collection.objects.link(thing)
        return thing

    def own_copy(self, name, object_name):
        """An object with its own mesh and materials, to recolour or to bend."""
        mesh = self.mesh(name).copy()
        for slot, material in enumerate(mesh.materials):
            if material:
                mesh.materials[slot] = material.copy()
                mesh.materials[slot]["base"] = material.get("base", material.name)
        thing = bpy.data.objects.new(object_name, mesh)
        bpy.context.scene.collection.objects.link(thing)
        return thing

    def _load(self, name):
        model = MODELS[name]
        path = os.path.join(self.asset_dir, model.archive, model.path)
        before = set(bpy.data.objects)
        known = set(bpy.data.materials)
        bpy.ops.wm.obj_import(filepath=path)
        parts = [o for o in bpy.data.objects if o not in before and o.type == "MESH"]
        if not parts:
            raise SystemExit(f"{path} holds no mesh")
        for material in set(bpy.data.materials) - known:
            # Blender renames a repeated name (glass -> glass.001); the OBJ's
            # own name is what MODELS lists.
            material["base"] = _original_name(material.name, path)
        bpy.ops.object.select_all(action="DESELECT")
        for part in parts:
            part.select_set(True)
        bpy.context.view_layer.objects.active = parts[0]
        if len(parts) > 1:
            bpy.ops.object.join()
        whole = bpy.context.view_layer.objects.active
        mesh = whole.data
        mesh.transform(whole.matrix_world)
        bpy.data.objects.remove(whole)
        if model.label:
            _single_skin(mesh)
        _stand_up(mesh, model)
        for material in mesh.materials:
            if material:
                _tame(material, model)
        return mesh


def _original_name(name, obj_path):
    with open(os.path.splitext(obj_path)[0] + ".mtl", encoding="latin-1") as lines:
        names = {line.split(None, 1)[1].strip() for line in lines if line.startswith("newmtl")}
    if name in names:
        return name
    stem = name.rsplit(".", 1)[0]
    return stem if stem in names else name


def _single_skin(mesh):
    """Drops the second, inward copy of each face that many of the figures have.

    Two faces in one place shade each other, which speckles them black.
    """
    work = bmesh.new()
    work.from_mesh(mesh)
    size = max(v.co.z for v in work.verts) - min(v.co.z for v in work.verts)
    bmesh.ops.remove_doubles(work, verts=work.verts, dist=size * 2e-5)
    seen, extra = set(), []
    for face in work.faces:
        key = frozenset(v.index for v in face.verts)
        if key in seen:
            extra.append(face)
        seen.add(key)
    bmesh.ops.delete(work, geom=extra, context="FACES_ONLY")
    bmesh.ops.recalc_face_normals(work, faces=work.faces)
    work.to_mesh(mesh)
    work.free()


def _stand_up(mesh, model):
    """Scales to the listed height, centres on the origin, sets the feet on z = 0."""
    points = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", points)
    points = points.reshape(-1, 3)
    low, high = points.min(0), points.max(0)
    points -= np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]], np.float32)
    points *= model.height_m / (high[2] - low[2])
    mesh.vertices.foreach_set("co", points.ravel())
    if mesh.has_custom_normals:
        mesh.free_normals_split()
    mesh.use_auto_smooth = model.label != "person"
    mesh.auto_smooth_angle = np.radians(40)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    mesh.update()


def _tame(material, model):
    """Replaces what is slow or noisy in software: see-through glass, mirror gloss."""
    material.blend_method = "OPAQUE"
    shader = principled(material)
    if shader is None:
        return
    base = material.get("base", material.name)
    shader.inputs["Specular"].default_value = 0.3
    if base in model.glass or "window_mirror" in base:
        for link in list(shader.inputs["Base Color"].links):
            material.node_tree.links.remove(link)
        shader.inputs["Base Color"].default_value = (0.02, 0.025, 0.03, 1)
        shader.inputs["Roughness"].default_value = 0.08
        shader.inputs["Specular"].default_value = 0.6
    elif base in model.paint and model.label != "person":
        shader.inputs["Roughness"].default_value = 0.3
        shader.inputs["Specular"].default_value = 0.5
    else:
        shader.inputs["Roughness"].default_value = 0.7
    for link in list(shader.inputs["Alpha"].links):
        if model.label:
            material.node_tree.links.remove(link)
    if model.label:
        shader.inputs["Alpha"].default_value = 1.0


def principled(material):
    """The material's Principled BSDF node, or None."""
    if not material.use_nodes:
        return None
    return next((n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED"), None)


def paint_vehicle(thing, model_name, colour):
    """Gives the bodywork a colour (linear RGB)."""
    for material in thing.data.materials:
        if material and material.get("base") in MODELS[model_name].paint:
            shader = principled(material)
            for link in list(shader.inputs["Base Color"].links):
                material.node_tree.links.remove(link)
            shader.inputs["Base Color"].default_value = (*colour, 1)


def dye_clothes(thing, model_name, colour):
    """Dyes the upper clothes, keeping their pattern of light and dark.

    The adults have one texture for clothes and hands, with the upper clothes
    in its upper half (v > 0.5): only that half takes the dye.
    """
    for material in thing.data.materials:
        if not material or material.get("base") not in MODELS[model_name].paint:
            continue
        shader = principled(material)
        if shader is None or not shader.inputs["Base Color"].links:
            continue
        tree = material.node_tree
        texture = shader.inputs["Base Color"].links[0].from_socket
        pixels = np.array(texture.node.image.pixels[:], np.float32).reshape(-1, 4)
        upper = pixels[len(pixels) // 2:, :3].mean(1)
        grey = tree.nodes.new("ShaderNodeRGBToBW")
        tree.links.new(texture, grey.inputs[0])
        gain = tree.nodes.new("ShaderNodeMath")
        gain.operation = "MULTIPLY"
        gain.use_clamp = True
        # Image pixels are sRGB-coded, the node works on linear light: ^2.2 between.
        gain.inputs[1].default_value = 0.8 / max(float((upper ** 2.2).mean()), 0.02)
        tree.links.new(grey.outputs[0], gain.inputs[0])
        dyed = tree.nodes.new("ShaderNodeMixRGB")
        dyed.inputs[1].default_value = (0, 0, 0, 1)
        dyed.inputs[2].default_value = (*colour, 1)
        tree.links.new(gain.outputs[0], dyed.inputs[0])
        choose = tree.nodes.new("ShaderNodeMixRGB")
        tree.links.new(texture, choose.inputs[1])
        tree.links.new(dyed.outputs[0], choose.inputs[2])
        if material.get("base") == "1":
            coordinates = tree.nodes.new("ShaderNodeUVMap")
            split = tree.nodes.new("ShaderNodeSeparateXYZ")
            above = tree.nodes.new("ShaderNodeMath")
            above.operation = "GREATER_THAN"
            above.inputs[1].default_value = 0.5
            tree.links.new(coordinates.outputs[0], split.inputs[0])
            tree.links.new(split.outputs[1], above.inputs[0])
            tree.links.new(above.outputs[0], choose.inputs[0])
        else:
            choose.inputs[0].default_value = 1.0
        tree.links.new(choose.outputs[0], shader.inputs["Base Color"])
