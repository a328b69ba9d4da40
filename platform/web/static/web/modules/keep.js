// A register that survives: each tap is a draft on this phone, Save puts it into the outbox, and the dock says where it is.
// <form data-module="register keep" data-user data-key data-class data-date data-session data-label>
import "../outbox.js";
import { say } from "./words.js";

export default async function start(form) {
  const { outbox } = globalThis;
  const { user, key: place, label } = form.dataset;
  const key = `${user}|${place}`;
  const rows = new Map([...form.querySelectorAll(".roll > li")].filter((row) => row.querySelector(".marks4"))
    .map((row) => [row.querySelector(".marks4 input").name.slice(5), row]));
  const page = document;
  let draft = { key, user, marks: {} };
  let able = true, mine = new Set(), busy = false;

  // A finer code of the school, and which of the four marks it goes with.
  const as = (row) => {
    const field = row.querySelector(".as");
    return field ? [field.value, (field.selectedOptions?.[0] ?? field).dataset.for] : [];
  };
  const read = (id) => {
    const row = rows.get(id);
    const mark = row.querySelector(".marks4 input:checked")?.value ?? "";
    const [finer, counts] = as(row);
    const code = finer && counts === mark ? finer : mark;
    const reason = /[AE]/.test(mark) ? (row.querySelector(`input[name="reason-${id}"]:checked`)?.value ?? null) : null;
    const soon = row.querySelector(`input[name="soon-${id}"]:checked`)?.value ?? "";
    const typed = /^\d+$/.test(soon) ? soon : (row.querySelector(`input[name="late-${id}"]`)?.value ?? "");
    return { code, reason, minutes_late: mark === "L" && /^\d{1,3}$/.test(typed) ? Number(typed) : null };
  };
  const same = (one, other) => one && other && one.code === other.code && one.reason === other.reason && one.minutes_late === other.minutes_late;

  function show(id, { code, reason, minutes_late }) {
    const row = rows.get(id);
    if (!row) return;
    const field = row.querySelector(".as");
    const option = [...(field?.options ?? (field ? [field] : []))].find((one) => one.value && one.value === code);
    if (field?.options) field.value = option ? code : "";
    const mark = option ? option.dataset.for : code;
    for (const input of row.querySelectorAll(".marks4 input")) input.checked = input.value === mark;
    for (const input of row.querySelectorAll(`input[name="reason-${id}"]`)) input.checked = input.value === reason;
    const chips = [...row.querySelectorAll(`input[name="soon-${id}"]`)];
    const chip = chips.find((input) => input.value === String(minutes_late));
    for (const input of chips) input.checked = chip ? input === chip : minutes_late != null && input.value === "other";
    const other = row.querySelector(`input[name="late-${id}"]`);
    if (other) other.value = chip || minutes_late == null ? "" : minutes_late;
  }

  function note(id, words) {
    const name = rows.get(id)?.querySelector(".nm");
    if (!name) return;
    const line = name.querySelector("small") ?? name.appendChild(document.createElement("small"));
    line.className = "warnt";
    line.textContent = words;
  }

  function dock(tone, words) {
    const sync = page.querySelector(".dock .sync");
    if (!sync) return;
    sync.className = `sync ${tone}`.trim();
    sync.querySelector("span").textContent = words;
    sync.querySelector("small")?.remove();
    const use = sync.querySelector("use");
    const icons = { wait: "device", go: "upload", done: "sent", fail: "alert", "": "pen" };
    if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icons[tone]}`));
  }

  // What the school knows, then what waits on this phone, then what was tapped and not saved.
  const drawn = new Map([...rows.keys()].map((id) => [id, read(id)]));
  // What is only planned was never told to the school: it goes with the next save.
  const known = new Map([...drawn].map(([id, mark]) => [id, rows.get(id).hasAttribute("data-new") ? { code: "" } : mark]));
  try {
    const waiting = (await outbox.items(user)).filter((item) => item.key === place && item.state === "waiting");
    mine = new Set(waiting.map((item) => item.id));
    for (const item of waiting) {
      for (const mark of item.body.marks) {
        if (!rows.has(mark.student)) continue;
        show(mark.student, mark);
        known.set(mark.student, read(mark.student));
      }
    }
    const held = await outbox.draft(key);
    // Somebody may have tapped before this file came: those taps stand.
    for (const [id, mark] of Object.entries(held?.marks ?? {})) if (rows.has(id) && same(drawn.get(id), read(id))) show(id, mark);
    if (held) draft = held;
    if (waiting.length) dock("wait", say("onPhone"));
    if (held && Object.keys(held.marks).length) dock("", say("unsaved"));
    form.dataset.kept = "yes";
  } catch {
    able = false;
  }
  form.dispatchEvent(new Event("refresh"));

  async function touched() {
    for (const id of rows.keys()) {
      const now = read(id);
      if (!now.code || same(now, known.get(id))) delete draft.marks[id];
      else if (!same(now, draft.marks[id])) draft.marks[id] = { ...now, made: Date.now() };
    }
    await outbox.putDraft(draft).catch(() => {
      able = false;
      delete form.dataset.kept;
    });
  }
  form.addEventListener("change", () => able && touched());
  if (able && [...rows.keys()].some((id) => !same(read(id), known.get(id)))) await touched();

  form.addEventListener("submit", async (event) => {
    if (!able || event.defaultPrevented) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await touched();
      const marks = Object.entries(draft.marks).map(([student, mark]) => ({ student, ...mark }));
      if (!marks.length) return dock("done", say(mine.size ? "onPhone" : "saved"));
      const { class: school_class, date, session } = form.dataset;
      const item = await outbox.add({ user, kind: "attendance.register", key: place, label, url: location.pathname + location.search, body: { class: school_class, date, session, marks } });
      mine.add(item.id);
      for (const { student, made, ...mark } of marks) known.set(student, mark);
      draft = { key, user, marks: {} };
      await outbox.dropDraft(key);
      dock("wait", say("onPhone"));
      await told(await outbox.flush());
    } catch {
      // This phone has no room: the old road, a form to the server, keeps nothing here.
      able = false;
      delete form.dataset.kept;
      if (navigator.onLine) form.submit();
      else dock("fail", say("noRoom"));
    } finally {
      busy = false;
    }
  });

  async function told(ended) {
    if (mine.size && ended === "signin") dock("wait", say("signInToSend"));
    else if (mine.size && ended === "offline") dock("wait", say("onPhone"));
  }

  const channel = new BroadcastChannel("outbox");
  channel.addEventListener("message", ({ data }) => {
    for (const answer of data.answers ?? []) {
      if (!mine.delete(answer.id)) continue;
      const state = answer.state === "duplicate" ? answer.was : answer.state;
      for (const line of answer.lines ?? []) {
        if (!rows.has(line.student)) continue;
        if (state === "partly_stale" && line.code) {
          show(line.student, line);
          known.set(line.student, read(line.student));
        }
        note(line.student, line.message);
      }
      if (state === "rejected") dock("fail", answer.message);
      else if (!Object.keys(draft.marks).length && !mine.size) dock(state === "saved" ? "done" : "go", state === "saved" ? say("saved") : answer.message);
      form.dispatchEvent(new Event("refresh"));
    }
    if (data.ended) told(data.ended);
  });
  if (mine.size) told(await outbox.flush());
}
