/** One question and what came of it, as it stands in the page. */
import { announce, el, icon } from "./dom.js";
import { Sentences, afterAnswer, afterwards, helpCard } from "./reply.js";
import { said, t } from "./words.js";

const LONG = 240; // a question past this many characters reads better as text than as a heading
let count = 0;

/** A refusal as it is heard: what comes nearest is no answer, so its question goes before it. */
function spokenRefusal({ answer, nearest, headings, suggestions = [], warnings = [] }) {
  const shown = nearest ? [`${headings?.nearest}: ${suggestions[0]}`, nearest.quote] : [];
  return [answer, ...shown, ...warnings.map(({ text }) => text)].join(" ");
}

export class TurnView {
  /** `onagain` is called when the person asks for another try. */
  constructor(question, { onagain }) {
    this.question = question;
    this.onagain = onagain;
    this.live = false; // true while what arrives is to be spoken
    this.turnId = null; // set while the server may still be working on it
    this.asked = null; // what was sent, and under which idempotency key
    const id = `turn-${(count += 1)}`;
    this.sentences = new Sentences();
    this.heading = el("h2", { class: "asked", id, dir: "auto", tabindex: "-1" }, question);
    this.heading.classList.toggle("long", question.length > LONG);
    this.working = el("p", { class: "working", hidden: true });
    this.end = el("div", {});
    this.element = el("article", { class: "turn", "aria-labelledby": id },
      this.heading, this.sentences.element, this.working, this.end);
  }

  /** Takes away what an earlier try left. */
  begin() {
    this.live = true;
    this.sentences.clear();
    this.end.replaceChildren();
    this.element.setAttribute("aria-busy", "true");
  }

  focus() {
    this.heading.focus({ preventScroll: true });
  }

  status(text) {
    if (this.working.textContent === text) return;
    this.working.textContent = text;
    this.working.hidden = false;
    announce(text);
  }

  citation(citation) {
    this.sentences.citation(citation);
  }

  sentence(sentence) {
    this.sentences.add(sentence);
    if (this.live) this.#say(sentence);
  }

  /** Shows the authoritative reply; what stands there as it should is left alone. `earlier`: feedback and request. */
  settle(reply, earlier = {}) {
    const spoken = this.sentences.length;
    if (reply.abstained) this.sentences.clear();
    else this.sentences.agree(reply);
    this.#close(reply.abstained ? helpCard(reply) : afterAnswer(reply), ...afterwards(reply, earlier));
    if (this.live) this.#speak(reply, spoken);
    this.live = false;
  }

  stopped() {
    const words = t(this.sentences.length ? "stopped" : "stopped_early");
    this.#close(el("div", { class: "ended" }, el("p", {}, words), this.#again(t("ask_again"))));
    announce(words);
  }

  failed(error) {
    const { title, detail } = said(error);
    this.#close(el("section", { class: "trouble", "aria-label": t("what_went_wrong") },
      el("p", { class: "trouble-title" }, icon("warning"), title), el("p", { dir: "auto" }, detail), el("p", {}, t("nothing_lost")),
      this.#again(t("try_again"))));
    announce(`${title}. ${detail} ${t("nothing_lost")}`);
  }

  #speak(reply, spoken) {
    if (reply.abstained) return announce(spokenRefusal(reply));
    reply.sentences.slice(spoken).forEach((sentence) => this.#say(sentence));
    announce(`${t("answer_complete")} ${(reply.warnings ?? []).map(({ text }) => text).join(" ")}`);
  }

  #say(sentence) {
    announce(sentence.text, this.sentences.languageOf(sentence));
  }

  #again(label) {
    return el("button", { type: "button", class: "button", onclick: () => this.onagain(this) }, icon("again"), label);
  }

  #close(...parts) {
    this.working.hidden = true;
    this.working.textContent = "";
    this.element.removeAttribute("aria-busy");
    this.end.replaceChildren(...parts);
  }
}
