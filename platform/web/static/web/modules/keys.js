// Keys of the whole page: Ctrl K finds anything, / goes to the list's search.
export default function start(body) {
  body.addEventListener("click", (event) => {
    const link = event.target.closest("[data-palette]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const link = document.querySelector("[data-palette]");
      if (!link) return;
      event.preventDefault();
      open(link);
    } else if (event.key === "/" && !event.target.closest?.("input, textarea, select, [contenteditable]")) {
      const field = document.querySelector("[data-slash]");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
}

async function open(link) {
  try {
    (await import("./palette.js")).open(link);
  } catch {
    location.assign(link.href);
  }
}
