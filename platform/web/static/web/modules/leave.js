// Signing out: what was not sent yet is said first; then the pages and drafts of this person leave the phone.
import "../outbox.js";
import { ask } from "./confirm.js";
import { say } from "./words.js";

export default function start(form) {
  const { user } = form.dataset;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { outbox } = globalThis;
    const waiting = async () => (await outbox.items(user).catch(() => [])).filter((item) => item.state === "waiting");
    if ((await waiting()).length) await outbox.flush().catch(() => {});
    const left = (await waiting()).length;
    if (left && !(await ask({ title: say("leaveTitle"), text: say("leaveText", { n: left }), do: say("leaveDo") }))) return;
    await outbox.leave(user).catch(() => {});
    form.submit();
  });
}
