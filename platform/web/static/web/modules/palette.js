// Find anything: results come from the server as ready links, the arrows choose, Enter opens.
import { say } from "./words.js";

let dialog, input, list, asked, timer;

export function open(link) {
  dialog ??= build(link);
  dialog.showModal();
  input.select();
}

function build(link) {
  const made = document.createElement("dialog");
  made.className = "palette";
  made.setAttribute("aria-label", link.textContent.trim() || link.getAttribute("aria-label"));
  made.innerHTML = '<div class="q"><svg class="i" aria-hidden="true"><use href="#i-search"/></svg>'
    + '<input type="text" inputmode="search" enterkeyhint="go" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" autocomplete="off">'
    + '<kbd>Esc</kbd></div><div class="res" id="palette-list" role="listbox"></div>';
  input = made.querySelector("input");
  list = made.querySelector(".res");
  for (const part of [input, list]) part.setAttribute("aria-label", made.getAttribute("aria-label"));
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => find(link.href), 120);
  });
  made.addEventListener("keydown", keys);
  made.addEventListener("click", (event) => event.target === made && made.close());
  document.body.append(made);
  return made;
}

async function find(address) {
  const q = input.value.trim();
  asked?.abort();
  if (!q) return list.replaceChildren();
  asked = new AbortController();
  const url = new URL(address, location.href);
  url.searchParams.set("q", q);
  try {
    const answer = await fetch(url, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (answer.redirected || answer.status === 401) return location.assign(url);
    if (!answer.ok) throw new Error(String(answer.status));
    list.innerHTML = await answer.text();
    const links = options();
    if (!links.length) none(say("noResults", { q }));
    links.forEach((option, n) => {
      option.id = `palette-${n}`;
      option.setAttribute("role", "option");
    });
    choose(links[0]);
  } catch (error) {
    if (error.name !== "AbortError") none(say(navigator.onLine ? "failed" : "offline"));
  }
}

const options = () => [...list.querySelectorAll("a[href]")];

function none(text) {
  list.replaceChildren(Object.assign(document.createElement("p"), { className: "none", textContent: text }));
}

function choose(link) {
  for (const other of options()) {
    other.classList.toggle("on", other === link);
    other.setAttribute("aria-selected", String(other === link));
  }
  if (link) {
    input.setAttribute("aria-activedescendant", link.id);
    link.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function keys(event) {
  const links = options();
  const now = links.findIndex((link) => link.classList.contains("on"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && links.length) {
    event.preventDefault();
    choose(links[(now + step + links.length) % links.length]);
  } else if (event.key === "Enter" && event.target === input && links[now]) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(links[now].href);
    else location.assign(links[now].href);
  }
}
