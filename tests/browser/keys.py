"""Going through pages with keys alone: where the focus is, that it is seen, that it is nowhere caught."""

from __future__ import annotations

from typing import Any

MOST_STOPS = 120
# The element with the focus: what it is, whether one sees that it has it, whether something lies over it.
# A control that is drawn by its label shows the focus there.
AT = """selector => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const drawn = [at, at.nextElementSibling, at.closest('label')].filter(Boolean);
  const onPart = at.type === 'date' && !at.matches(':focus-visible');  // its calendar has a ring of its own
  const seen = onPart || drawn.some(one => {
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== 'none';
  });
  const shown = drawn.find(one => one.getBoundingClientRect().width > 4) || at;
  const box = shown.getBoundingClientRect();
  const over = document.elementFromPoint(
    Math.min(Math.max(box.left + Math.min(box.width / 2, 200), 0), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height / 2, 100), 0), innerHeight - 1));
  const hidden = !over || !(over.contains(shown) || drawn.some(one => one.contains(over)));
  at.dataset.stop = at.dataset.stop || String(document.querySelectorAll('[data-stop]').length + 1);
  return {is: at.matches(selector), what: at.outerHTML.slice(0, 120), stop: at.dataset.stop, seen, hidden};
}"""


class Keys:
    """A person without a mouse. What is wrong with the stops is noted in `faults`."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.faults: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, selector: str, back: bool = False) -> None:
        """Tab (or Shift+Tab) until an element has the focus; each stop on the way must be seen."""
        if self.at(selector):
            return
        last, caught = None, 0
        for _ in range(MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            at = self.page.evaluate(AT, selector)
            if at is None:
                continue
            if not at["seen"] or at["hidden"]:
                why = "does not show that it has the focus" if not at["seen"] else "lies under something"
                self.faults.append(f"{self.page.url}: {why}: {at['what']}")
            caught = caught + 1 if at["stop"] == last else 0
            assert caught < 8, f"the focus is caught at {at['what']}"  # a date has up to five parts
            last = at["stop"]
            if at["is"]:
                return
        raise AssertionError(f"{self.page.url}: no way by keyboard to {selector}")

    def go(self, selector: str, ends: Any, key: str = "Enter") -> None:
        """Tab to an element, press a key, and wait for another page."""
        self.to(selector)
        self.press(key)
        self.page.wait_for_url(ends)
        self.page.wait_for_load_state()

    def at(self, selector: str) -> bool:
        """Whether an element has the focus."""
        return bool(self.page.evaluate("selector => document.activeElement.matches(selector)", selector))

    def wait_at(self, selector: str) -> None:
        self.page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)
