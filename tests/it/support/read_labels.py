"""Reads square codes with two decoders that have nothing in common with the program or each other: ZBar and ZXing.

Each line of the input is a JSON object {"picture": path, "as": name, ...}; each line of the output {"as", "zbar", "zxing"}
with the texts that each read. What was done to the picture first: "turn" in degrees, "tilt" 0 to 1 (perspective),
"blur" in pixels, "contrast" 0 to 1, "cover" (the part of the code's area that is white, as a scratch across its middle),
"lost" (so many codewords that are white, from the corner without a square on: as if it were torn off), "crop"
[left, top, right, bottom], "scale".
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter


def changed(picture, job):
    if "crop" in job:
        picture = picture.crop(job["crop"])
    if "scale" in job:
        width, height = (max(1, round(side * job["scale"])) for side in picture.size)
        picture = picture.resize((width, height), Image.LANCZOS)
    if "cover" in job:
        left, top, right, bottom = job["code"]
        covered = job["cover"] * (right - left) * (bottom - top)
        side = covered ** 0.5
        middle = ((left + right) / 2, (top + bottom) / 2)
        ImageDraw.Draw(picture).rectangle(
            [middle[0] - side / 2, middle[1] - side / 2, middle[0] + side / 2, middle[1] + side / 2], fill=255
        )
    if "lost" in job:
        left, top, right, bottom = job["code"]
        module = (right - left) / MODULES
        draw = ImageDraw.Draw(picture)
        for x, y in places_of_bits()[: int(job["lost"]) * 8]:
            draw.rectangle([left + x * module, top + y * module, left + (x + 1) * module - 1, top + (y + 1) * module - 1], fill=255)
    if "tilt" in job:
        width, height = picture.size
        inset = job["tilt"] * width
        # The far edge is shorter, as when a phone is held at a slant.
        corners = [(inset, 0), (width - inset, 0), (width, height), (0, height)]
        picture = picture.transform(picture.size, Image.PERSPECTIVE, coefficients(corners, picture.size), Image.BICUBIC, fillcolor=255)
    if "turn" in job:
        picture = picture.rotate(job["turn"], Image.BICUBIC, expand=True, fillcolor=255)
    if "blur" in job:
        picture = picture.filter(ImageFilter.GaussianBlur(job["blur"]))
    if "contrast" in job:
        picture = picture.point(lambda dot: round(128 + (dot - 128) * job["contrast"]))
    return picture


# The labels that are tried have codes of version 3.
MODULES = 29


def places_of_bits():
    """Where the bits of the codewords stand, in their order (ISO/IEC 18004, 7.7.3): up and down in columns of two."""
    def fixed(x, y):
        corner = (x < 9 and y < 9) or (x >= MODULES - 8 and y < 9) or (x < 9 and y >= MODULES - 8)
        return corner or 6 in (x, y) or (MODULES - 9 <= x <= MODULES - 5 and MODULES - 9 <= y <= MODULES - 5)

    columns = [x for x in range(MODULES - 1, 6, -2)] + [5, 3, 1]
    places = []
    for number, column in enumerate(columns):
        rows = range(MODULES - 1, -1, -1) if number % 2 == 0 else range(MODULES)
        places += [(x, y) for y in rows for x in (column, column - 1) if not fixed(x, y)]
    return places


def coefficients(corners, size):
    """What Pillow wants for a picture whose corners come to lie there: the solution of eight equations."""
    width, height = size
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)]):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    for column in range(8):
        pivot = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot], right[column], right[pivot] = rows[pivot], rows[column], right[pivot], right[column]
        for row in range(8):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column])]
                right[row] -= factor * right[column]
    return [right[row] / rows[row][row] for row in range(8)]


def zbar(picture, folder):
    path = Path(folder) / "picture.png"
    picture.save(path)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path], capture_output=True, text=True)
    return sorted(set(read.stdout.split()))


def zxing(picture):
    reader = getattr(zxingcpp, "read_barcodes", None)
    return sorted({code.text for code in reader(picture)})


with tempfile.TemporaryDirectory() as folder:
    pictures = {}
    for line in sys.stdin:
        job = json.loads(line)
        if job["picture"] not in pictures:
            pictures = {job["picture"]: Image.open(job["picture"]).convert("L")}
        picture = changed(pictures[job["picture"]].copy(), job)
        print(json.dumps({"as": job["as"], "zbar": zbar(picture, folder), "zxing": zxing(picture)}), flush=True)
