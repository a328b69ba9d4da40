// <form data-module="confirm" data-title data-text data-do>: asks once more, and the button names the result.
import { say } from "./words.js";

export default function start(form) {
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const asked = submitter?.dataset.title ? submitter.dataset : form.dataset;
    if (!(await ask(asked))) return;
    sure = true;
    form.requestSubmit(submitter);
    sure = false;
  }, { capture: true });
}

export function ask({ title, text = "", do: act, danger }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "ask-title");
  dialog.innerHTML = '<form method="dialog"><header><h2 id="ask-title"></h2></header><div class="in"><p></p></div>'
    + '<footer><button class="btn" value="no"></button><button class="btn" value="yes"></button></footer></form>';
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text;
  const [no, yes] = dialog.querySelectorAll("button");
  no.textContent = say("cancel");
  yes.textContent = act || say("confirm");
  yes.classList.add(danger === undefined ? "primary" : "danger");
  document.body.append(dialog);
  dialog.showModal();
  yes.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
