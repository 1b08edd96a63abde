/** Asking a person: the form, its receipt, and what came back. Nothing is said to have happened that did not. */
import { askPerson, closeRequest, draftRequest, getRequest, getTopics } from "./api.js";
import { announce, el, icon, newKey } from "./dom.js";
import { language, requestStatus, said, stamp, t } from "./words.js";

const LOOK_AGAIN_MS = 15_000;
const button = (look, label, onclick, shape) =>
  el("button", { type: "button", class: look, onclick }, shape ? icon(shape) : null, label);

/** The language that somebody reads, for whoever answers; nobody knows it of an answer on a page that was left in English. */
const spokenIn = ({ headings }) => headings?.language ?? (language === "en" ? null : language);

export class Handoff {
  #asked = null; // what was sent, and under which idempotency key

  /** `reply` is what the person was told; `request` the one that was made of it before, or null. `element` has the
   *  button and what comes of it; the button is away while there is a form or a receipt. */
  constructor(reply, request = null) {
    this.reply = reply;
    this.element = el("div", { class: "handoff" });
    this.button = button(`${reply.abstained ? "button" : "quiet"} to-person`, t("ask_a_person"), () => this.#open(), "person");
    if (request) this.#restore(request);
  }

  #put(...parts) {
    this.button.hidden = parts.length > 0;
    this.element.replaceChildren(...parts);
  }

  #cancel() {
    this.#put();
    this.button.focus();
  }

  async #open() {
    this.#put(el("p", { class: "working", role: "status" }, t("preparing_request")));
    try {
      const [draft, { items }] = await Promise.all([draftRequest(this.reply.turn_id), getTopics(language)]);
      this.topics = items;
      this.#form(draft, items);
    } catch (error) {
      this.#failed(error, () => this.#open());
    }
  }

  /** Shows a request that was made before, and names its topic once the topics are there. */
  async #restore(request) {
    this.#show(request);
    const topics = await getTopics(language).catch(() => null);
    if (!topics) return;
    this.topics = topics.items;
    const hours = request.hours ?? this.topics.find(({ id }) => id === request.topic)?.hours;
    if (this.element.isConnected && this.shown === request) this.#show({ ...request, hours });
  }

  #title(topic) {
    return this.topics?.find(({ id }) => id === topic)?.title ?? topic;
  }

  #form(draft, topics) {
    const id = `ask-${this.reply.turn_id}`;
    const topic = el("select", { id: `${id}-topic`, name: "topic" },
      ...topics.map((one) => el("option", { value: one.id, selected: one.id === (draft.topic ?? "other") }, one.title)));
    const description = el("textarea", { id: `${id}-text`, rows: "5", required: true, maxlength: "4000", dir: "auto" });
    description.value = draft.description;
    const contact = el("input", { id: `${id}-contact`, maxlength: "200", autocomplete: "email", dir: "auto", placeholder: " " });
    const send = el("button", { type: "submit", class: "button filled" }, t("send_to_person"));
    const form = el("form", { class: "ask-person", "aria-label": t("ask_a_person") },
      el("h3", { tabindex: "-1" }, t("ask_a_person")),
      el("label", { for: topic.id }, t("what_about")), topic,
      el("label", { for: description.id }, t("what_to_know")), description,
      el("label", { for: contact.id }, t("how_to_reach")), contact,
      el("p", { class: "small" }, t("staff_see")),
      el("div", { class: "ask-actions" }, send, button("quiet", t("cancel"), () => this.#cancel())));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(form, { topic: topic.value, description: description.value.trim(), contact: contact.value.trim() || null });
    });
    this.#put(form);
    form.querySelector("h3").focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  async #send(form, said) {
    if (!said.description) return form.querySelector("textarea").focus();
    const { turn_id, conversation_id } = this.reply;
    const body = JSON.stringify({ ...said, turn_id, conversation_id, language: spokenIn(this.reply) });
    if (this.#asked?.body !== body) this.#asked = { body, key: newKey() };
    form.querySelectorAll("button, select, textarea, input").forEach((field) => (field.disabled = true));
    try {
      this.#show(await askPerson(body, this.#asked.key));
      announce(t("request_kept"));
      this.element.querySelector("h3").focus({ preventScroll: true });
    } catch (error) {
      form.querySelectorAll(":disabled").forEach((field) => (field.disabled = false));
      form.querySelector(".trouble")?.remove();
      form.querySelector(".ask-actions").before(this.#trouble(error));
    }
  }

  #trouble(error) {
    const words = `${t("request_not_sent")} ${said(error).detail}`;
    announce(words);
    return el("p", { class: "trouble", role: "alert" }, `${words} ${t("still_here")}`);
  }

  #failed(error, again) {
    this.#put(this.#trouble(error), button("button", t("try_again"), again, "again"));
  }

  /** The receipt with what has become of the request, looked at again while somebody may still answer. */
  #show(request) {
    this.shown = request;
    const words = requestStatus(request.status);
    const replies = (request.replies ?? []).map(humanReply);
    this.#put(el("section", { class: "receipt", "aria-label": t("request_to_person") },
      el("h3", { tabindex: "-1" }, icon(request.status === "answered" ? "check" : "person"), words.title),
      el("p", {}, words.text),
      request.hours && words.isOpen ? el("p", { dir: "auto" }, request.hours.sentence) : null,
      ...replies,
      el("p", { class: "small" }, `${t("receipt", { number: request.id.slice(0, 8) })} · ${this.#title(request.topic)} · ${stamp(request.created_at)}`),
      request.status === "closed" ? null : button("quiet", t(request.status === "answered" ? "that_answers_it" : "no_longer_needed"), () => this.#close(request))));
    clearTimeout(this.timer);
    if (request.status !== "closed") this.timer = setTimeout(() => this.#look(request), LOOK_AGAIN_MS);
  }

  async #look(request) {
    if (!this.element.isConnected) return;
    const fresh = document.hidden ? request : { hours: request.hours, ...(await getRequest(request.id).catch(() => request)) };
    const arrived = (fresh.replies ?? []).slice((request.replies ?? []).length);
    if (arrived.length || fresh.status !== request.status) this.#show(fresh);
    else this.timer = setTimeout(() => this.#look(fresh), LOOK_AGAIN_MS);
    arrived.forEach(({ text }) => announce(t("person_replied", { text })));
  }

  async #close(request) {
    try {
      this.#show({ ...request, ...(await closeRequest(request.id)) });
    } catch (error) {
      this.element.append(el("p", { class: "trouble", role: "alert" }, said(error).detail));
    }
  }
}

function humanReply({ author, text, created_at: at }) {
  return el("blockquote", { class: "human" },
    el("p", { class: "who" }, icon("person"), `${t("a_person", { name: author || t("member_of_staff") })} · ${stamp(at)}`),
    el("p", { class: "words", dir: "auto" }, text));
}
