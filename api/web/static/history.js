/** The drawer with earlier conversations: open one, delete one. */
import { deleteConversation, getConversations } from "./api.js";
import { announce, byId, el, icon } from "./dom.js";
import { t, when } from "./words.js";

const button = (look, onclick, ...content) => el("button", { type: "button", class: look, onclick }, ...content);

export class History {
  /** `current()` names the open conversation; `onopen(id)` and `ondelete(id)` follow what the person chose, `onshow()` the drawer. */
  constructor({ current, onopen, ondelete, onshow }) {
    Object.assign(this, { current, onopen, ondelete, onshow, drawer: byId("history"), list: byId("history-list") });
    byId("open-history").addEventListener("click", () => this.open());
    byId("close-history").addEventListener("click", () => this.drawer.close());
    this.drawer.addEventListener("click", (event) => event.target === this.drawer && this.drawer.close());
  }

  async open() {
    this.#say(t("fetching_earlier"));
    this.drawer.showModal();
    this.onshow();
    try {
      this.#show((await getConversations()).items);
    } catch {
      this.#say(t("earlier_not_fetched"));
    }
  }

  #say(text) {
    this.list.replaceChildren(el("p", { class: "empty", role: "status" }, text));
  }

  #show(items) {
    if (!items.length) return this.#say(t("kept_here"));
    this.list.replaceChildren(el("ul", {}, ...items.map((item) => this.#row(item))));
  }

  #row({ id, title, updated_at: at }) {
    const open = id === this.current() ? "true" : null;
    const choose = (event) => this.#choose(event, id);
    const link = el("a", { href: `#c=${id}`, "aria-current": open, onclick: choose },
      el("span", { class: "past-title", dir: "auto" }, title), el("span", { class: "past-date" }, when(at)));
    const bin = button("quiet", () => this.#ask(row, { id, title, updated_at: at }), icon("bin"));
    bin.setAttribute("aria-label", t("delete", { title }));
    const row = el("li", { class: "past" }, link, bin);
    return row;
  }

  #choose(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.drawer.close();
    this.onopen(id);
  }

  /** Asks once more before anything is gone. */
  #ask(row, item) {
    const keep = button("button", () => this.#restore(question, item), t("keep_it"));
    const remove = button("button", () => this.#delete(question, item.id), t("delete_for_good"));
    const words = el("p", { dir: "auto" }, t("delete_sure", { title: item.title }));
    const question = el("li", { class: "past" },
      el("div", { class: "sure", role: "group", "aria-label": t("delete", { title: item.title }) },
        words, el("div", { class: "sure-actions" }, keep, remove)));
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
      return question.querySelector("p").replaceChildren(t("not_deleted"));
    }
    question.remove();
    announce(t("deleted"));
    byId("close-history").focus();
    if (!this.list.querySelector("li")) this.#show([]);
    this.ondelete(id);
  }
}
