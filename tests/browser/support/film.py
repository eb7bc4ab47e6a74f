"""A film of printed labels, as a phone held in a hand sees them, one after the other: moving, slightly turned, slightly
blurred, unevenly lit. Between two of them the phone sees none.

python3 film.py FILM.mjpeg LABEL.png [LABEL.png ...]
"""

import io
import math
import sys

from PIL import Image, ImageChops, ImageFilter

SIZE = (1280, 720)
FRAMES = 40
BETWEEN = 15

light = Image.linear_gradient("L").resize(SIZE).point(lambda value: 150 + value * 80 // 255)
light = Image.merge("RGB", (light, light, light))


def seen(label, number):
    turn = 2 * math.pi * number / FRAMES
    frame = Image.new("RGB", SIZE, (150, 120, 90))
    turned = label.rotate(9 * math.sin(turn), expand=True, resample=Image.BICUBIC)
    left = (SIZE[0] - turned.width) // 2 + round(50 * math.sin(turn))
    top = (SIZE[1] - turned.height) // 2 + round(40 * math.cos(turn))
    frame.paste(turned, (left, top), turned)
    return ImageChops.multiply(frame, light).filter(ImageFilter.GaussianBlur(1.2 + 0.6 * math.sin(2 * turn)))


with open(sys.argv[1], "wb") as film:

    def show(frame):
        picture = io.BytesIO()
        frame.save(picture, "JPEG", quality=80)
        film.write(picture.getvalue())

    labels = sys.argv[2:]
    for name in labels:
        label = Image.open(name).convert("RGBA")
        scale = 560 / max(label.size)
        label = label.resize((round(label.width * scale), round(label.height * scale)), Image.LANCZOS)
        for number in range(FRAMES):
            show(seen(label, number))
        if len(labels) > 1:
            for _ in range(BETWEEN):
                show(Image.new("RGB", SIZE, (110, 90, 70)))
