// Suggests an address from the school's name until somebody types one; the server checks either.
export default function start(form) {
  const name = form.elements.name;
  const slug = form.elements.slug;
  let own = Boolean(slug.value);
  slug.addEventListener("input", () => (own = Boolean(slug.value)));
  name.addEventListener("input", () => {
    if (!own) slug.value = suggest(name.value);
  });
}

export function suggest(name) {
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "").toLowerCase();
  const short = plain.replace(/\b(the|school|academy|primary|secondary|junior|senior|high)\b/g, " ");
  const words = (short.match(/[a-z0-9]+/g) ?? plain.match(/[a-z0-9]+/g) ?? []).join("-");
  return words.replace(/^[^a-z]+/, "").slice(0, 40).replace(/-+$/, "");
}
