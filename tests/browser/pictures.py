"""Pictures of pages, made small, and what differs between two of them.

Two machines draw letters a little differently; a button that is gone or a card that has moved is another
matter. So pictures are made small and blurred, and are compared in cells, some of which must differ by much.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

SCALE = 0.25
COLOURS = 128
CELL = 6  # px of the small picture: 24 of the page
MUCH = 14  # of 255: the mean difference that makes a cell another
MOST_CELLS = 2  # that may differ: a number has another digit
MOST_TALLER = 0.02  # of the height


def small(picture: Image.Image) -> Image.Image:
    """A picture as it is kept."""
    size = (round(picture.width * SCALE), round(picture.height * SCALE))
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def keep(picture: Image.Image, file: Path) -> None:
    """Write a small picture with few colours."""
    file.parent.mkdir(exist_ok=True)
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)


def other_cells(one: Image.Image, two: Image.Image) -> list[tuple[int, int]]:
    """The places, in cells, where two small pictures differ by much. A different height is many of them."""
    width, height = one.width, min(one.height, two.height)
    if two.width != width or abs(one.height - two.height) > MOST_TALLER * one.height:
        return [(0, height // CELL + n) for n in range(MOST_CELLS + 1)]
    pair = [each.convert("RGB").crop((0, 0, width, height)) for each in (one, two)]
    blurred = [each.filter(ImageFilter.GaussianBlur(1.5)) for each in pair]
    bands = ImageChops.difference(*blurred).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    cells = most.resize((width // CELL, height // CELL), Image.Resampling.BOX)
    return [divmod(n, cells.width)[::-1] for n, value in enumerate(cells.tobytes()) if value > MUCH]


def side_by_side(before: Image.Image, now: Image.Image, cells: list[tuple[int, int]]) -> Image.Image:
    """Both pictures beside each other, what differs reddened in the second."""
    marked = now.convert("RGB")
    for x, y in cells:
        box = (x * CELL, y * CELL, (x + 1) * CELL, (y + 1) * CELL)
        part = marked.crop(box)
        marked.paste(Image.blend(part, Image.new("RGB", part.size, "#ff0000"), 0.5), box)
    sheet = Image.new("RGB", (before.width + marked.width + 8, max(before.height, marked.height)), "#888888")
    sheet.paste(before.convert("RGB"), (0, 0))
    sheet.paste(marked, (before.width + 8, 0))
    return sheet.resize((sheet.width * 2, sheet.height * 2))
