/** One proposal with all that bears on it: what supports it, what says otherwise, what people are told today. */
import { byId, el, icon } from "../dom.js";
import { get } from "../staff/call.js";
import { date, documentHref } from "../words.js";
import { correctingForm } from "./correcting.js";
import { difference } from "./difference.js";
import { STATUSES, masked } from "./words.js";

const ALIKE = 0.3; // share of the longer answer's words that both have for a difference to be worth reading
const button = (look, label, onclick, key) =>
  el("button", { type: "button", class: look, onclick }, label, key ? el("kbd", { class: "keycap", "aria-hidden": "true" }, key) : null);

export class Panel {
  #id = null;
  #review = null;

  /** `on` has approve, reject, save(fields) and act(name). */
  constructor(on) {
    this.on = on;
    this.element = byId("proposal");
  }

  clear() {
    this.#id = this.#review = null;
    this.element.replaceChildren();
  }

  async open(id) {
    this.#id = id;
    try {
      const review = await get(`/training/examples/${encodeURIComponent(id)}`);
      if (this.#id === id) this.#show((this.#review = review));
    } catch (error) {
      if (this.#id === id) this.element.replaceChildren(el("p", { class: "note" }, icon("warning"), el("span", {}, error.message)));
    }
  }

  #show({ example, near, supports, conflicts, unsupported, nearest, would_cite: cites, now }) {
    const words = [
      el("p", { class: "proposed", dir: "auto" }, example.answer),
      dates(example),
      example.masked.length ? el("p", { class: "note" }, icon("warning"), el("span", {}, masked(example.masked))) : null,
      example.reason ? el("p", {}, `Reason: ${example.reason}`) : null,
      this.#decisions(example),
      unsupported.length ? el("p", { class: "note" }, icon("warning"), el("span", {}, `${unsupported.length === 1 ? "One sentence stands" : `${unsupported.length} sentences stand`} in no current document.`)) : null,
      restsOn(cites, [...supports, nearest]),
    ];
    const evidence = [
      section("What says otherwise", conflicts.map((one) => place(one, "against")), "Nothing was found that says otherwise."),
      supports.length || !nearest ? section("What supports it", supports.map((one) => place(one, "for")), "No document carries it.")
        : section("Nothing carries it; this comes nearest", [place(nearest, "near")]),
      section("Near questions", near.map(neighbour), "No question like it was proposed before."),
    ];
    const parts = [
      el("p", { class: "soft" }, [STATUSES[example.status], example.jurisdiction, example.language, `proposed by ${example.proposed_by}`].filter(Boolean).join(" · ")),
      el("h2", { dir: "auto" }, example.question),
      el("div", { class: "weighed" }, el("div", { class: "words" }, ...words.filter(Boolean)), el("div", { class: "evidence" }, ...evidence),
        el("div", { class: "told" }, el("h3", {}, "What people are told today"), today(now, example))),
    ];
    this.element.replaceChildren(...parts);
  }

  #decisions({ acts }) {
    const all = [
      acts.includes("approve") ? button("button filled", "Approve", this.on.approve, "A") : null,
      acts.includes("approve") ? button("button", "Correct", () => this.edit(), "E") : null,
      acts.includes("reject") ? button("button", "Reject", this.on.reject, "R") : null,
      acts.includes("resume") ? button("button filled", "It still holds", () => this.on.act("resume")) : null,
      acts.includes("retry") ? button("button", "Train again", () => this.on.act("retry")) : null,
      acts.includes("unapprove") || acts.includes("reopen") ? button("button", "Take back", () => this.on.act("undo")) : null,
      acts.includes("revoke") ? button("button danger", "Withdraw", () => this.on.act("revoke")) : null,
    ];
    return el("div", { class: "panel-actions" }, ...all);
  }

  /** Turns the proposal into a form; what is saved is approved. */
  edit() {
    const review = this.#review;
    if (!review?.example.acts.includes("approve")) return;
    const form = correctingForm(review, { save: this.on.save, cancel: () => this.#show(review) });
    this.element.replaceChildren(form);
    form.querySelectorAll("textarea")[1].focus();
  }
}

/** The documents that an approval will name. */
function restsOn(cites, places) {
  if (!cites.length) return el("p", { class: "note" }, icon("warning"), el("span", {}, "It cannot be approved until it names a document that it rests on: choose one when you correct it."));
  const titles = cites.map((version) => places.find((one) => one?.version === version)?.title).filter(Boolean);
  const which = titles.length === cites.length ? titles.map((title) => `“${title}”`).join(" and ") : cites.length === 1 ? "one document" : `${cites.length} documents`;
  return el("p", { class: "soft" }, `It will rest on ${which}; when that changes, it is no longer served. To choose others, correct it.`);
}

function dates({ effective_from: from, effective_to: to, source }) {
  const said = [from ? `from ${date(from)}` : "", to ? `until ${date(to)}` : "", source ? `Source: ${source}` : ""].filter(Boolean);
  return said.length ? el("p", { class: "soft" }, said.join(" · ")) : null;
}

function section(title, parts, empty) {
  return el("section", {}, el("h3", {}, title), ...(parts.length ? parts : [el("p", { class: "soft" }, empty)]));
}

function place({ document_id, version, start, end, quote, title, said, instead, current }, look) {
  const differs = said && instead ? el("p", {}, "It says ", el("strong", {}, instead), " where the proposal says ", el("strong", {}, said), ".") : null;
  return el("blockquote", { class: `quoted ${look}` }, el("p", { dir: "auto" }, quote), differs,
    el("p", { class: "soft" }, el("a", { href: documentHref({ document_id, version, start, end }) }, title), current ? "" : " · no longer current"));
}

/** What stays and what goes of today's answer; where the two have little in common, today's alone. */
function today({ answer, abstained, same_as_proposed: same }, example) {
  if (abstained) return el("p", { class: "soft" }, "Nothing: the question is refused.");
  if (same) return el("p", { class: "soft" }, "The very same.");
  const runs = difference(answer, example.answer);
  const length = (words) => words.split(" ").length;
  const kept = runs.reduce((sum, [kind, words]) => sum + (kind === "same" ? length(words) : 0), 0);
  if (kept < ALIKE * Math.max(length(answer), length(example.answer))) {
    return el("blockquote", { class: "quoted" }, el("p", { dir: "auto" }, answer), el("p", { class: "soft" }, "The proposal has hardly a word of it."));
  }
  return el("p", { class: "difference", dir: "auto" }, ...runs.map(([kind, words]) =>
    kind === "same" ? `${words} ` : el(kind === "gone" ? "del" : "ins", {}, `${words} `)));
}

function neighbour({ example, likeness, same, differs }) {
  const words = differs ? "the same question with another answer" : same ? "the same question" : `alike by ${Math.round(likeness * 100)}%`;
  return el("blockquote", { class: differs ? "quoted against" : "quoted" }, el("p", { class: "soft" }, `${STATUSES[example.status]} · ${words}`),
    el("p", { dir: "auto" }, el("strong", {}, example.question)), el("p", { dir: "auto" }, example.answer));
}
