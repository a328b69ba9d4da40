// The marks grid: arrows and Enter move, a block pastes, every change saves itself, Undo takes it back.
// data-save is the address; it gets {"marks": [{"id", "value", "seen"}]} and answers {"results": [{"id", "ok", "level", "band",
// "seen", "message"}]}. A cell's id is its data-id or its name; data-version is the mark's version that the page shows.
// Without signal they go into this phone's outbox (data-user, data-label) and are sent by whoever is awake first.
// Without this file the grid is a plain form with one Save button.
import "../outbox.js";
import { say } from "./words.js";
import { toast } from "./toast.js";

const WAIT = 600;

export default function start(box) {
  const grid = box.querySelector(".entry");
  if (!grid) return;
  const rows = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("td input:not([type=hidden])")]).filter((row) => row.length);
  const at = new Map(rows.flatMap((row, y) => row.map((input, x) => [input, { x, y }])));
  const idOf = (input) => input.dataset.id ?? input.name;
  const saved = new Map([...at.keys()].map((input) => [input, input.defaultValue]));
  const pending = new Map();
  const history = [];
  const page = document;
  const state = page.querySelector("[data-marks-state]");
  const undoButton = page.querySelector("[data-undo]");
  for (const button of box.querySelectorAll("[data-without-script]")) button.hidden = true;
  const bar = box.querySelector("[data-at]") ?? page.querySelector("main > [data-at]");
  const PIPS = { EE: 4, ME: 3, AE: 2, BE: 1 };
  let timer, sending = false, touched = false, retry = 2000, kept = null;

  const clean = (input) => {
    const text = input.value.trim().toUpperCase().replace(",", ".");
    return text === "A" ? say("absent") : text;
  };

  function problem(input) {
    const value = clean(input);
    const max = Number(input.dataset.max);
    const known = (input.dataset.codes ?? "AB").split(" ");
    if (!value || known.includes(value) || value === say("absent")) return "";
    const words = { value: input.value.trim(), max: input.dataset.max, absent: say("absent") };
    if (!/^\d+(\.\d{1,2})?$/.test(value)) return say("markNotNumber", words);
    return max && Number(value) > max ? say("markMoreThan", words) : "";
  }

  function mark(input, css) {
    const cell = input.closest("td");
    cell.classList.remove("saving", "unsent", "wrong");
    if (css) cell.classList.add(css);
    if (css !== "wrong") {
      cell.querySelector(".tip")?.remove();
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }

  function refuse(input, message) {
    mark(input, "wrong");
    const cell = input.closest("td");
    const tip = cell.querySelector(".tip") ?? cell.appendChild(Object.assign(document.createElement("span"), { className: "tip" }));
    tip.id ||= `tip-${idOf(input)}`;
    tip.setAttribute("role", "alert");
    tip.textContent = message;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", tip.id);
    grade(input, "", "");
  }

  function grade(input, level, band) {
    const words = input.closest("td").querySelector("span:not(.tip)");
    if (!words) return;
    words.textContent = level;
    words.className = level ? band || level.slice(0, 2) : "no";
    if (input === document.activeElement) tellCell(input);
  }

  // The bar above the grid: whose mark the cell holds, out of what, and what the level means.
  function tellCell(input) {
    if (!bar) return;
    const part = (name) => bar.querySelector(`[data-at-${name}]`);
    const words = input.closest("td").querySelector("span:not(.tip)");
    const level = words?.textContent.trim() ?? "";
    const { max } = input.dataset;
    const value = clean(input);
    part("hint").hidden = true;
    part("who").textContent = input.getAttribute("aria-label").split(", ").slice(0, 2).join(" · ");
    part("mark").textContent = !value ? say("markNone", { max }) : /^[\d.]+$/.test(value) && Number(max) ? say("markOf", { mark: value, max, percent: Math.round((Number(value) / Number(max)) * 100) }) : value;
    const shown = part("level");
    const rank = PIPS[words?.className];
    shown.hidden = !rank;
    shown.className = `lvl ${words?.className ?? ""}`;
    shown.innerHTML = '<span></span><svg viewBox="0 0 28 8" aria-hidden="true">' + [0, 1, 2, 3].map((n) => `<rect${n < rank ? ' class="on"' : ""} x="${7.2 * n}" width="5.6" height="8" rx="1.5"/>`).join("") + "</svg>";
    shown.firstChild.textContent = level;
    const meaning = level && page.querySelector(`.key [data-level="${CSS.escape(level)}"]`);
    part("span").textContent = meaning ? meaning.lastChild.textContent.trim() : "";
  }

  function note(input) {
    touched = true;
    const value = clean(input);
    if (value === saved.get(input) && !pending.has(input)) return mark(input, "");
    const message = problem(input);
    if (message) {
      pending.delete(input);
      refuse(input, message);
    } else {
      if (input.value !== value && input !== document.activeElement) input.value = value;
      pending.set(input, value);
      mark(input, "saving");
      clearTimeout(timer);
      timer = setTimeout(send, WAIT);
    }
    tell();
  }

  function tell() {
    const wrong = grid.querySelectorAll("td.wrong").length;
    const waits = pending.size;
    if (state) {
      const parts = [waits && say("saving", { n: waits }), wrong && say("toCorrect", { n: wrong })].filter(Boolean);
      const offline = grid.querySelector("td.unsent");
      state.textContent = offline ? say(kept ? "onPhone" : "waiting") : parts.join(", ") || (touched ? say("saved") : "");
      state.className = `sync ${wrong ? "fail" : waits ? "wait" : "done"}`;
    }
    if (undoButton) undoButton.disabled = !history.length;
  }

  const cells = (batch) => [...batch].map(([input, value]) => ({ id: idOf(input), value, seen: input.dataset.version }));

  // What an answer says of each cell that was sent.
  function settle(batch, results, { ok = true, detail = "" } = {}) {
    for (const [input, value] of batch) {
      const result = results.get(idOf(input));
      if (pending.get(input) === value) pending.delete(input);
      if (ok && (!result || result.ok !== false)) {
        saved.set(input, value);
        if (result?.seen !== undefined) input.dataset.version = result.seen;
        if (!pending.has(input)) mark(input, "");
        if (result?.level !== undefined) grade(input, result.level ?? "", result.band ?? "");
      } else refuse(input, result?.message ?? (detail || say("failed")));
    }
  }

  // All that waits, as one item of the outbox in place of the one before.
  async function keep() {
    const batch = new Map(pending);
    const before = kept;
    const { outbox } = globalThis;
    const item = await outbox.add({ user: box.dataset.user, kind: "assessment.marks", label: box.dataset.label, url: location.pathname, body: { marks: cells(batch) } });
    kept = { id: item.id, batch };
    if (before) await outbox.drop(before.id);
  }

  async function send() {
    if (sending || !pending.size || !box.dataset.save) return;
    sending = true;
    if (kept && (await globalThis.outbox.flush().catch(() => "")) === "sent") {
      sending = false;
      clearTimeout(timer);
      timer = setTimeout(send, WAIT);
      return;
    }
    const batch = new Map(pending);
    try {
      if (kept) throw new Error("not yet");
      const answer = await fetch(box.dataset.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ marks: cells(batch) }),
      });
      if (answer.status >= 500 || answer.redirected) throw new Error(String(answer.status));
      const body = await answer.json();
      settle(batch, new Map((body.results ?? []).map((result) => [String(result.id), result])), { ok: answer.ok, detail: body.detail });
      retry = 2000;
    } catch {
      for (const input of batch.keys()) mark(input, "unsent");
      if (box.dataset.user) await keep().catch(() => {});
      clearTimeout(timer);
      timer = setTimeout(send, retry);
      retry = Math.min(retry * 2, 60000);
    } finally {
      sending = false;
      tell();
    }
    if (pending.size && retry === 2000) {
      clearTimeout(timer);
      timer = setTimeout(send, WAIT);
    }
  }

  const token = () => (box.querySelector("input[name=csrfmiddlewaretoken]") ?? page.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";

  function set(changes) {
    const before = changes.map(({ input }) => ({ input, value: input === document.activeElement ? (input.dataset.before ?? input.value) : input.value }));
    history.push(before);
    for (const { input, value } of changes) {
      input.value = value;
      input.dataset.before = value;
      note(input);
    }
  }

  function undo() {
    const last = history.pop();
    if (!last) return;
    for (const { input, value } of last) {
      input.value = value;
      input.dataset.before = value;
      note(input);
    }
    last[0].input.focus();
    tell();
  }

  function go(from, dx, dy) {
    const { x, y } = at.get(from);
    for (let column = x + dx, row = y + dy; rows[row]?.[column]; column += dx, row += dy) {
      const to = rows[row][column];
      if (!to.readOnly && !to.disabled) {
        to.focus();
        return true;
      }
      if (!dx && !dy) break;
    }
    return false;
  }

  // What is being typed: told when it cannot be, not yet saved.
  function look(input) {
    const message = problem(input);
    if (message) refuse(input, message);
    else if (input.closest("td").classList.contains("wrong")) mark(input, "");
    tellCell(input);
  }

  // Somebody was quicker than this file: what stands in a cell already counts as written now.
  function catchUp() {
    for (const input of at.keys()) {
      if (input.value === input.defaultValue) continue;
      input.dataset.before = input.defaultValue;
      if (input === document.activeElement) look(input);
      else input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  grid.addEventListener("focusin", ({ target }) => {
    if (!at.has(target)) return;
    target.dataset.before = target.value;
    target.select();
    tellCell(target);
  });
  grid.addEventListener("change", ({ target }) => {
    if (!at.has(target) || target.value === target.dataset.before) return;
    history.push([{ input: target, value: target.dataset.before ?? "" }]);
    target.dataset.before = target.value;
    note(target);
  });
  grid.addEventListener("input", ({ target }) => {
    if (at.has(target)) look(target);
  });
  grid.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!at.has(target)) return;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && target.value === target.dataset.before) {
      event.preventDefault();
      return undo();
    }
    const edge = target.selectionStart === target.selectionEnd;
    const whole = target.selectionEnd - target.selectionStart === target.value.length;
    const start = whole || (edge && target.selectionStart === 0);
    const end = whole || (edge && target.selectionStart === target.value.length);
    if (key === "Enter") {
      event.preventDefault();
      if (!go(target, 0, event.shiftKey ? -1 : 1)) target.blur();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      go(target, 0, key === "ArrowDown" ? 1 : -1);
    } else if (key === "ArrowRight" && end) {
      if (go(target, 1, 0)) event.preventDefault();
    } else if (key === "ArrowLeft" && start) {
      if (go(target, -1, 0)) event.preventDefault();
    } else if (key === "Escape") {
      target.value = target.dataset.before ?? target.value;
      note(target);
    }
  });
  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!at.has(event.target) || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const { x, y } = at.get(event.target);
    const changes = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").flatMap((line, dy) =>
      line.split("\t").map((value, dx) => ({ input: rows[y + dy]?.[x + dx], value: value.trim() })));
    const able = changes.filter(({ input }) => input && !input.readOnly && !input.disabled);
    if (!able.length) return;
    set(able);
    toast(say("pasted", { n: able.length }), { action: say("undo"), onAction: undo });
  });
  undoButton?.addEventListener("click", undo);
  addEventListener("online", () => {
    retry = 2000;
    send();
  });
  new BroadcastChannel("outbox").addEventListener("message", ({ data }) => {
    const answer = kept && (data.answers ?? []).find((one) => one.id === kept.id);
    if (!answer) return;
    const { batch } = kept;
    kept = null;
    retry = 2000;
    settle(batch, new Map((answer.lines ?? []).map((line) => [String(line.id), line])), { ok: Boolean(answer.lines?.length) || answer.state !== "rejected", detail: answer.message });
    tell();
  });
  addEventListener("beforeunload", (event) => ((pending.size && !kept) || grid.querySelector("td.wrong")) && box.dataset.save && event.preventDefault());
  catchUp();
  tell();
}
