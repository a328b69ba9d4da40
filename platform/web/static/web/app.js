// Wakes a page: every element with data-module gets its module, loaded when it is first needed.
// A name without a slash is one of ours; one with a slash is the address of another room's module.
const ours = {
  ahead: () => import("./modules/ahead.js"),
  all: () => import("./modules/all.js"),
  bulk: () => import("./modules/bulk.js"),
  confirm: () => import("./modules/confirm.js"),
  dialog: () => import("./modules/dialog.js"),
  drop: () => import("./modules/drop.js"),
  focus: () => import("./modules/focus.js"),
  keep: () => import("./modules/keep.js"),
  keys: () => import("./modules/keys.js"),
  leave: () => import("./modules/leave.js"),
  marks: () => import("./modules/marks.js"),
  parts: () => import("./modules/parts.js"),
  popover: () => import("./modules/popover.js"),
  register: () => import("./modules/register.js"),
  reload: () => import("./modules/reload.js"),
  seen: () => import("./modules/seen.js"),
  theme: () => import("./modules/theme.js"),
  toast: () => import("./modules/toast.js"),
  unsent: () => import("./modules/unsent.js"),
  waiting: () => import("./modules/waiting.js"),
};

const awake = new WeakMap();

async function wake(element) {
  const done = awake.get(element) ?? new Set();
  awake.set(element, done);
  for (const name of element.dataset.module.split(/\s+/).filter(Boolean)) {
    if (done.has(name)) continue;
    done.add(name);
    const load = ours[name] ?? (name.includes("/") ? () => import(name) : null);
    if (!load) throw new Error(`No module is called ${name}.`);
    (await load()).default(element);
  }
}

export function wakeAll(root) {
  if (root.matches?.("[data-module]")) wake(root);
  for (const element of root.querySelectorAll("[data-module]")) wake(element);
  if (root.querySelector("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]")) startHtmx();
}

let htmx;
function startHtmx() {
  htmx ??= import("./vendor/htmx.esm.min.js");
}

// htmx 4: the token on every write, new pieces awake, and what failed said aloud.
addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (!/^(GET|HEAD)$/i.test(request.method)) request.headers["X-CSRFToken"] = token();
});
addEventListener("htmx:after:process", (event) => wakeAll(event.target));
for (const name of ["htmx:response:error", "htmx:error"]) {
  addEventListener(name, async (event) => {
    if (name === "htmx:response:error" && event.detail.ctx.response.status < 500) return;
    const { say, toast } = await import("./modules/toast.js");
    toast(say("failed"));
  });
}

export function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

wakeAll(document);
if (document.querySelector("link[rel=manifest]") && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {}));
}
