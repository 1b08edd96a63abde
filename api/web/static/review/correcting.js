/** A proposal as a form: its words, its country, its dates, and the documents that it rests on. */
import { el } from "../dom.js";
import { get } from "../staff/call.js";

const countries = get("/catalogue").then(({ jurisdictions }) => jurisdictions, () => []);

/** The documents that bear on a proposal, each once: `[[version, title, whether it rests on it], …]`. */
export function documentsOf({ supports, conflicts, nearest, would_cite: cites }) {
  const found = new Map([...supports, ...conflicts, nearest].filter(Boolean).map((one) => [one.version, one.title]));
  return [...found].map(([version, title]) => [version, title, cites.includes(version)]);
}

/** `save(fields)` gets what was changed alone, null for what was emptied; `cancel()` when nothing is to be. */
export function correctingForm(review, { save, cancel }) {
  const { example } = review;
  const boxes = {
    question: area("Question", example.question, { rows: "2", required: true }),
    answer: area("Answer", example.answer, { rows: "6", required: true }),
    jurisdiction: input("Country", example.jurisdiction, { list: "edit-countries", maxlength: "16", autocomplete: "off", placeholder: "all" }),
    effective_from: input("Holds from", example.effective_from, { type: "date" }),
    effective_to: input("Holds until", example.effective_to, { type: "date" }),
    source: input("Source", example.source, { maxlength: "2000", autocomplete: "off" }),
  };
  const rests = documentsOf(review).map(([version, title, chosen]) => choice(version, title, chosen));
  const other = input("Another document, by its path", "", { autocomplete: "off", placeholder: "canada/fees.md" });
  const known = el("datalist", { id: "edit-countries" });
  countries.then((items) => known.append(...items.map(({ code, name }) => el("option", { value: code }, name))));
  const { question, answer, jurisdiction, effective_from: from, effective_to: to, source } = boxes;
  const form = el("form", { class: "reply-form correcting" }, ...question.parts, ...answer.parts,
    el("div", { class: "beside" }, ...[jurisdiction, from, to].map(({ parts }) => el("div", {}, ...parts))), ...source.parts, known,
    el("fieldset", {}, el("legend", {}, "It rests on"), ...rests.map(({ label }) => label), ...other.parts,
      el("p", { class: "soft" }, "When one of these changes, it is no longer served.")),
    el("div", { class: "panel-actions" }, el("button", { type: "submit", class: "button filled" }, "Save and approve"),
      el("button", { type: "button", class: "quiet", onclick: cancel }, "Cancel")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.entries(boxes).map(([name, { box }]) => [name, box.value.trim() || null])
      .filter(([name, value]) => value !== (example[name] || null));
    const cites = [...rests.filter(({ box }) => box.checked).map(({ box }) => box.value), other.box.value.trim()].filter(Boolean);
    const same = cites.length === review.would_cite.length && cites.every((one) => review.would_cite.includes(one));
    save({ ...Object.fromEntries(fields), ...(same ? {} : { cites }) });
  });
  form.addEventListener("keydown", (event) => event.key === "Escape" && cancel());
  return form;
}

let number = 0;

function labelled(box, label, value) {
  box.value = value ?? "";
  return { box, parts: [el("label", { for: box.id }, label), box] };
}

const area = (label, value, more) => labelled(el("textarea", { id: `edit-${number++}`, dir: "auto", maxlength: "20000", ...more }), label, value);
const input = (label, value, more) => labelled(el("input", { id: `edit-${number++}`, dir: "auto", ...more }), label, value);

function choice(version, title, chosen) {
  const box = el("input", { type: "checkbox", value: version });
  box.checked = chosen;
  return { box, label: el("label", { class: "choice" }, box, title) };
}
