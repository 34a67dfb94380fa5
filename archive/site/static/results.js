// Dragging across bars of the timeline chooses their span. Without this script each bar is a link, and a form has both ends.
"use strict";

for (const bars of document.querySelectorAll(".bars")) {
  const all = [...bars.children];
  let start = -1, end = -1, moved = false;

  // The bar below a place; beyond either end the first or the last.
  const at = (x) => {
    const found = all.findIndex((bar) => x < bar.getBoundingClientRect().right);
    return found < 0 ? all.length - 1 : found;
  };
  const show = () => {
    const [first, last] = [Math.min(start, end), Math.max(start, end)];
    all.forEach((bar, i) => bar.classList.toggle("dragged", moved && i >= first && i <= last));
  };

  bars.addEventListener("dragstart", (event) => event.preventDefault());
  bars.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    [start, end, moved] = [at(event.clientX), at(event.clientX), false];
  });
  window.addEventListener("pointermove", (event) => {
    if (start < 0) return;
    end = at(event.clientX);
    moved = moved || end !== start;
    show();
  });
  window.addEventListener("pointercancel", () => { [start, moved] = [-1, false]; show(); });
  window.addEventListener("pointerup", () => {
    if (start < 0) return;
    const [first, last] = [Math.min(start, end), Math.max(start, end)];
    start = -1;
    if (!moved) return;
    const address = new URL(bars.dataset.address, location.href);
    address.searchParams.set("from", all[first].dataset.value);
    address.searchParams.set("to", all[last].dataset.value);
    location.assign(address);
  });
  // The click that ends a drag is no click on the bar.
  bars.addEventListener("click", (event) => { if (moved) { event.preventDefault(); moved = false; } }, true);
}
