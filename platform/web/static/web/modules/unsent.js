// What is still on this phone, said on every page when it matters: sent when there is signal, shown until then.
// <div data-module="unsent" data-user data-home hidden>
import "../outbox.js";
import { say } from "./words.js";

const DAY = 24 * 3600 * 1000;
const AGAIN = 30000;

export function age(ms) {
  const minutes = Math.max(1, Math.round(ms / 60000));
  if (minutes < 90) return say("minutes", { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? say("hours", { n: hours }) : say("days", { n: Math.round(hours / 24) });
}

export default async function start(place) {
  const { outbox } = globalThis;
  const { user } = place.dataset;
  let timer;

  async function refresh() {
    const items = await outbox.items(user).catch(() => []);
    const waiting = items.filter((item) => item.state === "waiting");
    const needs = items.length - waiting.length;
    const oldest = waiting.length ? Date.now() - waiting[0].made : 0;
    const shown = needs || oldest > DAY || (waiting.length && "home" in place.dataset);
    place.hidden = !shown;
    const parts = [needs && say("needsYou", { n: needs }), waiting.length && say("unsent", { n: waiting.length, age: age(oldest) })];
    place.querySelector("p").textContent = parts.filter(Boolean).join(" · ");
    place.querySelector(".alert").className = `alert ${needs || oldest > DAY ? "warn" : "info"}`;
    clearTimeout(timer);
    if (waiting.length) timer = setTimeout(send, AGAIN);
  }
  async function send() {
    await outbox.flush().catch(() => {});
    await refresh();
  }
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  new BroadcastChannel("outbox").addEventListener("message", refresh);
  await send();
}
