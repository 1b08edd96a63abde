/** One document as a row of the table, which a narrow window shows as a card. */
import { el, icon } from "../dom.js";
import { changed, heldBack, inForce, nextCheck, place, stateWords } from "./words.js";

/** `on` has what may be done: open, pick, reread, remove, restore. */
export function documentRow(item, { picked, on }) {
  const cell = (label, look, ...content) => el("td", { class: look, "data-label": label }, ...content);
  return el("tr", { "data-id": item.id, class: `is-${item.state}${picked ? " picked" : ""}` },
    el("td", { class: "pick" }, pickBox(item, picked, on)),
    el("th", { scope: "row", class: "name" }, ...nameOf(item, on)),
    cell(null, "state", ...stateOf(item)),
    cell(null, "fact", place(item.jurisdiction)),
    cell("In force", "fact dates", inForce(item)),
    cell("Passages", "fact number", item.version ? String(item.chunks) : ""),
    cell("Changed", "fact", changed(item.updated_at)),
    cell(item.due ? null : "Next check", `fact dates ${item.due ?? ""}`, nextCheck(item)),
    el("td", { class: "doing" }, ...actionsOf(item, on)));
}

function pickBox(item, picked, on) {
  if (!item.editable || item.state === "removed") return "";
  const box = el("input", { type: "checkbox", "aria-label": `Choose ${item.title}`, onclick: (event) => on.pick(item, event) });
  box.checked = picked;
  return box;
}

function nameOf(item, on) {
  const title = item.state === "removed"
    ? el("span", { class: "title", dir: "auto" }, item.title)
    : el("button", { type: "button", class: "title", dir: "auto", lang: item.language, onclick: () => on.open(item) }, item.title);
  return [title, el("span", { class: "id" }, ...pathOf(item))];
}

/** The path without the folder that all share, with places where it may break. */
function pathOf({ id, editable }) {
  const parts = id.split("/").slice(editable ? 1 : 0);
  return parts.flatMap((part, at) => (at < parts.length - 1 ? [`${part}/`, el("wbr")] : [part]));
}

function stateOf(item) {
  const { word, icon: shape } = stateWords(item);
  const parts = [el("span", { class: "word" }, icon(shape), word)];
  if (item.detail) parts.push(el("span", { class: "detail", dir: "auto" }, item.detail));
  if (item.suspicious) parts.push(el("span", { class: "detail held" }, heldBack(item.suspicious)));
  return parts;
}

function actionsOf(item, on) {
  const act = (label, shape, what) => el("button",
    { type: "button", class: "quiet only-icon", "aria-label": `${label} ${item.title}`, title: label, onclick: () => what(item) }, icon(shape));
  if (item.state === "removed") {
    return [el("button", { type: "button", class: "quiet", "aria-label": `Bring back ${item.title}`, onclick: () => on.restore(item) }, icon("again"), "Bring back")];
  }
  return item.editable ? [act("Read again", "again", on.reread), act("Remove", "bin", on.remove)] : [];
}
