/** What is said of a document, as a list of names and values. */
import { el, icon } from "../dom.js";
import { date, host, webAddress } from "../words.js";
import { heldBack, inForce, language, place, reviewWords, STATES } from "./words.js";

export function facts(found) {
  const address = webAddress(found.source_url);
  const official = address && el("a", { href: address, rel: "noopener noreferrer" }, host(address), icon("out"));
  const rows = [
    ["Country", place(found.jurisdiction)],
    ["Language", language(found.language)],
    ["In force", inForce(found)],
    ["Replaces", found.supersedes],
    ["Checked by a person", found.version && reviewWords(found)],
    ["To be checked by", found.review_by && date(found.review_by)],
    ["Official page", official],
    ["Passages", found.version && String(found.passages_total)],
  ];
  return el("dl", { class: "facts" }, ...rows.filter(([, value]) => value).map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** The state in words, with the reason and what is held back. */
export function stateNotes(found) {
  const { word, icon: shape } = STATES[found.state];
  const notes = [];
  if (found.state !== "live") notes.push(note(shape, el("strong", {}, `${word}. `), found.detail ?? ""));
  if (found.suspicious) {
    notes.push(note("warning", `${heldBack(found.suspicious)}. No answer uses ${found.suspicious === 1 ? "it" : "them"} until you release ${found.suspicious === 1 ? "it" : "them"} below.`));
  }
  return notes;
}

const note = (shape, ...words) => el("p", { class: "note" }, icon(shape), el("span", { dir: "auto" }, ...words));
