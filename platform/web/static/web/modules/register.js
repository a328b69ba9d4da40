// The class register: what is marked is counted, the rest can be marked present at once, reasons open under a row.
// Without this file the page is a plain form: the same radios, "Mark the rest present" and Save go to the server.
import { say } from "./words.js";
import { toast } from "./toast.js";

export default function start(form) {
  const page = form.closest("body");
  const rows = [...form.querySelectorAll(".roll > li")].filter((row) => row.querySelector(".marks4"));
  if (!rows.length) return;
  const find = (selector) => page.querySelector(`${selector}[form="${CSS.escape(form.id)}"]`) ?? form.querySelector(selector);
  const tally = page.querySelector("[data-tally]");
  const rest = form.id ? find("[data-rest]") : null;
  const chips = [...form.querySelectorAll("[data-show]")];
  const state = page.querySelector(".dock .sync span");
  const code = (row) => row.querySelector(".marks4 input:checked")?.value ?? "";
  // Somebody may have been quicker than this file.
  let changed = rows.some((row) => [...row.querySelectorAll(".marks4 input")].some((input) => input.checked !== input.defaultChecked));
  let show = "all";

  const wanted = { all: () => true, left: (mark) => !mark, away: (mark) => mark && mark !== "P" };

  function refresh() {
    const marks = rows.map(code);
    const count = (of) => marks.filter((mark) => mark === of).length;
    const left = count("");
    if (tally) {
      tally.hidden = false;
      for (const figure of tally.querySelectorAll("[data-n]")) figure.textContent = count(figure.dataset.n);
    }
    if (rest) {
      rest.textContent = left ? say("presentLeft", { n: left }) : say("allMarked");
      rest.disabled = !left;
    }
    for (const chip of chips) {
      chip.hidden = false;
      chip.setAttribute("aria-pressed", String(chip.dataset.show === show));
      const figure = chip.querySelector("b");
      if (figure) figure.textContent = marks.filter(wanted[chip.dataset.show]).length;
    }
    rows.forEach((row, n) => {
      for (const why of row.querySelectorAll(".why[data-for]")) why.hidden = !why.dataset.for.split(" ").includes(marks[n]);
    });
  }

  function filter() {
    for (const row of rows) row.hidden = !wanted[show](code(row));
  }

  form.addEventListener("input", ({ target }) => {
    const other = target.matches(".min") && target.closest(".why").querySelector('input[value="other"]');
    if (other) other.checked = true;
  });
  form.addEventListener("change", ({ target }) => {
    if (target.value === "other") target.closest(".why")?.querySelector(".min")?.focus();
    changed = true;
    if (state) state.textContent = say("unsaved");
    refresh();
  });
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      show = chip.dataset.show;
      refresh();
      filter();
    });
  }
  rest?.addEventListener("click", (event) => {
    event.preventDefault();
    const filled = rows.filter((row) => !code(row));
    for (const row of filled) row.querySelector(".marks4 input.P").checked = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    filter();
    toast(say("presentLeft", { n: filled.length }), {
      action: say("undo"),
      onAction() {
        for (const row of filled) row.querySelector(".marks4 input.P").checked = false;
        form.dispatchEvent(new Event("change", { bubbles: true }));
        filter();
      },
    });
  });
  // Letters mark the row that has the focus, and go on to the next one.
  form.addEventListener("keydown", (event) => {
    const letter = event.key.toUpperCase();
    const row = event.target.closest(".roll > li");
    if (!row || !event.target.matches(".marks4 input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = letter.length === 1 && row.querySelector(`.marks4 input[value="${CSS.escape(letter)}"]`);
    if (choice) {
      event.preventDefault();
      choice.checked = true;
      choice.dispatchEvent(new Event("change", { bubbles: true }));
      (next(row)?.querySelector(".marks4 input:checked, .marks4 input") ?? choice).focus();
    }
  });
  function next(row) {
    return rows.slice(rows.indexOf(row) + 1).find((other) => !other.hidden);
  }

  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => changed && !form.dataset.kept && event.preventDefault());
  form.addEventListener("refresh", refresh);
  refresh();
}
