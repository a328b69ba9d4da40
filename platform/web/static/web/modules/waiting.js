// The page of what is still on this phone; it works without signal and shows the present reader's things alone.
import "../outbox.js";
import { ask } from "./confirm.js";
import { age } from "./unsent.js";
import { say } from "./words.js";

export default async function start(list) {
  const { outbox } = globalThis;
  const empty = document.querySelector("[data-empty]");
  const owner = await (await caches.match("/owner"))?.text().catch(() => "");

  async function refresh() {
    const items = owner ? await outbox.items(owner).catch(() => []) : [];
    empty.hidden = items.length > 0;
    list.replaceChildren(...items.map(line));
  }
  function line(item) {
    const row = document.createElement("li");
    const box = Object.assign(document.createElement("div"), { className: "grow" });
    const link = Object.assign(document.createElement("a"), { className: "b", textContent: item.label, href: item.url });
    const state = { waiting: say("willBeSent"), partly: say("savedInPart"), refused: say("refused") }[item.state];
    box.append(link, Object.assign(document.createElement("small"), { textContent: `${state} · ${age(Date.now() - item.made)}` }));
    for (const words of [item.message, ...(item.lines ?? []).map((one) => [one.name, one.message].filter(Boolean).join(": "))].filter(Boolean)) {
      box.append(Object.assign(document.createElement("small"), { className: "warnt", textContent: words }));
    }
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: item.state === "partly" ? say("close") : say("discard") });
    button.addEventListener("click", async () => {
      if (item.state !== "partly" && !(await ask({ title: say("discardTitle"), text: item.label, do: say("discard"), danger: "" }))) return;
      await outbox.drop(item.id);
      await refresh();
    });
    row.append(box, button);
    return row;
  }
  new BroadcastChannel("outbox").addEventListener("message", refresh);
  document.querySelector("[data-send]")?.addEventListener("click", async () => {
    await outbox.flush().catch(() => {});
    await refresh();
  });
  await refresh();
  await outbox.flush().catch(() => {});
}
