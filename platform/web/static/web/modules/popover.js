// A menu opens beside its button and stays with it; the browser does the rest (Esc, a press elsewhere, one at a time).
export default function start(menu) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "open" || !button) return;
    place(menu, button);
    choices(menu)[0]?.focus({ preventScroll: true });
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const list = choices(menu);
    list[(list.indexOf(document.activeElement) + step + list.length) % list.length]?.focus();
  });
  const follow = () => button && menu.matches(":popover-open") && place(menu, button);
  addEventListener("scroll", follow, { passive: true, capture: true });
  addEventListener("resize", follow, { passive: true });
}

const choices = (menu) => [...menu.querySelectorAll("a[href], button:not(:disabled)")];

function place(menu, button) {
  menu.classList.add("at");
  const at = button.getBoundingClientRect();
  const own = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - own.width, innerWidth - own.width - 8));
  const below = at.bottom + 4;
  const top = below + own.height > innerHeight - 8 ? Math.max(8, at.top - own.height - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
