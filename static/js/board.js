// The board at a desk: a card is dragged to a later stage, and the form that takes it there opens. Nothing is written
// by dragging: the form asks for the day. Keyboard, phone and a browser without scripts have the link on the card.
"use strict";

(() => {
  const board = document.querySelector("[data-board]");
  if (!board || !window.matchMedia("(hover: hover) and (pointer: fine)").matches) return;
  const said = board.parentElement.querySelector("[data-board-said]");
  const columns = [...board.querySelectorAll("[data-stage]")];
  let dragged = null;

  const nextOf = (card) => JSON.parse(card.dataset.next);
  const takes = (column) => dragged && nextOf(dragged).includes(column.dataset.stage);
  const mark = (column, name, on) => column.classList.toggle(name, on);
  const clear = () => columns.forEach((column) => { mark(column, "takes", false); mark(column, "over", false); });

  for (const card of board.querySelectorAll("[data-next]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      said.textContent = "";
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.address);
      columns.forEach((column) => mark(column, "takes", takes(column)));
    });
    card.addEventListener("dragend", () => { dragged = null; clear(); });
  }

  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move"; // with "none" a wrong place would not hear of the drop, and say nothing
      mark(column, "over", takes(column));
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(event.relatedTarget)) mark(column, "over", false);
    });
    column.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (takes(column)) {
        const to = encodeURIComponent(column.dataset.stage);
        window.location.assign(`${dragged.dataset.address}?to=${to}#stages`);
      } else if (!column.contains(dragged)) {
        said.textContent = nextOf(dragged).length === 0
          ? board.dataset.waits
          : board.dataset.refused.replace("{stages}", nextOf(dragged).join("、"));
      }
    });
  }
})();
