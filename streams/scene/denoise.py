"""Open Image Denoise through ctypes: Debian's Blender is built without it.

The library comes with the PyPI package `pyoidn` (or any other installation);
with it 5 samples per pixel look cleaner than 60 without. It runs in a process
of its own, because its threading library and Blender's do not get along in one.
"""

import ctypes
import glob
import os
import shutil
import subprocess
import sys

import numpy as np

_FLOAT3, _CPU = 3, 1


class _Filter:
    """One filter for one picture size; the colour is high-dynamic-range and linear."""

    def __init__(self, library, width, height):
        if os.path.isdir(library):
            found = sorted(glob.glob(os.path.join(library, "**", "libOpenImageDenoise.so.2"), recursive=True))
            if not found:
                raise SystemExit(f"no libOpenImageDenoise.so.2 below {library}")
            library = found[0]
        self._api = api = ctypes.CDLL(library)
        for name in ("oidnNewDevice", "oidnNewFilter"):
            getattr(api, name).restype = ctypes.c_void_p
        api.oidnNewFilter.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
        for name in ("oidnCommitDevice", "oidnCommitFilter", "oidnExecuteFilter"):
            getattr(api, name).argtypes = [ctypes.c_void_p]
            getattr(api, name).restype = None
        api.oidnSetFilterBool.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_bool]
        api.oidnGetDeviceError.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_char_p)]
        size = ctypes.c_size_t
        api.oidnSetSharedFilterImage.argtypes = [
            ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, size, size, size, size, size]
        self._device = api.oidnNewDevice(_CPU)
        api.oidnCommitDevice(self._device)
        self._filter = api.oidnNewFilter(self._device, b"RT")
        self._images = {name: np.zeros((height, width, 3), np.float32)
                        for name in ("color", "albedo", "normal", "output")}
        for name, image in self._images.items():
            api.oidnSetSharedFilterImage(self._filter, name.encode(), image.ctypes.data, _FLOAT3, width, height, 0, 0, 0)
        api.oidnSetFilterBool(self._filter, b"hdr", True)
        api.oidnCommitFilter(self._filter)

    def run(self, read):
        """The denoised picture; `read` fills one input array after the other."""
        for name in ("color", "albedo", "normal"):
            read(self._images[name])
        self._api.oidnExecuteFilter(self._filter)
        message = ctypes.c_char_p()
        if self._api.oidnGetDeviceError(self._device, ctypes.byref(message)):
            raise RuntimeError(f"denoising failed: {message.value.decode()}")
        return self._images["output"]


class Denoiser:
    """Denoises pictures of one size in a helper process."""

    def __init__(self, library, width, height):
        self._shape = (height, width, 3)
        python = shutil.which("python3")
        if not python:
            raise SystemExit("python3 is missing: the denoiser needs it")
        self._worker = subprocess.Popen(
            [python, os.path.abspath(__file__), library, str(width), str(height)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, colour, albedo, normal):
        """The denoised picture; all are (height, width, 3) float arrays."""
        for values in (colour, albedo, normal):
            self._worker.stdin.write(np.ascontiguousarray(values, np.float32).tobytes())
        self._worker.stdin.flush()
        wanted = int(np.prod(self._shape)) * 4
        data = self._worker.stdout.read(wanted)
        if len(data) != wanted:
            raise SystemExit("the denoiser ended early; its message is above")
        return np.frombuffer(data, np.float32).reshape(self._shape)


def _serve(library, width, height):
    """Until the input ends: colour, albedo and normal in, the denoised picture out."""
    work = _Filter(library, width, height)
    source, sink = sys.stdin.buffer, sys.stdout.buffer

    def read(image):
        data = source.read(image.nbytes)
        if len(data) != image.nbytes:
            sys.exit(0)
        image[:] = np.frombuffer(data, np.float32).reshape(image.shape)

    while True:
        sink.write(work.run(read).tobytes())
        sink.flush()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
