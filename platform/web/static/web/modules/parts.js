// How many SMS parts a text takes as it is typed (3GPP TS 23.038); the preview counts each person's own text.
import { say } from "./words.js";

const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "^{}\\[~]|€\f";

export function parts(text) {
  const chars = [...text];
  const gsm = chars.every((char) => BASIC.includes(char) || EXTENDED.includes(char));
  const widths = chars.map((char) => (gsm ? (EXTENDED.includes(char) ? 2 : 1) : char.length));
  const [alone, each] = gsm ? [160, 153] : [70, 67];
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= alone) return { units, alone, parts: units ? 1 : 0, gsm };
  let count = 1, used = 0;
  for (const width of widths) {
    if (used + width > each) [count, used] = [count + 1, 0];
    used += width;
  }
  return { units, parts: count, gsm };
}

export default function start(form) {
  const body = form.querySelector("textarea[name=body]");
  const told = form.querySelector("[data-parts]");
  const tell = () => {
    const { units, parts: n, gsm } = parts(body.value);
    told.textContent = say(gsm ? "smsParts" : "smsPartsUnicode", { n, units });
  };
  body.addEventListener("input", tell);
  tell();
}
