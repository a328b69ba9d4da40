// Confirmations at the foot of the page: they leave by themselves, slower where there is something to press.
import { say } from "./words.js";

export { say };

export default function start(region) {
  for (const line of region.children) leave(line, 6000);
}

export function toast(text, { action, onAction } = {}) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const line = document.createElement("p");
  line.className = "toast";
  line.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: action });
    button.addEventListener("click", () => {
      line.remove();
      onAction();
    });
    line.append(button);
  }
  region.append(line);
  leave(line, action ? 12000 : 6000);
}

// Stays while the pointer or the focus is on it.
function leave(line, after) {
  const timer = setTimeout(() => (line.matches(":hover, :focus-within") ? leave(line, 2000) : line.remove()), after);
  line.addEventListener("click", () => clearTimeout(timer), { once: true });
}
