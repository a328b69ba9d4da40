// Chosen rows of a table: the bar of actions shows only while something is chosen, and says how many.
import { say } from "./words.js";

export default function start(form) {
  const bar = form.querySelector("[data-bulk]");
  const all = form.querySelector("[data-bulk-all]");
  const ticks = () => [...form.querySelectorAll("tbody .tick")];
  let last = null;

  function refresh() {
    const boxes = ticks();
    const chosen = boxes.filter((box) => box.checked);
    for (const box of boxes) {
      const row = box.closest("tr");
      if (box.checked) row.setAttribute("aria-selected", "true");
      else row.removeAttribute("aria-selected");
    }
    if (bar) {
      bar.hidden = !chosen.length;
      const figure = bar.querySelector("[data-bulk-count]");
      if (figure) figure.textContent = say("chosen", { n: chosen.length });
    }
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  }

  form.addEventListener("click", (event) => {
    const box = event.target.closest("tbody .tick");
    if (!box) return;
    const boxes = ticks();
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    refresh();
  });
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of ticks()) box.checked = all.checked;
    refresh();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
  });
  form.addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector(":popover-open") && clear());
  // A list that was searched again keeps this form and changes the rows in it.
  addEventListener("htmx:after:process", () => form.isConnected && refresh());
  function clear() {
    for (const box of ticks()) box.checked = false;
    refresh();
  }
  refresh();
}
