// Fetches the pages of data-ahead quietly, so that they open without signal later; not where data is dear.
export default async function start(element) {
  if (navigator.connection?.saveData || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.ready;
  const send = () => registration.active?.postMessage({ keep: element.dataset.ahead.split(" ").filter(Boolean) });
  "requestIdleCallback" in globalThis ? requestIdleCallback(send, { timeout: 4000 }) : setTimeout(send, 1000);
}
