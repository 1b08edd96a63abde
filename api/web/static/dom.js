/** Building elements from text alone, so that nothing a document or a person wrote can become markup. */

/** An element with attributes (null and false leave one out), listeners (`onclick`) and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if ((value ?? false) !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const icon = (name) => el("span", { class: `icon icon-${name}`, "aria-hidden": "true" });

export const byId = (id) => document.getElementById(id);

/** Has a screen reader say `text` once, after what it is saying now, in the voice of `lang`, else of the page. */
export function announce(text, lang) {
  const announcer = byId("announcer");
  announcer.append(el("p", { dir: "auto", lang }, text));
  while (announcer.childElementCount > 30) announcer.firstElementChild.remove();
}

/** A new random id; crypto.randomUUID is missing on plain http away from localhost. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Puts `text` on the clipboard, also where the page is not served securely. */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = el("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
