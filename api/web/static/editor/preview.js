/** The panel with one document: what is said of it, its text passage by passage, its versions. */
import { announce, byId, el, icon } from "../dom.js";
import { date } from "../words.js";
import { describeDocument, eraseDocument, getDocument, sendFile } from "./api.js";
import { facts, stateNotes } from "./facts.js";
import { passageList } from "./passages.js";
import { toast } from "../staff/toast.js";
import { plural } from "./words.js";

const STEP = 50;
const STATUS = { live: "answers now", superseded: "replaced", removed: "removed", staged: "being made ready" };
const button = (look, onclick, ...content) => el("button", { type: "button", class: look, onclick }, ...content);

export class Preview {
  /** `on` has changed(), remove(item), reread(item) and closed(). */
  constructor(on) {
    Object.assign(this, { on, panel: byId("preview"), found: null, id: null });
    this.panel.addEventListener("click", (event) => event.target === this.panel && this.panel.close());
    this.panel.addEventListener("close", () => this.on.closed(this.id));
  }

  async open(id) {
    this.id = id;
    this.#fill(id.split("/").at(-1), el("p", { class: "hint", role: "status" }, "Fetching…"));
    if (!this.panel.open) this.panel.showModal();
    await this.refresh();
  }

  /** Fetches again what is shown, as much of it as was shown. */
  async refresh() {
    try {
      this.found = await getDocument(this.id, { limit: Math.max(STEP, this.found?.id === this.id ? this.found.passages.length : 0) });
      this.#show();
    } catch (error) {
      this.#fill("This document cannot be shown", el("p", { class: "note", role: "alert" }, icon("warning"), el("span", {}, error.message)));
    }
  }

  #show() {
    const { found } = this;
    this.#fill(el("span", { dir: "auto", lang: found.language }, found.title),
      el("p", { class: "id" }, found.id), ...stateNotes(found), facts(found), this.#actions(),
      el("div", { id: "preview-said", role: "status" }), this.#text(), this.#versions());
  }

  #fill(title, ...content) {
    const close = button("quiet", () => this.panel.close(), icon("close"), el("span", {}, "Close"));
    this.panel.replaceChildren(
      el("div", { class: "drawer-head" }, el("h2", { id: "preview-title" }, title), close),
      el("div", { class: "drawer-body" }, ...content));
  }

  #actions() {
    const { found } = this;
    if (!found.editable) return el("p", { class: "hint" }, "Its file lies outside the knowledge base, so it cannot be changed here.");
    const input = el("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-label": "New version", onchange: () => this.#replace(input.files[0]) });
    return el("div", { class: "panel-actions" },
      found.version ? button("button", () => this.#checked(), icon("check"), "Checked today") : null,
      button("button", () => input.click(), icon("up"), "New version…"), input,
      button("quiet", () => this.#leave(() => this.on.reread(found)), icon("again"), "Read again"),
      button("quiet", () => this.#leave(() => this.on.remove(found)), icon("bin"), "Remove"),
      button("quiet", (event) => this.#askErase(event.currentTarget), "Erase…"));
  }

  #text() {
    const { found } = this;
    if (!found.passages.length) return "";
    const list = passageList(found, () => this.#changed());
    const rest = found.passages_total - found.passages.length;
    const more = rest > 0 ? button("button", () => this.#more(), `Show ${plural(Math.min(rest, STEP), "more passage")}`) : null;
    return el("section", { "aria-labelledby": "text-title" },
      el("h3", { id: "text-title" }, "The text as the assistant sees it"), list, more);
  }

  #versions() {
    const rows = this.found.versions.map((version) => el("li", {},
      el("span", {}, date(version.published_at ?? version.created_at)), el("span", { class: "soft" }, STATUS[version.status])));
    return rows.length ? el("section", { "aria-labelledby": "versions-title" }, el("h3", { id: "versions-title" }, "Versions"), el("ul", { class: "versions" }, ...rows)) : "";
  }

  async #more() {
    const next = await getDocument(this.id, { limit: STEP, offset: this.found.passages.length });
    this.found.passages.push(...next.passages);
    this.#show();
    announce(`${plural(next.passages.length, "more passage")} shown`);
  }

  async #checked() {
    const today = new Date();
    const iso = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    const overdue = this.found.review_by && this.found.review_by < iso ? { review_by: "" } : {};
    await this.#try("Saving…", () => describeDocument(this.id, { reviewed_on: iso, ...overdue }), "Noted: checked against the official page today.");
  }

  async #replace(file) {
    if (!file) return;
    const say = (share) => this.#say(share < 1 ? `Sending ${Math.round(share * 100)}%…` : "Reading it…");
    await this.#try("Sending…", () => sendFile(file, { id: this.id, onsent: say }), "The new version answers now.");
  }

  async #try(before, act, after) {
    this.#say(before);
    try {
      await act();
      await this.#changed();
      this.#say(after);
    } catch (error) {
      this.#say(error.message, true);
    }
  }

  async #changed() {
    await Promise.all([this.refresh(), this.on.changed()]);
  }

  #say(words, wrong = false) {
    byId("preview-said")?.replaceChildren(el("p", { class: wrong ? "note" : "hint" }, wrong ? icon("warning") : "", el("span", { dir: "auto" }, words)));
  }

  #leave(act) {
    this.panel.close();
    act();
  }

  /** Asks once more: there is no way back from this. */
  #askErase(asked) {
    const keep = button("button", () => this.#show(), "Keep it");
    const erase = button("button danger", () => this.#erase(), "Erase for good");
    asked.parentElement.replaceChildren(el("div", { class: "sure", role: "group", "aria-label": "Erase for good?" },
      el("p", {}, "Erase the file and its text in every version? There is no undo, and quotes given earlier will no longer open."),
      el("div", { class: "sure-actions" }, keep, erase)));
    keep.focus();
  }

  async #erase() {
    this.#say("Erasing, and looking for what may be left…");
    try {
      const { proof } = await eraseDocument(this.id);
      this.panel.close();
      const left = proof?.found_in.length ? ` Pieces of it still stand in ${proof.found_in.join(", ")}, where answers that people were given quote it.` : "";
      toast(proof ? `“${this.found.title}” was erased; ${proof.probes} pieces of it were looked for in ${plural(proof.files, "file")}${left ? "." : ": none was found."}${left}` : `“${this.found.title}” was erased.`);
      await this.on.changed();
    } catch (error) {
      this.#say(error.message, true);
    }
  }
}
