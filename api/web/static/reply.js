/** The parts of a reply: sentences with their marks, warnings, sources, and the card that stands for an abstention. */
import { announce, copyText, el, icon } from "./dom.js";
import { Feedback } from "./feedback.js";
import { Handoff } from "./handoff.js";
import { mark, official } from "./source.js";
import { country, date, documentHref, ended, host, reviewed, t, validity, webAddress, writer } from "./words.js";

const SENTENCES_A_PARAGRAPH = 3; // a screen of a phone holds about three paragraphs of three sentences

/** The sentences of an answer, in paragraphs that end where the source changes. */
export class Sentences {
  #citations = new Map();
  #shown = [];

  constructor() {
    this.element = el("div", { class: "answer", hidden: true });
  }

  get length() {
    return this.#shown.length;
  }

  citation(citation) {
    this.#citations.set(citation.id, citation);
  }

  /** That of the document a sentence is quoted from; a translated one is in the asker's, which is mostly the page's. */
  languageOf({ citations: [first], original }) {
    return original ? null : this.#citations.get(first)?.language;
  }

  add(sentence) {
    const known = sentence.citations.map((id) => this.#citations.get(id)).filter(Boolean);
    const [head, tail] = cut(sentence.text);
    const end = el("span", { class: "marks" }, tail, ...known.map((citation) => mark(citation)));
    const spoken = known[0]?.language;
    const original = sentence.original ? el("span", { class: "original", dir: "auto", lang: spoken }, sentence.original) : null;
    this.#paragraph(known[0]?.document_id, Boolean(sentence.original)).append(el("span", { class: "sentence arriving", lang: this.languageOf(sentence) }, head, end, original), " ");
    this.#shown.push(sentence);
    this.element.hidden = false;
  }

  /** Makes the sentences those of `reply`; those already standing are left alone, so that nothing jumps. */
  agree(reply) {
    reply.citations.forEach((citation) => this.citation(citation));
    const standing = reply.sentences.slice(0, this.length);
    if (JSON.stringify(this.#shown.map(bare)) !== JSON.stringify(standing.map(bare))) this.clear();
    reply.sentences.slice(this.length).forEach((sentence) => this.add(sentence));
  }

  clear() {
    this.#shown = [];
    this.element.replaceChildren();
    this.element.hidden = true;
  }

  /** Sentences of one document and one language stand together: those of two may run in two directions. */
  #paragraph(documentId, translated) {
    const kind = `${documentId} ${translated}`;
    const last = this.element.lastElementChild;
    const full = last?.querySelectorAll(".sentence").length >= SENTENCES_A_PARAGRAPH;
    if (last && !full && last.dataset.kind === kind) return last;
    const paragraph = el("p", { dir: "auto", "data-kind": kind });
    this.element.append(paragraph);
    return paragraph;
  }
}

const LAST_SIGN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{P}*\s*$/u;
const LAST_WORD = /\S{1,16}\s*$/u;

/** A sentence as all but its end, and the end that must stay on one line with the marks: a word, or a sign where none are. */
function cut(text) {
  const tail = (LAST_SIGN.exec(text) ?? LAST_WORD.exec(text))?.[0].trimEnd() ?? "";
  const whole = text.trimEnd();
  return [whole.slice(0, whole.length - tail.length), tail];
}

const bare = ({ text, citations, original }) => ({ text, citations, original: original ?? null });

/** What stands under an answer. */
export function afterAnswer(reply) {
  return el("div", { class: "after" }, warnings(reply), steps(reply), sources(reply), foot(reply));
}

/** Under every reply: whether it helped, and the way to a person. */
export function afterwards(reply, { feedback = null, request = null } = {}) {
  const handoff = new Handoff(reply, request);
  const row = el("div", { class: "afterwards" }, new Feedback(reply.turn_id, feedback).element, handoff.button);
  return [row, handoff.element];
}

/** The card that says why nothing was answered and what helps; its title tells where its lines begin. */
export function helpCard(reply) {
  const next = reply.next_steps ?? [];
  const headings = reply.headings ?? {};
  return el("section", { class: "help", dir: "auto", lang: headings.language, "aria-label": t("no_answer") },
    el("p", { class: "help-title" }, icon("help"), el("span", {}, headings.title)),
    el("p", { dir: "auto" }, reply.answer),
    nearest(reply, headings.nearest),
    warnings(reply),
    suggestions(reply, headings.suggestions),
    next.length ? el("h3", {}, headings.next_steps) : null,
    next.length ? list(next) : null);
}

/** What stands under the first question that is offered, to be read before anything else is asked. */
function nearest({ nearest: quoted, suggestions: [question] = [] }, heading) {
  if (!quoted) return null;
  return el("section", { class: "nearest" },
    el("p", { class: "eyebrow" }, heading),
    el("h3", { dir: "auto" }, question),
    el("blockquote", { dir: "auto", lang: quoted.language }, quoted.quote.replace(/\s*\n\s*/g, "\n")),
    whereItStands(quoted));
}

/** Questions that the documents answer; a click asks one. What is shown already need not be asked. */
function suggestions({ suggestions: found = [], originals = [], nearest: shown }, heading) {
  const all = shown ? found.slice(1) : found;
  if (!all.length) return null;
  const original = (at) => (originals[at] ? el("span", { class: "original", lang: "en", dir: "ltr" }, originals[at]) : null);
  const ask = (question, at) => el("li", {}, el("button", { type: "button", class: "example", "data-question": question },
    el("span", { dir: "auto" }, question, original(at)), icon("arrow")));
  return el("section", { class: "suggestions" }, el("h3", {}, heading),
    el("ul", { class: "examples" }, ...all.map(ask)));
}

function warnings({ warnings: all = [] }) {
  if (!all.length) return null;
  const note = ({ text }) => el("li", { class: "note" }, icon("warning"), el("span", { dir: "auto" }, text));
  return el("ul", { class: "warnings", "aria-label": t("please_note") }, ...all.map(note));
}

function steps({ next_steps: next = [] }) {
  if (!next.length) return null;
  return el("section", { class: "steps" }, el("h3", {}, t("next_steps")), list(next));
}

const list = (texts) => el("ul", { dir: "auto" }, ...texts.map((text) => el("li", {}, ...withLinks(text))));

/** A text whose web addresses are links, each shown as the site it leads to. */
function withLinks(text) {
  const parts = text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/u);
  return parts.map((part, i) => (i % 2 ? official(part, host(part), icon("out")) : part));
}

function sources({ citations = [] }) {
  if (!citations.length) return null;
  const byDocument = new Map();
  for (const citation of citations) {
    const key = `${citation.document_id}\n${citation.version}`;
    byDocument.set(key, [...(byDocument.get(key) ?? []), citation]);
  }
  const items = [...byDocument.values()].map(source);
  return el("section", { class: "sources" }, el("h3", {}, t("sources")), el("ol", {}, ...items));
}

const source = (citations) =>
  el("li", {}, whereItStands(citations[0]), el("span", { class: "numbers" }, ...citations.map((citation) => mark(citation))));

/** The document of a quote: its title, which leads to the place, its country and dates, and the official page. */
function whereItStands(citation) {
  const { title, jurisdiction, reviewed_on: checked } = citation;
  const url = webAddress(citation.url);
  const where = [country(jurisdiction), reviewed(checked), validity(citation)].filter(Boolean).join(" · ");
  return el("div", { class: "place" },
    el("a", { class: "title", dir: "auto", lang: citation.language, href: documentHref(citation) }, title),
    el("p", { class: "where" }, where),
    url ? el("p", { class: "where" }, official(url, t("official_page_on", { host: host(url) }))) : null);
}

/** Who wrote an answer; of an approved one also when a person stood for it. */
function written({ mode, citations: [first] = [] }) {
  const approved = mode === "approved" && first?.reviewed_on;
  return approved ? t("by_approved_on", { date: date(first.reviewed_on) }) : writer(mode);
}

function foot(reply) {
  const said = [written(reply), reply.as_of ? t("rules_as_of", { date: date(reply.as_of) }) : null].filter(Boolean).join(" ");
  const label = el("span", {}, t("copy"));
  const attributes = { type: "button", class: "quiet", "aria-label": t("copy_label") };
  const copy = el("button", { ...attributes, onclick: () => copied(reply, label) }, icon("copy"), label);
  return el("div", { class: "foot" }, el("p", {}, said), copy);
}

async function copied(reply, label) {
  await copyText(asText(reply));
  label.textContent = t("copied");
  announce(t("copied"));
  setTimeout(() => (label.textContent = t("copy")), 2000);
}

/** The answer as plain text with numbered sources, for a letter or a message. */
function asText({ sentences, citations, as_of: asOf }) {
  const marks = (ids) => ids.map((id) => `[${id}]`).join("");
  const line = ({ text, citations: ids, original }) => `${text} ${marks(ids)}${original ? `\n  ${original}` : ""}`;
  const body = sentences.map(line).join("\n");
  const place = (one) => `${one.title}, ${country(one.jurisdiction)}. ${ended(reviewed(one.reviewed_on))} ${one.url ?? ""}`;
  const places = citations.map((one) => `[${one.id}] ${place(one)}`.trim());
  return [body, "", t("sources"), ...places, "", `${t("rules_as_of", { date: date(asOf) })} ${t("not_legal_advice")}`].join("\n");
}
