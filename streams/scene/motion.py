"""Who moves where, and when: a programme of 32 s that repeats, dealt by the seed.

The fixed points of the story (the car that stops at the zebra crossing and
shows its plate, the walker who vanishes behind the van) are in every seed;
models, colours, paces and small shifts in time differ.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from layout import KERB_M

PERIOD_S = 32.0
PLATE_TEXT = "SL 2026"

ADULTS = ("female01", "male01", "female03", "male03", "male02")
CHILDREN = ("boyStanding",)
CARS = ("renault-scenic", "suv", "seat_leon", "smart-car", "fordFocus")
PLATE_CAR = "fordFocus"

# Linear RGB; saturated enough to tell people and cars apart by their colour.
DYES = ((0.55, 0.04, 0.03), (0.03, 0.10, 0.50), (0.60, 0.42, 0.04), (0.03, 0.30, 0.10),
        (0.55, 0.55, 0.52), (0.35, 0.05, 0.30), (0.02, 0.28, 0.34), (0.60, 0.20, 0.03))
PAINTS = ((0.45, 0.02, 0.02), (0.02, 0.07, 0.30), (0.55, 0.55, 0.57), (0.03, 0.03, 0.035),
          (0.03, 0.20, 0.08), (0.60, 0.36, 0.02), (0.22, 0.24, 0.27))
VAN_RED = (0.45, 0.03, 0.02)
AS_IT_IS = ()  # the model's own colours


@dataclass
class Pose:
    """Where an actor is; heading 0 faces -Y (the camera), counter-clockwise."""

    x: float
    y: float
    z: float
    heading: float
    travelled_m: float = 0.0  # drives the legs
    moving: float = 0.0  # 0 standing, 1 walking


@dataclass
class Actor:
    """One track: a person or a vehicle, with its pose as a function of time."""

    track: int
    model: str
    label: str
    pose: object  # seconds -> Pose, or None while it is not in the scene
    colour: tuple = None
    scale: float = 1.0
    plate: str = ""
    parked: bool = False


def walker(start_s, pace, points, height=KERB_M):
    """Walks along `points` at `pace` m/s; in the scene only between first and last."""
    points = np.array(points, float)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])

    def at(distance):
        return np.array([np.interp(distance, along, points[:, i]) for i in (0, 1)])

    def pose(t):
        distance = (t - start_s) * pace
        if not 0 <= distance <= along[-1]:
            return None
        # The heading looks half a pace ahead and behind, which rounds the corners.
        ahead, behind = at(min(distance + 0.5, along[-1])), at(max(distance - 0.5, 0))
        x, y = (ahead + behind) / 2
        z = height if not on_road(x, y) else 0.0
        return Pose(x, y, z, _heading(*(ahead - behind)), distance, 1.0)

    return pose


def stander(x, y, heading_deg, start_s=-1e9, end_s=1e9):
    """Stands and talks: shifts its weight and turns a little."""
    def pose(t):
        if not start_s <= t <= end_s:
            return None
        turn = 9 * math.sin(0.7 * t + x * 5) + 4 * math.sin(1.9 * t + y)
        return Pose(x + 0.03 * math.sin(0.6 * t + y), y, KERB_M, math.radians(heading_deg + turn))

    return pose


def on_road(x, y):
    """Whether a walker at this point is on a carriageway rather than a pavement."""
    from layout import CROSS_FAR_M, CROSS_NEAR_M, ROAD_LEFT_M, ROAD_RIGHT_M
    return ROAD_LEFT_M < x < ROAD_RIGHT_M or CROSS_NEAR_M < y < CROSS_FAR_M


def driver(through_s, speed, point, direction, reach_m=45.0):
    """Drives straight through `point` at time `through_s`."""
    def pose(t):
        s = (t - through_s) * speed
        if abs(s) > reach_m:
            return None
        return Pose(point[0] + direction[0] * s, point[1] + direction[1] * s, 0.0, _heading(*direction))

    return pose


def stopping_driver(start_s, go_s, speed, x, from_y, stop_y, end_y):
    """Comes towards the camera, brakes to a stop, waits, and drives on."""
    braking, pulling = 2.0, 1.0
    brake_m = speed * speed / (2 * braking)
    cruise_s = (from_y - stop_y - brake_m) / speed
    stopped_s = start_s + cruise_s + speed / braking
    if stopped_s > go_s:
        raise ValueError(f"the car stops at {stopped_s:.1f} s, after it should drive on at {go_s:.1f} s")

    def pose(t):
        if t < start_s:
            return None
        if t < start_s + cruise_s:
            y = from_y - (t - start_s) * speed
        elif t < stopped_s:
            y = stop_y + braking * (stopped_s - t) ** 2 / 2
        elif t < go_s:
            y = stop_y
        else:
            y = stop_y - pulling * (t - go_s) ** 2 / 2
        return Pose(x, y, 0.0, 0.0) if y > end_y else None

    return pose


def _heading(dx, dy):
    return math.atan2(dx, -dy)


@dataclass
class _Deck:
    """Deals without repeats until everything has been dealt once."""

    rng: object
    cards: tuple
    hand: list = field(default_factory=list)

    def deal(self):
        if not self.hand:
            self.hand = [self.cards[i] for i in self.rng.permutation(len(self.cards))]
        return self.hand.pop()


def programme(rng, seconds):
    """All actors of a clip of that length."""
    actors = []
    adults, children = _Deck(rng, ADULTS), _Deck(rng, CHILDREN)
    cars, dyes, paints = _Deck(rng, CARS), _Deck(rng, DYES), _Deck(rng, PAINTS)

    def shift(most=0.3):
        return float(rng.uniform(-most, most))

    def person(pose, child=False):
        actors.append(Actor(
            len(actors) + 1, (children if child else adults).deal(), "person", pose,
            colour=dyes.deal() if rng.random() < 0.7 else None, scale=float(rng.uniform(0.96, 1.04))))

    def vehicle(model, label, pose, plate="", colour=None):
        actors.append(Actor(len(actors) + 1, model, label, pose, plate=plate, parked=colour is not None,
                            colour=colour or paints.deal()))

    vehicle("van", "truck", lambda t: Pose(-2.9, 15.6, KERB_M, math.radians(4)), colour=VAN_RED)
    vehicle("yamaha-yzr-r6", "motorcycle", lambda t: Pose(7.6, 16.6, KERB_M, math.radians(-35)), colour=AS_IT_IS)
    person(stander(-4.75, 11.0, 65))
    person(stander(-4.0, 11.25, -80))

    for begin in np.arange(0, seconds, PERIOD_S):
        # The near zebra crossing, first while the plate car waits …
        person(walker(begin + 1.6 + shift(), 1.30 + shift(0.06), [(-4.6, 9.3), (0, 10.4), (8, 10.4)]))
        person(walker(begin + 3.6 + shift(), 1.35 + shift(0.06), [(8, 9.7), (0, 9.7), (-7, 9.4)]))
        person(walker(begin + 5.6 + shift(), 1.25 + shift(0.06), [(-0.2, 18.4), (-0.4, 11.0), (1.0, 10.3), (8, 10.2)]))
        # … and again, a grown-up with a child, before the second car comes.
        pace, start = 1.25 + shift(0.05), begin + 18.4 + shift(0.2)
        person(walker(start, pace, [(8.0, 10.6), (0, 10.6), (-3.3, 8.9), (-5, 7)]))
        person(walker(start + 0.5, pace, [(8.0, 9.9), (0, 9.9), (-3.6, 8.2), (-5.3, 6.4)]), child=True)
        # Behind the van: hidden wholly for about two seconds.
        person(walker(begin + 12.6 + shift(), 1.60 + shift(0.05), [(-11, 19.1), (9.5, 19.1)]))
        # Across the plaza, away from the camera and towards it.
        person(walker(begin + 14.5 + shift(), 1.3 + shift(0.05), [(-6.5, 9.0), (-1.6, 10.4), (-0.5, 12.2), (-0.2, 20.2)]))
        person(walker(begin + 24.3 + shift(), 1.3 + shift(0.05), [(-6.8, 9.0), (-1.4, 10.2), (-0.6, 12.2), (-0.2, 20.2)]))
        person(walker(begin + 10.5 + shift(), 1.2 + shift(0.05), [(-1.2, 6.5), (-0.6, 10.5), (-0.35, 18.9), (-0.2, 21)]))
        person(walker(begin + 23.5 + shift(0.2), 1.3 + shift(0.05), [(-0.2, 18.9), (-0.6, 11), (-2.2, 6)]))

        vehicle(PLATE_CAR, "car", stopping_driver(begin + 0.3, begin + 13.2, 7.5, 1.9, 58, 15.2, 4.2), plate=PLATE_TEXT)
        vehicle(cars.deal(), "car", driver(begin + 1.4 + shift(0.2), 7.0, (0, 22), (1, 0)))
        vehicle(cars.deal(), "car", driver(begin + 10.0 + shift(), 6.5, (0, 22), (1, 0)))
        vehicle("truck", "truck", driver(begin + 12.6 + shift(), 6.0, (0, 25), (-1, 0)))
        vehicle(cars.deal(), "car", driver(begin + 17.0 + shift(0.2), 6.5, (4.8, 10), (0, 1), 60))
        vehicle("cityBus", "bus", driver(begin + 22.2 + shift(0.2), 6.0, (0, 22.2), (1, 0)))
        vehicle(cars.deal(), "car", driver(begin + 28.1 + shift(0.2), 7.0, (1.9, 10), (0, -1), 58))
        vehicle(cars.deal(), "car", driver(begin + 30.4 + shift(0.2), 7.0, (0, 22), (1, 0)))
    return actors


class Legs:
    """Bends a standing figure's legs so that it walks: it has no skeleton.

    Each leg swings about the hip and its lower half also bends at the knee.
    Which leg a point belongs to is read from the mesh: cut below the crotch, it
    falls apart into legs. What spans both (a skirt, a coat) follows smoothly.
    """

    def __init__(self, rest, triangles):
        self.rest = rest  # (n, 3) metres, facing -Y
        self.height = height = float(rest[:, 2].max())
        self.hip, self.knee = 0.52 * height, 0.28 * height
        for cut in np.arange(0.46, 0.2, -0.02) * height:
            legs = self._legs_below(cut, triangles)
            if legs:
                break
        else:
            raise ValueError("the figure's legs cannot be told apart")
        parts, cut = legs, float(cut)
        inner = [rest[p][rest[p][:, 2] > cut - 0.08 * height][:, 0] for p in parts]
        right, left = sorted(inner, key=lambda x: x.mean())
        self.middle = (right.max() + left.min()) / 2
        self.depth = rest[(rest[:, 2] > 0.44 * height) & (rest[:, 2] < 0.5 * height)][:, 1].mean()
        self.side = np.clip((rest[:, 0] - self.middle) / (0.04 * height), -1, 1)
        centres = [rest[p][:, 0].mean() for p in parts]
        for part in self._components(cut, triangles):
            x = rest[part][:, 0]
            if x.max() - x.min() < 0.17 * height or any(part is p for p in parts):
                nearest = int(np.argmin([abs(x.mean() - c) for c in centres]))
                self.side[part] = 1.0 if centres[nearest] == max(centres) else -1.0
        self.thigh = _smooth((self.hip - rest[:, 2]) / (0.10 * height))
        self.shin = _smooth((self.knee - rest[:, 2]) / (0.06 * height))

    def _components(self, cut, triangles):
        """Index arrays of the connected pieces of the mesh below a height."""
        below = self.rest[:, 2] < cut
        faces = triangles[below[triangles].all(1)]
        label = np.arange(len(self.rest))
        while True:  # every point takes the smallest label around, until nothing changes
            least = label[faces].min(1)
            new = label.copy()
            for corner in range(3):
                np.minimum.at(new, faces[:, corner], least)
            new = new[new]
            if (new == label).all():
                break
            label = new
        used = np.unique(faces)
        return [used[label[used] == name] for name in np.unique(label[used])]

    def _legs_below(self, cut, triangles):
        """The two largest pieces if they are legs: narrow, side by side, long."""
        pieces = sorted(self._components(cut, triangles), key=len, reverse=True)
        legs = []
        for piece in pieces:
            low, high = self.rest[piece].min(0), self.rest[piece].max(0)
            if high[2] - low[2] > 0.12 * self.height and high[2] > 0.2 * self.height and high[0] - low[0] < 0.22 * self.height:
                legs.append(piece)
        if len(legs) < 2:
            return None
        first = legs[0]
        for second in legs[1:]:
            if abs(self.rest[first][:, 0].mean() - self.rest[second][:, 0].mean()) > 0.015 * self.height:
                return first, second
        return None

    def bent(self, travelled_m, moving):
        """The vertices after walking that far, and how much lower the hips are."""
        phase = 2 * math.pi * travelled_m / (0.80 * self.height)
        swing = math.radians(24) * math.sin(phase) * moving
        left = max(0.0, math.cos(phase)) * math.radians(42) * moving
        right = max(0.0, -math.cos(phase)) * math.radians(42) * moving
        out = self.rest.copy()
        bend = np.where(self.side > 0, left, right) * np.abs(self.side) * self.shin
        out = _pitch(out, bend, self.depth, self.knee)
        out = _pitch(out, -swing * self.side * self.thigh, self.depth, self.hip)
        # The lower foot of the two stands on the ground.
        out[:, 2] -= out[:, 2].min()
        return out


def _smooth(x):
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def _pitch(points, angle, y0, z0):
    """Turns each point by its own angle about the left-right axis through (y0, z0)."""
    cos, sin = np.cos(angle), np.sin(angle)
    y, z = points[:, 1] - y0, points[:, 2] - z0
    points = points.copy()
    points[:, 1] = y0 + y * cos - z * sin
    points[:, 2] = z0 + y * sin + z * cos
    return points
