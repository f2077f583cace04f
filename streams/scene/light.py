"""Day, dusk, night: what the sun, the sky, the lamps and the exposure do."""

import math

import bpy

LIGHTS = ("day-dusk", "day", "dusk", "night", "overcast")


def level_at(light, progress):
    """Daylight from 1 (day) to 0 (night) at a point of the clip (0–1)."""
    if light != "day-dusk":
        return {"day": 1.0, "overcast": 0.8, "dusk": 0.25, "night": 0.0}[light]
    fall = min(max((progress - 0.3) / 0.6, 0.0), 1.0)
    return 1.0 - 0.74 * fall * fall * (3 - 2 * fall)


def _mix(dark, bright, share):
    return tuple(d + (b - d) * share for d, b in zip(dark, bright))


class Sky:
    """Sun, sky and switchable lamps of a built Place."""

    def __init__(self, light, place):
        self.light, self.place = light, place
        self.sun = bpy.data.lights.new("sun", "SUN")
        self.sun_object = bpy.data.objects.new("sun", self.sun)
        bpy.context.scene.collection.objects.link(self.sun_object)
        self.sun.angle = math.radians(25 if light == "overcast" else 1.5)
        world = bpy.context.scene.world or bpy.data.worlds.new("world")
        bpy.context.scene.world = world
        world.use_nodes = True
        world.cycles.sampling_method = "MANUAL"  # a smooth sky needs no fine importance map
        world.cycles.sample_map_resolution = 64
        tree = world.node_tree
        self.background = tree.nodes["Background"]
        # The sky is brighter towards the horizon; without this bodywork looks flat.
        place_node = tree.nodes.new("ShaderNodeTexCoord")
        split = tree.nodes.new("ShaderNodeSeparateXYZ")
        self.ramp = tree.nodes.new("ShaderNodeValToRGB")
        tree.links.new(place_node.outputs["Generated"], split.inputs[0])
        tree.links.new(split.outputs[2], self.ramp.inputs[0])
        tree.links.new(self.ramp.outputs[0], self.background.inputs[0])

    def set(self, level, vehicle_lights):
        """Lights the scene for a daylight level; `vehicle_lights` are (material, strength)."""
        overcast = self.light == "overcast"
        night = min(max((0.55 - level) / 0.3, 0.0), 1.0)  # lamps come on over this span
        elevation = math.radians(10 + 32 * level)
        azimuth = math.radians(-38)  # behind the camera, from the left: people are lit from the front
        self.sun_object.rotation_euler = (math.pi / 2 - elevation, 0, azimuth)
        self.sun.color = _mix((1.0, 0.55, 0.32), (1.0, 0.94, 0.84), level)
        self.sun.energy = (0.4 if overcast else 3.6) * max(level - 0.08, 0.0) ** 1.25
        zenith = _mix((0.035, 0.06, 0.16), (0.27, 0.46, 0.86), level)
        horizon = _mix((0.16, 0.13, 0.18), (0.75, 0.84, 0.95), level)
        if overcast:
            zenith = horizon = (0.75, 0.79, 0.84)
        self.ramp.color_ramp.elements[0].color = (*horizon, 1)
        self.ramp.color_ramp.elements[1].color = (*zenith, 1)
        self.background.inputs[1].default_value = 0.12 + (1.0 if overcast else 0.78) * level
        for material, strength in self.place.glowing:
            _glow(material, strength * night)
        for material, strength in vehicle_lights:
            _glow(material, strength * night)
        for lamp, watts in self.place.lamps:
            lamp.energy = watts * night
        # A camera's automatic exposure takes back part of what the day loses.
        bpy.context.scene.view_settings.exposure = 0.25 + 1.6 * (1 - level) ** 1.2


def _glow(material, strength):
    for node in material.node_tree.nodes:
        if node.type == "BSDF_PRINCIPLED":
            node.inputs["Emission Strength"].default_value = strength
