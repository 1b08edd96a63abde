/** One request beside the list: who asked what, the conversation with its sources, what was sent, and the reply. */
import { byId, el, icon, newKey } from "../dom.js";
import { toast } from "../staff/toast.js";
import { close, getConversation, getOne, propose, reply, sendAgain } from "./api.js";
import { DELIVERIES, STATUSES, at } from "./words.js";

const DRAFTS = "inbox-draft-";
const button = (look, label, onclick, shape) =>
  el("button", { type: "button", class: look, onclick }, shape ? icon(shape) : null, label);

export class RequestPanel {
  proposes = false; // whether whoever is signed in may propose a reply as an answer; null while that cannot be told
  #key = null; // the idempotency key of the reply that is being written
  #asked = 0; // how often a request was asked for: an answer that comes late must not hide a newer one

  /** `changed()` after something was done, `topic(id)` gives a topic's title, `closed(id)` when the panel was shut. */
  constructor({ changed, topic, closed }) {
    Object.assign(this, { changed, topic, dialog: byId("request"), id: null });
    this.dialog.addEventListener("close", () => closed(this.id));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  async open(id) {
    const mine = ++this.#asked;
    this.id = id;
    this.#key = newKey();
    this.#fill("Request", el("p", { class: "soft" }, "Fetching the request…"));
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const request = await getOne(id);
      if (this.#asked === mine) this.#show(request);
    } catch (error) {
      if (this.#asked === mine) this.#fill("Request", note(error.message));
    }
  }

  #fill(title, ...parts) {
    this.dialog.replaceChildren(
      el("div", { class: "drawer-head" }, el("h2", { id: "request-title" }, title), button("quiet", "Close", () => this.dialog.close(), "close")),
      el("div", { class: "drawer-body" }, ...parts));
  }

  #show(request) {
    const { word } = STATUSES[request.status];
    this.turns = el("div", {});
    this.#fill(this.topic(request.topic),
      el("p", { class: "soft" }, `${word} · asked ${at(request.created_at)} · ${request.id.slice(0, 8)}`),
      el("p", { class: "asked-for", dir: "auto" }, request.description),
      request.contact ? el("p", {}, "Contact: ", el("bdi", {}, request.contact)) : null,
      ...request.additions.map(({ text, created_at: when }) => el("p", { class: "asked-for", dir: "auto" }, `${at(when)}: ${text}`)),
      ...request.replies.map((one) => given(one, this.proposes && ((pressed) => this.#propose(one, pressed)))),
      request.status === "closed" ? null : this.#form(request),
      el("h3", {}, "What was sent"), deliveries(request, (delivery) => this.#again(delivery)),
      this.turns);
    if (request.conversation_id) this.#showConversation(request);
  }

  #form(request) {
    const field = el("textarea", { id: "reply", rows: "6", required: true, maxlength: "20000", dir: "auto" });
    field.value = sessionStorage.getItem(DRAFTS + request.id) ?? "";
    field.addEventListener("input", () => sessionStorage.setItem(DRAFTS + request.id, field.value));
    const author = el("input", { id: "author", maxlength: "200", autocomplete: "name" });
    author.value = localStorage.getItem("inbox-author") ?? "";
    const form = el("form", { class: "reply-form" },
      el("label", { for: "reply" }, request.replies.length ? "Write again" : "Your reply"), field,
      el("label", { for: "author" }, "Your name, as the person sees it"), author,
      el("div", { class: "panel-actions" }, el("button", { type: "submit", class: "button filled" }, "Send the reply"),
        button("quiet", "Close without a reply", () => this.#close(request))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#reply(request, field, author.value.trim());
    });
    return form;
  }

  async #reply(request, field, author) {
    localStorage.setItem("inbox-author", author);
    await this.#do(async () => {
      await reply(request.id, { text: field.value.trim(), author: author || null }, this.#key);
      sessionStorage.removeItem(DRAFTS + request.id);
      toast("Your reply is in the person’s conversation.");
    });
  }

  #close(request) {
    return this.#do(async () => {
      await close(request.id);
      toast("The request is closed.");
    });
  }

  #again(delivery) {
    return this.#do(async () => {
      await sendAgain(this.id, delivery.id);
      toast(`It is sent again by ${delivery.channel}.`);
    });
  }

  /** Makes a proposal of a reply; the button becomes the way to it. */
  async #propose({ id }, pressed) {
    try {
      const { id: example } = await propose(this.id, id);
      pressed.replaceWith(el("a", { href: `/app/review?open=${encodeURIComponent(example)}` }, "Proposed; it waits for review"));
      toast("Proposed. Somebody else approves it before it is served.");
    } catch (error) {
      this.#complain(error.message);
    }
  }

  #complain(words) {
    this.dialog.querySelector(".drawer-body > .note")?.remove();
    this.dialog.querySelector(".drawer-body").prepend(note(words));
  }

  async #do(work) {
    try {
      await work();
      await Promise.all([this.open(this.id), this.changed()]);
    } catch (error) {
      this.#complain(error.message);
    }
  }

  async #showConversation(request) {
    try {
      const { turns } = await getConversation(request.id);
      if (this.id === request.id) this.turns.replaceChildren(el("h3", {}, "The conversation"), ...turns.map((turn) => shown(turn, request)));
    } catch {
      this.turns.replaceChildren(el("p", { class: "soft" }, "The conversation is no longer here; its owner may have erased it."));
    }
  }
}

const note = (words) => el("p", { class: "note", role: "alert" }, icon("warning"), el("span", {}, words));

/** A reply, with the way to have everybody who asks the same answered by it. */
function given({ author, text, created_at: when }, propose) {
  const proposing = propose && button("link", "Propose it for everybody who asks this", () => propose(proposing));
  return el("blockquote", { class: "given" }, el("p", { class: "soft" }, `${author}, ${at(when)}`), el("p", { dir: "auto" }, text), proposing || null);
}

function deliveries({ deliveries: all }, again) {
  if (!all.length) return el("p", { class: "soft" }, "Nothing: no channel is set up for this topic. The request waits here.");
  const can = (status) => status === "dead" || status === "standby" || status === "not_needed";
  const line = (one) => el("li", {},
    el("span", {}, `${one.channel}${one.target ? ` ${one.target}` : ""}: ${DELIVERIES[one.status]}`,
      one.attempts > 1 ? ` (${one.attempts} tries)` : "", one.reason && one.status !== "not_set_up" ? `. ${one.reason}` : ""),
    can(one.status) ? button("link", one.status === "dead" ? "Send again" : "Send", () => again(one)) : null);
  return el("ul", { class: "sent" }, ...all.map(line));
}

/** A turn as the person saw it, with the places it was quoted from. */
function shown({ turn_id: id, question, reply: said }, { turn_id: about }) {
  const sources = new Map((said?.citations ?? []).map((one) => [one.document_id, one]));
  return el("article", { class: id === about ? "seen about" : "seen" },
    el("p", { class: "seen-question", dir: "auto" }, question),
    el("p", { dir: "auto" }, said ? said.answer : "This question was not answered."),
    ...[...sources.values()].map((one) => el("p", { class: "soft" },
      el("a", { href: `/app/documents/${one.document_id.split("/").map(encodeURIComponent).join("/")}?${new URLSearchParams({ version: one.version, start: one.start, end: one.end })}#quote` }, one.title),
      one.reviewed_on ? ` · checked ${one.reviewed_on}` : "")));
}
