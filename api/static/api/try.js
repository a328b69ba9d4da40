// Sends a GET of the page's own examples with the session of whoever reads it, and shows what came back.
export default function start(element) {
  const base = element.dataset.base
  for (const form of element.querySelectorAll("[data-try]")) {
    form.hidden = false
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      const out = form.querySelector("output")
      const target = new URL(form.elements.path.value, base)
      if (target.origin !== window.location.origin || !target.pathname.startsWith("/api/v1/")) return
      out.textContent = "…"
      try {
        const answer = await fetch(target, { headers: { Accept: "application/json" } })
        const text = await answer.text()
        const shown = text ? JSON.stringify(JSON.parse(text), null, 2) : ""
        out.textContent = `${answer.status} ${answer.statusText}\n${shown.slice(0, 20000)}`
      } catch (error) {
        out.textContent = String(error)
      }
    })
  }
}
