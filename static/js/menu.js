// The menus of the head: one that is open closes by Escape, by a click beside it, and when the focus leaves it.
"use strict";

(() => {
  const menus = [...document.querySelectorAll("details[name=menus]")];
  const close = (menu) => { menu.open = false; };

  document.addEventListener("keydown", (event) => {
    const open = menus.find((menu) => menu.open);
    if (event.key !== "Escape" || !open) return;
    close(open);
    open.querySelector("summary").focus();
  });
  for (const menu of menus) {
    document.addEventListener("click", (event) => { if (menu.open && !menu.contains(event.target)) close(menu); });
    menu.addEventListener("focusout", (event) => {
      if (menu.open && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
    });
  }
})();
