"""Reads a PWG Raster file as CUPS does, by its own library: a line of facts for each page, and each page as PNG beside it."""

import ctypes
import os
import struct
import sys

from PIL import Image

HEADER = 1796

cups = ctypes.CDLL("libcups.so.2")
cups.cupsRasterOpen.restype = ctypes.c_void_p
cups.cupsRasterReadHeader2.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
cups.cupsRasterReadPixels.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint]

name = sys.argv[1]
raster = cups.cupsRasterOpen(os.open(name, os.O_RDONLY), 0)
page = 0
header = ctypes.create_string_buffer(HEADER)
while cups.cupsRasterReadHeader2(raster, header):
    number = lambda at: struct.unpack_from("I", header.raw, at)[0]
    text = lambda at: header.raw[at : at + 64].split(b"\0")[0].decode()
    width, height, bytes_per_line = number(372), number(376), number(392)
    print(text(0), text(1732), number(276), number(280), width, height, number(388), number(400))
    line = ctypes.create_string_buffer(bytes_per_line)
    picture = bytearray()
    for _ in range(height):
        assert cups.cupsRasterReadPixels(raster, line, bytes_per_line) == bytes_per_line, "the page was cut off"
        picture += line.raw
    Image.frombytes("L", (width, height), bytes(picture)).save(f"{name}-{page}.png")
    page += 1
