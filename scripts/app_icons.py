"""Draw the icons of the installed app from static/seal.svg into static/icons/: run it when the seal changes.

The square ones have no round corners of their own: the phone cuts them, so their sign keeps to the middle.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from config import load_config

STATIC = Path(__file__).resolve().parent.parent / "static"
RED = "#c8102e"
# name → (size in pixels, the share of it that the seal takes, the ground: "" shows through)
ICONS = {
    "app-192.png": (192, 1.0, ""),
    "app-512.png": (512, 1.0, ""),
    "app-square-512.png": (512, 0.8, RED),
    "apple-touch-icon.png": (180, 0.9, RED),
}


def draw(page: Page, size: int, share: float, ground: str) -> bytes:
    """One icon as PNG, size × size pixels."""
    seal = (STATIC / "seal.svg").read_text(encoding="utf-8").replace("<svg ", "<svg style='width:100%' ", 1)
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f"<body style='margin:0;height:100vh;display:grid;place-items:center;background:{ground or 'none'}'>"
        f"<div style='width:{share * 100}%;line-height:0'>{seal}</div>"
    )
    return page.screenshot(omit_background=True)


def main() -> None:
    """Draw all of them with the Chromium of the settings."""
    folder = STATIC / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=load_config().chromium or None, args=["--no-sandbox"])
        page = browser.new_page()
        for name, (size, share, ground) in ICONS.items():
            (folder / name).write_bytes(draw(page, size, share, ground))
        browser.close()


if __name__ == "__main__":
    main()
