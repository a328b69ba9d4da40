// The worker of one school's host: the shell is kept, pages come from the network, a few of them also without it.
importScripts("{{ outbox|escapejs }}");
const CACHE = "shell-{{ cache }}";
const SHELL = {{ shell|safe }};
const OFFLINE = "{{ offline|escapejs }}";
const WAITING = "{{ waiting|escapejs }}";
const STATIC = "{{ static|escapejs }}";
// The pages that are worth opening without signal: home, the day's registers, one register.
const KEPT = /^\/(?:attendance\/(?:[0-9a-f-]{36}\/\d{4}-\d\d-\d\d\/)?)?$/;
const MOST = 60;
const PATIENCE = 4000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("shell-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith(STATIC)) event.respondWith(fromCache(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(outbox.flush());
});

addEventListener("message", (event) => {
  const urls = event.data?.keep;
  if (Array.isArray(urls)) event.waitUntil(ahead(urls));
});

// Network first; after four seconds the kept copy, if there is one, and the network's answer is kept for next time.
async function page(event, url) {
  const kept = KEPT.test(url.pathname) ? await (await caches.open("pages")).match(url.href, { ignoreVary: true }) : null;
  const network = fetch(event.request).then(async (answer) => {
    await store(url, answer.clone()).catch(() => {});
    return answer;
  });
  if (!kept) return network.catch(async () => (url.pathname === WAITING && (await caches.match(WAITING))) || caches.match(OFFLINE));
  event.waitUntil(network.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  const answer = await Promise.race([network, late]).catch(() => kept);
  return answer.status >= 502 ? kept : answer;
}

// Pages belong to a reader: those of another leave before the first of the new one is kept.
async function store(url, answer) {
  const reader = answer.headers.get("X-Reader");
  if (!reader || !answer.ok || answer.redirected) return;
  const owner = await caches.open("owner");
  if ((await (await owner.match("/owner"))?.text()) !== reader) {
    await caches.delete("pages");
    await owner.put("/owner", new Response(reader));
  }
  if (!KEPT.test(url.pathname)) return;
  const pages = await caches.open("pages");
  await pages.put(url.href, answer);
  const names = await pages.keys();
  await Promise.all(names.slice(0, Math.max(0, names.length - MOST)).map((name) => pages.delete(name)));
}

async function ahead(urls) {
  for (const one of urls.slice(0, MOST / 2)) {
    const url = new URL(one, location.origin);
    if (url.origin !== location.origin || !KEPT.test(url.pathname)) continue;
    const answer = await fetch(url.href, { credentials: "same-origin" }).catch(() => null);
    if (answer) await store(url, answer).catch(() => {});
  }
}

// A hashed name never changes its content; other static files are asked for again when there is a network.
async function fromCache(request) {
  const hashed = /\.[0-9a-f]{12}\.\w+$/.test(new URL(request.url).pathname);
  const kept = await caches.match(request);
  if (kept && hashed) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic") {
      const cache = await caches.open(CACHE);
      await cache.put(request, answer.clone());
    }
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
