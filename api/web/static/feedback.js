/** Whether a reply helped, and if not why: kept with its question, so that editors learn what is missing. */
import { sendFeedback } from "./api.js";
import { announce, el, icon } from "./dom.js";
import { feedbackReasons, t } from "./words.js";

export class Feedback {
  #given;

  /** `given` is what was said of this turn before: `{helpful, reason, text}`, or null. */
  constructor(turnId, given = null) {
    this.turnId = turnId;
    this.#given = given;
    this.yes = this.#thumb(t("yes"), "thumb-up", true);
    this.no = this.#thumb(t("no"), "thumb-down", false);
    this.said = el("p", { class: "feedback-said", role: "status" });
    this.why = el("form", { class: "why", hidden: true, onsubmit: (event) => this.#sendWhy(event) });
    this.element = el("div", { class: "feedback" },
      el("div", { class: "feedback-row", role: "group", "aria-label": t("did_this_help") },
        el("span", { "aria-hidden": "true" }, t("did_this_help")), this.yes, this.no),
      this.why, this.said);
    this.#show();
  }

  #thumb(label, shape, helpful) {
    return el("button", { type: "button", class: "quiet thumb", onclick: () => this.#choose(helpful) }, icon(shape), label);
  }

  #choose(helpful) {
    const before = this.#given;
    if (before?.helpful === helpful) return;
    this.#keep({ helpful, reason: null, text: null }, helpful ? t("thanks") : `${t("thanks")} ${t("what_was_wrong")}`);
  }

  async #keep(feedback, words) {
    const before = this.#given;
    this.#given = feedback;
    this.#show();
    try {
      await sendFeedback({ turn_id: this.turnId, ...feedback });
      this.#say(words);
    } catch {
      this.#given = before;
      this.#show();
      this.#say(t("not_kept"));
    }
  }

  #say(words) {
    this.said.textContent = words;
    announce(words);
  }

  #show() {
    const helpful = this.#given?.helpful;
    this.yes.setAttribute("aria-pressed", String(helpful === true));
    this.no.setAttribute("aria-pressed", String(helpful === false));
    const asking = helpful === false;
    if (asking && this.why.hidden) this.why.replaceChildren(...this.#questions());
    this.why.hidden = !asking;
  }

  #questions() {
    const name = `why-${this.turnId}`;
    const reasons = Object.entries(feedbackReasons).map(([value, words]) =>
      el("label", { class: "reason" },
        el("input", { type: "radio", name, value, checked: value === this.#given?.reason }), el("span", {}, words)));
    const field = el("textarea", { name: "text", rows: "2", maxlength: "2000", dir: "auto", placeholder: " ", id: `${name}-text` });
    field.value = this.#given?.text ?? "";
    return [
      el("fieldset", {}, el("legend", {}, t("what_was_wrong")), el("div", { class: "reasons" }, ...reasons)),
      el("label", { class: "why-label", for: field.id }, t("own_words")), field,
      el("button", { type: "submit", class: "button" }, t("send")),
    ];
  }

  async #sendWhy(event) {
    event.preventDefault();
    const reason = this.why.querySelector("input:checked")?.value ?? null;
    const text = this.why.querySelector("textarea").value.trim() || null;
    await this.#keep({ helpful: false, reason, text }, t("editors_read"));
    if (this.said.textContent !== t("not_kept")) this.why.hidden = true;
  }
}
