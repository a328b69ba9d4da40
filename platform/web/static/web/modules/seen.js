// A message that is open counts as read: said by a form, so that it works by hand too.
export default function start(form) {
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  fetch(form.action, { method: "POST", headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" } })
    .then((answer) => answer.ok && form.remove()).catch(() => {});
}
