/** The drawer with earlier conversations: open one, delete one. */
import { deleteConversation, getConversations } from "./api.js";
import { announce, byId, el, icon } from "./dom.js";
import { when } from "./words.js";

export class History {
  /** `current()` names the open conversation; `onopen(id)` and `ondelete(id)` follow what the person chose. */
  constructor({ current, onopen, ondelete }) {
    Object.assign(this, { current, onopen, ondelete, drawer: byId("history"), list: byId("history-list") });
    byId("open-history").addEventListener("click", () => this.open());
    byId("close-history").addEventListener("click", () => this.drawer.close());
    this.drawer.addEventListener("click", (event) => event.target === this.drawer && this.drawer.close());
  }

  async open() {
    this.#say("Fetching your earlier questions…");
    this.drawer.showModal();
    try {
      this.#show((await getConversations()).items);
    } catch {
      this.#say("Your earlier questions could not be fetched. They are kept; please try again later.");
    }
  }

  #say(text) {
    this.list.replaceChildren(el("p", { class: "empty", role: "status" }, text));
  }

  #show(items) {
    if (!items.length) return this.#say("What you ask is kept here, so that you can come back to it.");
    this.list.replaceChildren(el("ul", {}, ...items.map((item) => this.#row(item))));
  }

  #row({ id, title, updated_at: at }) {
    const link = el("a", { href: `#c=${id}`, "aria-current": id === this.current() ? "true" : null, onclick: (event) => this.#choose(event, id) },
      el("span", { class: "past-title", dir: "auto" }, title), el("span", { class: "past-date" }, when(at)));
    const row = el("li", { class: "past" }, link);
    row.append(el("button", { type: "button", class: "quiet", "aria-label": `Delete “${title}”`, onclick: () => this.#ask(row, { id, title, at }) }, icon("bin")));
    return row;
  }

  #choose(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.drawer.close();
    this.onopen(id);
  }

  /** Asks once more before anything is gone. */
  #ask(row, { id, title, at }) {
    const keep = el("button", { type: "button", class: "button", onclick: () => this.#restore(question, { id, title, updated_at: at }) }, "Keep it");
    const remove = el("button", { type: "button", class: "button", onclick: () => this.#delete(question, id) }, "Delete for good");
    const question = el("li", { class: "past" }, el("div", { class: "sure", role: "group", "aria-label": `Delete “${title}”?` },
      el("p", { dir: "auto" }, `Delete “${title}” and its answers?`), el("div", { class: "sure-actions" }, keep, remove)));
    row.replaceWith(question);
    keep.focus();
  }

  #restore(question, item) {
    const row = this.#row(item);
    question.replaceWith(row);
    row.querySelector("button").focus();
  }

  async #delete(question, id) {
    try {
      await deleteConversation(id);
    } catch {
      return question.querySelector("p").replaceChildren("This could not be deleted just now. Please try again.");
    }
    question.remove();
    announce("Deleted");
    byId("close-history").focus();
    if (!this.list.querySelector("li")) this.#show([]);
    this.ondelete(id);
  }
}
