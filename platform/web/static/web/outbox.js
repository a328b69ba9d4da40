// What this phone keeps until the school has it: drafts and an outbox in IndexedDB, sent by one sender at a time.
// Loaded by pages (import) and by the service worker (importScripts), so it exports nothing: see globalThis.outbox.
(() => {
  const DOOR = "/outbox/";
  const BATCH = 20;
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("outbox") : { postMessage() {} };
  let opened;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("kept", 1);
      request.onupgradeneeded = () => {
        const db = request.result;
        if (!db.objectStoreNames.contains("drafts")) db.createObjectStore("drafts", { keyPath: "key" });
        if (!db.objectStoreNames.contains("items")) db.createObjectStore("items", { keyPath: "id" });
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => {
          request.result.close();
          opened = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    }).catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  // Resolves when the transaction is complete: what is told as kept is on the disk.
  async function act(store, mode, work) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? request?.error);
    });
  }

  const draft = (key) => act("drafts", "readonly", (store) => store.get(key));
  const putDraft = (value) => act("drafts", "readwrite", (store) => store.put(value));
  const dropDraft = (key) => act("drafts", "readwrite", (store) => store.delete(key));
  const put = (item) => act("items", "readwrite", (store) => store.put(item));

  async function items(user) {
    const all = await act("items", "readonly", (store) => store.getAll());
    return all.filter((item) => item.user === user).sort((a, b) => a.made - b.made);
  }

  // `body.marks[].made` and `made` are this phone's clock; only their age leaves it.
  async function add({ user, kind, body, label, url, key = "" }) {
    const item = { id: crypto.randomUUID(), user, kind, body, label, url, key, made: Date.now(), state: "waiting" };
    await put(item);
    channel.postMessage({ changed: true });
    const registration = await globalThis.navigator.serviceWorker?.getRegistration?.().catch(() => null);
    await registration?.sync?.register("outbox").catch(() => {});
    return item;
  }

  async function drop(id) {
    await act("items", "readwrite", (store) => store.delete(id));
    channel.postMessage({ changed: true });
  }

  // Everything of one reader except what still waits: for leaving a shared phone.
  async function leave(user) {
    await act("drafts", "readwrite", (store) => {
      store.getAll().onsuccess = ({ target }) => target.result.filter((one) => one.user === user).forEach((one) => store.delete(one.key));
    });
    if (globalThis.caches) await Promise.all(["pages", "owner"].map((name) => caches.delete(name)));
  }

  const aged = (item, now) => ({
    id: item.id,
    kind: item.kind,
    age: now - item.made,
    body: { ...item.body, marks: item.body.marks?.map(({ made, ...mark }) => (made ? { ...mark, age: now - made } : mark)) },
  });

  // Says how it ended: sent, nothing, offline, signin (nobody, or somebody else, is signed in), blocked.
  function flush() {
    if (!navigator.locks) return send();
    return navigator.locks.request("outbox", { ifAvailable: true }, (lock) => (lock ? send() : "busy"));
  }

  async function send() {
    const all = await act("items", "readonly", (store) => store.getAll());
    if (!all.some((item) => item.state === "waiting")) return "nothing";
    let ended = "nothing";
    try {
      const door = await fetch(DOOR, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (door.status === 401) return tell("signin");
      if (!door.ok) return tell("blocked");
      const { user, token } = await door.json();
      const mine = all.filter((item) => item.user === user && item.state === "waiting").sort((a, b) => a.made - b.made);
      if (!mine.length) return tell("signin");
      for (let at = 0; at < mine.length; at += BATCH) {
        const batch = mine.slice(at, at + BATCH);
        const now = Date.now();
        const answer = await fetch(DOOR, {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
          body: JSON.stringify({ user, items: batch.map((item) => aged(item, now)) }),
        });
        if (answer.status === 401 || answer.status === 409) return tell("signin");
        if (!answer.ok) return tell("blocked");
        const { answers } = await answer.json();
        for (const one of answers) await settle(batch.find((item) => item.id === one.id), one);
        channel.postMessage({ answers });
        ended = "sent";
      }
    } catch {
      ended = "offline";
    }
    return tell(ended);
  }

  function tell(ended) {
    channel.postMessage({ changed: true, ended });
    return ended;
  }

  async function settle(item, answer) {
    if (!item) return;
    const state = answer.state === "duplicate" ? answer.was : answer.state;
    if (state === "saved") await act("items", "readwrite", (store) => store.delete(item.id));
    else await put({ ...item, state: state === "rejected" ? "refused" : "partly", message: answer.message, lines: answer.lines ?? [] });
  }

  globalThis.outbox = { draft, putDraft, dropDraft, items, add, drop, leave, flush };
})();
