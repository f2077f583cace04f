"""Ground truth of a frame: masks, boxes and visibility from the renderer's object ids."""

import numpy as np

MARGIN = 1  # silhouettes are followed this many frame sizes beyond each edge
MIN_HEIGHT_PX = 8  # what is smaller is not recorded


def rle(mask):
    """COCO's compressed run-length string of a boolean mask, column by column."""
    flat = np.concatenate([[False], mask.ravel(order="F"), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    counts = np.diff(np.concatenate([[0], edges, [mask.size]]))
    if len(edges) and edges[-1] == mask.size:
        counts = counts[:-1]
    return {"size": list(mask.shape), "counts": _compress(counts.tolist())}


def _compress(counts):
    """Counts as 6-bit characters; from the third on, as the change from two before."""
    out = []
    for i, count in enumerate(counts):
        value = count - counts[i - 2] if i > 2 else count
        while True:
            bits = value & 0x1F
            value >>= 5
            more = value != -1 if bits & 0x10 else value != 0
            out.append(chr((bits | 0x20 if more else bits) + 48))
            if not more:
                break
    return "".join(out)


def box_of(mask, x0=0, y0=0):
    """[x1, y1, x2, y2] around the set pixels, x2 and y2 exclusive; None if empty."""
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    if not len(columns):
        return None
    return [int(columns[0]) + x0, int(rows[0]) + y0, int(columns[-1]) + 1 + x0, int(rows[-1]) + 1 + y0]


class Projector:
    """Projects world points and fills silhouettes for one fixed camera."""

    def __init__(self, camera, width, height):
        self.width, self.height = width, height
        matrix = np.array(camera.matrix_world.inverted())
        self.rotation, self.offset = matrix[:3, :3], matrix[:3, 3]
        self.focal_px = camera.data.lens / camera.data.sensor_width * width

    def pixels(self, points):
        """(n, 2) pixel positions and (n,) distances along the optical axis."""
        local = points @ self.rotation.T + self.offset
        depth = -local[:, 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            x = self.width / 2 + self.focal_px * local[:, 0] / depth
            y = self.height / 2 - self.focal_px * local[:, 1] / depth
        return np.stack([x, y], 1), depth

    def silhouette(self, points, triangles):
        """The whole shape as if nothing stood before it: (mask, left, top).

        All triangles are cut into pixel rows at once; on each row a triangle is
        a span, and the shape is where more spans have begun than ended.
        """
        xy, depth = self.pixels(points)
        corners = xy[triangles[(depth[triangles] > 0.3).all(1)]]
        if not len(corners):
            return None
        low = np.floor(np.maximum(corners.min((0, 1)), (-MARGIN * self.width, -MARGIN * self.height))).astype(int)
        high = np.ceil(np.minimum(corners.max((0, 1)), ((1 + MARGIN) * self.width, (1 + MARGIN) * self.height))).astype(int)
        width, height = high - low
        if width < 1 or height < 1:
            return None
        corners = corners - low
        first = np.clip(np.ceil(corners[:, :, 1].min(1) - 0.5), 0, height).astype(int)
        last = np.clip(np.floor(corners[:, :, 1].max(1) - 0.5), -1, height - 1).astype(int)
        rows = np.maximum(last - first + 1, 0)
        which = np.repeat(np.arange(len(corners)), rows)
        row = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(rows) - rows, rows)
        begin, end = np.full(len(which), np.inf), np.full(len(which), -np.inf)
        for a, b in ((0, 1), (1, 2), (2, 0)):
            (ax, ay), (bx, by) = corners[which, a].T, corners[which, b].T
            with np.errstate(divide="ignore", invalid="ignore"):
                share = (row + 0.5 - ay) / (by - ay)
            x = ax + share * (bx - ax)
            hit = (share >= 0) & (share <= 1)
            begin = np.where(hit, np.minimum(begin, x), begin)
            end = np.where(hit, np.maximum(end, x), end)
        real = begin <= end
        begin = np.clip(np.ceil(begin[real] - 0.5), 0, width).astype(int)
        end = np.clip(np.floor(end[real] - 0.5) + 1, 0, width).astype(int)
        line = row[real] * (width + 1)
        keep = begin < end
        size = height * (width + 1)
        changes = (np.bincount(line[keep] + begin[keep], minlength=size)
                   - np.bincount(line[keep] + end[keep], minlength=size))
        return np.cumsum(changes.reshape(height, width + 1), 1)[:, :width] > 0, int(low[0]), int(low[1])

    def object_truth(self, actor, ids, silhouette):
        """The truth record of one actor, or None when no part of it can be in the frame."""
        if silhouette is None:
            return None
        shape, left, top = silhouette
        mask = ids == actor.track
        amodal = box_of(shape, left, top)
        seen = box_of(mask)
        if amodal is None or (seen is None and (amodal[2] <= 0 or amodal[3] <= 0 or amodal[0] >= self.width
                                                or amodal[1] >= self.height)):
            return None
        if amodal[3] - amodal[1] < MIN_HEIGHT_PX:
            return None
        if seen:  # rounding must not make the visible part stick out of the whole
            amodal = [min(amodal[0], seen[0]), min(amodal[1], seen[1]), max(amodal[2], seen[2]), max(amodal[3], seen[3])]
        whole = max(int(shape.sum()), 1)
        record = {"track": actor.track, "label": actor.label, "box": seen, "amodalBox": amodal,
                  "visibility": round(min(float(mask.sum()) / whole, 1.0), 3)}
        if seen:
            record["mask"] = rle(mask)
        return record
