"""The place: a street that runs away from the camera, a cross street, a plaza.

Metres; x to the right, y away from the camera, z up. The camera stands on a
pole at the origin. The near street lies at x 0.3–6.3, the cross street at
y 20.5–26.5; left of the near street is the plaza with the van's loading bay.
"""

import math

import bpy

from catalog import principled

CAMERA_HEIGHT_M = 4.0
CAMERA_PITCH_DEG = 12.0
CAMERA_YAW_DEG = 1.8
FOCAL_LENGTH_MM = 41.0  # on a 36 mm wide sensor

ROAD_LEFT_M, ROAD_RIGHT_M = 0.3, 6.3
CROSS_NEAR_M, CROSS_FAR_M = 20.5, 26.5
FACADE_M = 30.0
KERB_M = 0.12  # height of the pavement above the road

SIGN_TEXT = "SIGHTLINE PLAZA"


def colour_material(name, colour, roughness=0.8, emission=None):
    """A plain material; `emission` is its glow colour, off until dusk."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    shader = principled(material)
    shader.inputs["Base Color"].default_value = (*colour, 1)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Specular"].default_value = 0.3
    if emission:
        shader.inputs["Emission"].default_value = (*emission, 1)
        shader.inputs["Emission Strength"].default_value = 0.0
        # The lamps light the street; sampling every pane as well only adds noise.
        material.cycles.sample_as_light = False
    return material


def noisy_material(name, dark, light, scale, roughness=0.9, fine_scale=60.0):
    """Two colours mixed by coarse and fine noise: asphalt, grass, plaster."""
    material = colour_material(name, light, roughness)
    tree, shader = material.node_tree, principled(material)
    place = tree.nodes.new("ShaderNodeTexCoord")
    colour = None
    for grain, low, high in ((scale, dark, light), (fine_scale, (0.75,) * 3, (1.15,) * 3)):
        noise = tree.nodes.new("ShaderNodeTexNoise")
        noise.inputs["Scale"].default_value = grain
        noise.inputs["Detail"].default_value = 4
        tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
        ramp = tree.nodes.new("ShaderNodeValToRGB")
        ramp.color_ramp.elements[0].position = 0.3
        ramp.color_ramp.elements[1].position = 0.7
        ramp.color_ramp.elements[0].color = (*low, 1)
        ramp.color_ramp.elements[1].color = (*high, 1)
        tree.links.new(noise.outputs["Fac"], ramp.inputs["Fac"])
        if colour is None:
            colour = ramp.outputs["Color"]
        else:
            multiply = tree.nodes.new("ShaderNodeMixRGB")
            multiply.blend_type = "MULTIPLY"
            multiply.inputs[0].default_value = 1.0
            tree.links.new(colour, multiply.inputs[1])
            tree.links.new(ramp.outputs["Color"], multiply.inputs[2])
            colour = multiply.outputs["Color"]
    tree.links.new(colour, shader.inputs["Base Color"])
    return material


def brick_material(name, first, second, mortar, width_m, height_m, upright=False):
    """Tiles or bricks, laid flat or (upright) on a wall that faces the camera."""
    material = colour_material(name, first, 0.85)
    tree, shader = material.node_tree, principled(material)
    place = tree.nodes.new("ShaderNodeTexCoord")
    brick = tree.nodes.new("ShaderNodeTexBrick")
    brick.inputs["Color1"].default_value = (*first, 1)
    brick.inputs["Color2"].default_value = (*second, 1)
    brick.inputs["Mortar"].default_value = (*mortar, 1)
    brick.inputs["Scale"].default_value = 1.0
    brick.inputs["Brick Width"].default_value = width_m
    brick.inputs["Row Height"].default_value = height_m
    brick.inputs["Mortar Size"].default_value = min(width_m, height_m) * 0.035
    if upright:
        turn = tree.nodes.new("ShaderNodeMapping")
        turn.inputs["Rotation"].default_value = (math.radians(-90), 0, 0)
        tree.links.new(place.outputs["Object"], turn.inputs["Vector"])
        tree.links.new(turn.outputs["Vector"], brick.inputs["Vector"])
    else:
        tree.links.new(place.outputs["Object"], brick.inputs["Vector"])
    tree.links.new(brick.outputs["Color"], shader.inputs["Base Color"])
    return material


def box(name, low, high, material):
    """An axis-aligned box whose object space is the world's, so textures line up."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    corners = [(x, y, z) for z in (z0, z1) for y in (y0, y1) for x in (x0, x1)]
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], faces)
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def text(name, body, letter_height_m, material):
    """Flat text, standing upright and facing -Y, centred on its origin."""
    curve = bpy.data.curves.new(name, "FONT")
    curve.body = body
    curve.size = letter_height_m / 0.729  # the built-in font's capitals are 0.729 of its size
    curve.align_x, curve.align_y = "CENTER", "CENTER"
    curve.extrude = 0.004
    curve.materials.append(material)
    thing = bpy.data.objects.new(name, curve)
    bpy.context.scene.collection.objects.link(thing)
    return thing


class Place:
    """Builds the static scene and keeps what the light must switch."""

    def __init__(self, catalog, rng):
        self.catalog, self.rng = catalog, rng
        self.glowing = []  # (material, strength when it is dark)
        self.lamps = []  # (light datablock, watts when it is dark)
        self.sign_corners = []
        self._ground()
        self._markings()
        self._buildings()
        self._sign()
        self._furniture()
        self.camera = self._camera()

    def _camera(self):
        data = bpy.data.cameras.new("camera")
        data.lens, data.sensor_width = FOCAL_LENGTH_MM, 36.0
        camera = bpy.data.objects.new("camera", data)
        camera.location = (0, 0, CAMERA_HEIGHT_M)
        camera.rotation_euler = (math.radians(90 - CAMERA_PITCH_DEG), 0, math.radians(CAMERA_YAW_DEG))
        bpy.context.scene.collection.objects.link(camera)
        bpy.context.scene.camera = camera
        return camera

    def _ground(self):
        asphalt = noisy_material("asphalt", (0.045, 0.046, 0.05), (0.085, 0.085, 0.088), 0.5)
        tiles = brick_material("tiles", (0.34, 0.31, 0.27), (0.27, 0.245, 0.215), (0.16, 0.15, 0.14), 0.6, 0.4)
        kerb = noisy_material("kerb", (0.35, 0.35, 0.34), (0.48, 0.47, 0.45), 3.0)
        grass = noisy_material("grass", (0.05, 0.09, 0.02), (0.10, 0.16, 0.045), 2.0)
        box("road", (-60, -10, -0.3), (60, 90, 0.0), asphalt)
        left, right, near, far, h = ROAD_LEFT_M, ROAD_RIGHT_M, CROSS_NEAR_M, CROSS_FAR_M, KERB_M
        for name, x0, x1, y0, y1 in (
                ("plaza", -40, left, -10, near), ("right pavement", right, 40, -10, near),
                ("far left", -40, left, far, 90), ("far right", right, 40, far, 90)):
            # A little short of the kerb's outer face: two faces in one place flicker.
            box(name, (x0 + 0.05 * (x0 == right), y0 + 0.05 * (y0 == far), -0.2),
                (x1 - 0.05 * (x1 == left), y1 - 0.05 * (y1 == near), h), tiles)
            edge = left if x1 == left else right
            inward = -0.16 if x1 == left else 0.16
            box(name + " kerb", (min(edge, edge + inward), y0, -0.2),
                (max(edge, edge + inward), y1, h + 0.01), kerb)
            edge = near if y1 == near else far
            inward = -0.16 if y1 == near else 0.16
            box(name + " cross kerb", (x0, min(edge, edge + inward), -0.2),
                (x1, max(edge, edge + inward), h + 0.01), kerb)
        box("lawn", (-16, 13.2, 0), (-6.6, 17.4, h + 0.05), grass)

    def _markings(self):
        paint = noisy_material("road paint", (0.5, 0.5, 0.48), (0.72, 0.72, 0.7), 5.0)
        z = 0.006
        x = ROAD_LEFT_M + 0.35
        while x < ROAD_RIGHT_M - 0.4:  # stripes run along the street, people cross it
            box("zebra", (x, 8.6, -0.1), (x + 0.5, 11.4, z), paint)
            box("zebra far", (x, 18.0, -0.1), (x + 0.5, 20.0, z), paint)
            x += 1.0
        middle = (ROAD_LEFT_M + ROAD_RIGHT_M) / 2
        box("stop line", (ROAD_LEFT_M + 0.2, 12.2, -0.1), (middle - 0.1, 12.55, z), paint)
        for y in (13.2, 15.4, 28.0, 31.0, 34.0, 37.0, 40.0):
            box("dash", (middle - 0.06, y, -0.1), (middle + 0.06, y + 1.4, z), paint)
        for x in range(-30, 30, 4):
            if not -2 < x < 7:
                box("cross dash", (x, 23.44, -0.1), (x + 2, 23.56, z), paint)
        for x0, y0, x1, y1 in ((-4.6, 12.2, -4.5, 19), (-1.2, 12.2, -1.1, 19), (-4.6, 12.2, -1.1, 12.3)):
            box("bay", (x0, y0, 0), (x1, y1, KERB_M + z), paint)

    def _buildings(self):
        glass = colour_material("pane", (0.03, 0.04, 0.05), 0.1)
        principled(glass).inputs["Specular"].default_value = 0.6
        frame = colour_material("frame", (0.75, 0.74, 0.7))
        # Two kinds of lit room: not every window is lit in the evening.
        lit = colour_material("lit pane", (0.05, 0.055, 0.06), 0.12, emission=(1.0, 0.72, 0.4))
        shop = colour_material("shop pane", (0.06, 0.065, 0.07), 0.12, emission=(1.0, 0.82, 0.58))
        self.glowing += [(lit, 0.30), (shop, 0.26)]
        walls = [
            brick_material("red brick", (0.32, 0.12, 0.08), (0.25, 0.09, 0.06), (0.4, 0.37, 0.33), 0.5, 0.16, True),
            noisy_material("plaster", (0.55, 0.49, 0.38), (0.62, 0.56, 0.45), 0.6, fine_scale=25),
            brick_material("pale brick", (0.5, 0.42, 0.31), (0.43, 0.36, 0.27), (0.6, 0.57, 0.5), 0.5, 0.16, True),
            noisy_material("grey render", (0.30, 0.32, 0.34), (0.36, 0.38, 0.40), 0.6, fine_scale=25),
        ]
        fronts = [(-42, -13.2, 1), (-13, -2.2, 0), (8.6, 16.5, 2), (16.8, 42, 3)]
        for number, (x0, x1, wall) in enumerate(fronts):
            y = FACADE_M
            box(f"house {number}", (x0, y, 0), (x1, y + 12, 13), walls[wall])
            box(f"plinth {number}", (x0, y - 0.06, 0), (x1, y, 0.5), frame)
            x = x0 + 0.7
            while x + 2.2 < x1:
                box("shop window", (x, y - 0.05, 0.6), (x + 2.2, y - 0.01, 2.6), shop)
                box("shop frame", (x - 0.08, y - 0.09, 2.6), (x + 2.28, y, 2.75), frame)
                x += 2.7
            x = x0 + 0.8
            while x + 1.1 < x1:
                for floor in (4.9, 8.1):
                    pane = lit if self.rng.random() < 0.45 else glass
                    box("window", (x, y - 0.04, floor), (x + 1.1, y - 0.01, floor + 1.6), pane)
                    box("sill", (x - 0.08, y - 0.15, floor - 0.1), (x + 1.18, y, floor), frame)
                x += 2.1
        # The far street's two sides and its end, which close the view.
        for x0, x1, wall in ((-14, -2.2, 3), (8.6, 20, 1)):
            box("far house", (x0, 42.2, 0), (x1, 75, 12), walls[wall])
        box("end house", (-20, 80, 0), (30, 90, 15), walls[2])
        for x in range(-6, 14, 2):
            for floor in (2, 5, 8):
                box("end window", (x, 79.9, floor), (x + 1, 79.99, floor + 1.6), lit if self.rng.random() < 0.5 else glass)

    def _sign(self):
        board = colour_material("sign board", (0.02, 0.06, 0.16), 0.5, emission=(0.02, 0.06, 0.16))
        letters = colour_material("sign letters", (0.9, 0.88, 0.8), 0.5, emission=(1.0, 0.95, 0.85))
        self.glowing += [(board, 0.25), (letters, 0.45)]
        x0, x1, y, z0, z1 = -12.6, -2.5, FACADE_M - 0.35, 3.02, 4.4
        box("sign", (x0, y, z0), (x1, y + 0.3, z1), board)
        words = text("sign text", SIGN_TEXT, 0.74, letters)
        words.location = ((x0 + x1) / 2, y - 0.02, (z0 + z1) / 2)
        words.rotation_euler = (math.radians(90), 0, 0)
        self.sign_corners = [(x0, y, z1), (x1, y, z1), (x1, y, z0), (x0, y, z0)]

    def _furniture(self):
        place = self.catalog.place
        for name, x, y, turn, scale in (
                ("poplar", -8.6, 15.4, 20, 1.0), ("sycamoreMaple", -15.0, 28.3, 0, 0.9),
                ("sycamoreMaple", 11.2, 18.2, 140, 0.9), ("poplar", 12.6, 28.2, 80, 0.9),
                ("sycamoreMaple", -3.3, 44, 50, 1.0), ("poplar", 8.9, 46, 10, 1.0),
                ("poplar", -1.2, 62, 100, 1.1), ("sycamoreMaple", 8.0, 64, 10, 1.1)):
            place(name, (x, y, KERB_M), turn, scale)
        place("wood_bank", (-7.3, 12.6, KERB_M), 35)
        for x, y in ((-4.75, 12.1), (-1.0, 12.0)):
            place("cone", (x, y, KERB_M), scale=0.8)
        for x in (-9.5, -7.9):
            place("bush", (x, 16.6, KERB_M), x * 40, 0.7)
        iron = colour_material("iron", (0.03, 0.035, 0.035), 0.5)
        for x, y, reach in ((-9.2, 20.1, 0.9), (7.0, 15.5, -0.9), (-0.5, 27.2, 0.9), (7.2, 27.3, -0.9), (-10.8, 27.2, 0.9)):
            self._lamp(x, y, reach, iron)

    def _lamp(self, x, y, reach_m, iron):
        """A street lamp: a post, an arm over the road, a head with a warm light."""
        height = 5.2
        box("lamp post", (x - 0.05, y - 0.05, 0), (x + 0.05, y + 0.05, height), iron)
        box("lamp arm", (min(x, x + reach_m), y - 0.03, height - 0.06), (max(x, x + reach_m), y + 0.03, height), iron)
        bulb = colour_material("bulb", (0.9, 0.88, 0.8), 0.4, emission=(1.0, 0.78, 0.5))
        head_x = x + reach_m
        box("lamp head", (head_x - 0.22, y - 0.12, height - 0.1), (head_x + 0.22, y + 0.12, height), iron)
        box("lamp bulb", (head_x - 0.18, y - 0.1, height - 0.16), (head_x + 0.18, y + 0.1, height - 0.1), bulb)
        self.glowing.append((bulb, 5.0))
        light = bpy.data.lights.new("street lamp", "POINT")
        light.color = (1.0, 0.78, 0.52)
        light.shadow_soft_size = 0.25
        thing = bpy.data.objects.new("street lamp", light)
        thing.location = (head_x, y, height - 0.3)
        bpy.context.scene.collection.objects.link(thing)
        self.lamps.append((light, 170.0))
