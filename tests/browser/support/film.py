"""A film of a printed label, as a phone held in a hand sees it: moving, slightly turned, slightly blurred, unevenly lit.

python3 film.py LABEL.png FILM.mjpeg
"""

import io
import math
import sys

from PIL import Image, ImageChops, ImageFilter

SIZE = (1280, 720)
FRAMES = 40

label = Image.open(sys.argv[1]).convert("RGB")
scale = 560 / max(label.size)
label = label.resize((round(label.width * scale), round(label.height * scale)), Image.LANCZOS)
light = Image.linear_gradient("L").resize(SIZE).point(lambda value: 150 + value * 80 // 255)
light = Image.merge("RGB", (light, light, light))

with open(sys.argv[2], "wb") as film:
    for number in range(FRAMES):
        turn = 2 * math.pi * number / FRAMES
        frame = Image.new("RGB", SIZE, (150, 120, 90))
        turned = label.convert("RGBA").rotate(9 * math.sin(turn), expand=True, resample=Image.BICUBIC)
        left = (SIZE[0] - turned.width) // 2 + round(50 * math.sin(turn))
        top = (SIZE[1] - turned.height) // 2 + round(40 * math.cos(turn))
        frame.paste(turned, (left, top), turned)
        frame = ImageChops.multiply(frame, light).filter(ImageFilter.GaussianBlur(1.2 + 0.6 * math.sin(2 * turn)))
        picture = io.BytesIO()
        frame.save(picture, "JPEG", quality=80)
        film.write(picture.getvalue())
