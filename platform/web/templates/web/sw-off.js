// The kill switch: a worker that removes what it kept and then itself.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => registration.unregister())
      .then(() => clients.matchAll({ type: "window" }))
      .then((windows) => windows.forEach((window) => window.navigate(window.url))),
  );
});
