// A file can be dropped on its field; its name and size are shown, one that is too large is refused before it is sent.
import { say } from "./words.js";

export default function start(label) {
  const input = label.querySelector("input[type=file]");
  const said = label.querySelector("[data-chosen]");
  if (!input || !said) return;
  const hint = said.textContent;
  const limit = Number(input.dataset.maxMb || 0);

  function show() {
    const files = [...input.files];
    if (limit && files.some((file) => file.size > limit * 1048576)) {
      input.value = "";
      said.textContent = say("fileTooBig", { max: limit });
      said.classList.add("bad-t");
      return;
    }
    said.classList.remove("bad-t");
    said.textContent = files.length ? files.map((file) => `${file.name} · ${size(file.size)}`).join(", ") : hint;
  }

  input.addEventListener("change", show);
  label.addEventListener("dragover", (event) => {
    event.preventDefault();
    label.classList.add("over");
  });
  label.addEventListener("dragleave", () => label.classList.remove("over"));
  label.addEventListener("drop", (event) => {
    event.preventDefault();
    label.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function size(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
