/** Numbered marks, and the panel that shows the quote behind one in its surroundings. */
import { getPassage } from "./api.js";
import { el, icon } from "./dom.js";
import { country, documentHref, host, reviewed, t, validity, webAddress } from "./words.js";

const OPEN_MS = 140; // a pointer that only passes over opens nothing
const CLOSE_MS = 260; // time to move from the mark into the panel
const citations = new WeakMap();
const passages = new Map();

/** The button that opens a citation. */
export function mark(citation) {
  const label = t("source", { number: citation.id, title: citation.title, country: country(citation.jurisdiction) });
  const state = { "aria-label": label, "aria-haspopup": "dialog", "aria-expanded": "false" };
  const button = el("button", { type: "button", class: "cite", ...state }, String(citation.id));
  citations.set(button, citation);
  return button;
}

const oneBreak = (text) => text.replace(/\s*\n\s*/g, "\n");

/** The words before a quote; dots say that the document begins earlier. */
function before({ before: words }, { start }) {
  const cut = start > [...words].length;
  return (cut ? "…" : "") + oneBreak(words).trimStart();
}

const after = ({ after: words }) => (words.trim() ? `${oneBreak(words).trimEnd()}…` : "");

/** A link to the page of the authority itself. */
export const official = (url, ...content) => el("a", { href: url, rel: "noopener noreferrer" }, ...content);

function facts(citation) {
  const page = citation.page ? t("page_number", { number: citation.page }) : null;
  const checked = citation.reviewed_on ? reviewed(citation.reviewed_on) : null;
  const known = [country(citation.jurisdiction), page, checked, validity(citation)].filter(Boolean).join(" · ");
  const caution = checked ? null : el("span", { class: "caution" }, icon("warning"), ` ${reviewed(null)}`);
  return el("p", { class: "source-facts" }, known, caution);
}

/** Lets the keyboard scroll a box that is too small for its text. */
function reachable(box) {
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", t("surroundings"));
}

export class SourcePanel {
  #panel = null;
  #mark = null;
  #pinned = false;
  #timer = 0;

  /** Serves every mark inside `root`: hover and focus show the source, a click keeps it open. */
  constructor(root) {
    root.addEventListener("pointerover", (event) => this.#over(event));
    root.addEventListener("pointerout", (event) => this.#out(event));
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("focusin", (event) => this.#focusIn(event));
    root.addEventListener("focusout", (event) => this.#focusOut(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#panel && this.#escape(event));
    document.addEventListener("pointerdown", (event) => this.#panel && !this.#holds(event.target) && this.close());
    addEventListener("resize", () => this.#panel && this.#place());
  }

  close() {
    clearTimeout(this.#timer);
    this.#mark?.setAttribute("aria-expanded", "false");
    this.#panel?.remove();
    this.#panel = this.#mark = null;
    this.#pinned = false;
  }

  #holds(node) {
    return node instanceof Node && (this.#panel?.contains(node) || this.#mark?.contains(node));
  }

  #over({ target, pointerType }) {
    if (pointerType !== "mouse") return;
    if (this.#holds(target)) clearTimeout(this.#timer);
    else if (target.closest(".cite") && !this.#pinned) this.#later(OPEN_MS, () => this.#open(target.closest(".cite")));
  }

  #out({ target, relatedTarget, pointerType }) {
    if (pointerType !== "mouse" || this.#pinned || this.#holds(relatedTarget)) return;
    if (this.#holds(target)) this.#later(CLOSE_MS, () => this.close());
    else if (target.closest(".cite")) clearTimeout(this.#timer);
  }

  #later(ms, work) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, ms);
  }

  #click({ target }) {
    const mark = target.closest(".cite");
    if (!mark) return;
    if (mark === this.#mark && this.#pinned) return this.close();
    this.#open(mark);
    this.#pinned = true;
    this.#panel.focus({ preventScroll: true });
  }

  #focusIn({ target }) {
    if (target.matches(".cite:focus-visible") && target !== this.#mark && !this.returning) this.#open(target);
  }

  #focusOut({ relatedTarget }) {
    if (this.#panel && relatedTarget && !this.#holds(relatedTarget)) this.close();
  }

  #escape(event) {
    event.preventDefault();
    const mark = this.#mark;
    const inside = this.#panel.contains(document.activeElement);
    this.close();
    if (inside) this.#giveBack(mark);
  }

  #giveBack(mark) {
    this.returning = true;
    mark.focus();
    this.returning = false;
  }

  #open(mark) {
    if (mark === this.#mark || !mark.isConnected) return;
    this.close();
    const citation = citations.get(mark);
    this.#mark = mark;
    this.#panel = this.#draw(citation);
    mark.setAttribute("aria-expanded", "true");
    mark.closest(".turn").append(this.#panel);
    this.#place();
    this.#surround(citation, this.#panel);
  }

  #draw(citation) {
    const shut = { type: "button", class: "quiet", "aria-label": t("close_source"), onclick: () => this.#shut() };
    const title = el("p", { class: "source-title", id: "source-title", dir: "auto", lang: citation.language }, citation.title);
    const section = (citation.section ?? []).filter((heading) => heading !== citation.title);
    const url = webAddress(citation.url);
    return el("div", { class: "source", role: "dialog", "aria-labelledby": "source-title", tabindex: "-1" },
      el("div", { class: "source-head" }, title, el("button", shut, icon("close"))),
      facts(citation),
      section.length ? el("p", { class: "source-section", dir: "auto", lang: citation.language }, section.join(" › ")) : null,
      el("blockquote", { class: "passage", dir: "auto", lang: citation.language }, el("mark", {}, citation.quote)),
      el("div", { class: "source-links" },
        el("a", { href: documentHref(citation) }, t("open_document")),
        url ? official(url, host(url), icon("out")) : null));
  }

  #shut() {
    const mark = this.#mark;
    this.close();
    this.#giveBack(mark);
  }

  /** Puts the words around the quote, once they are there. */
  async #surround(citation, panel) {
    const key = JSON.stringify([citation.document_id, citation.version, citation.start, citation.end]);
    if (!passages.has(key)) passages.set(key, getPassage(citation));
    const passage = await passages.get(key).catch(() => null);
    if (!passage) return passages.delete(key);
    const around = (text) => el("span", { class: "around" }, text);
    const quote = panel.querySelector("mark");
    const box = panel.querySelector(".passage");
    box.replaceChildren(around(before(passage, citation)), quote, around(after(passage)));
    if (!passage.current) box.after(el("p", { class: "note" }, icon("warning"), t("replaced")));
    if (panel !== this.#panel) return;
    this.#place();
    box.scrollTop = quote.offsetTop - Math.max(12, (box.clientHeight - quote.offsetHeight) / 2);
    if (box.scrollHeight > box.clientHeight) reachable(box);
  }

  /** Beside the mark, where there is more room; the style sheet makes it a sheet on a narrow screen. */
  #place() {
    if (!this.#mark.isConnected) return this.close();
    const turn = this.#mark.closest(".turn").getBoundingClientRect();
    const at = this.#mark.getBoundingClientRect();
    const floor = document.querySelector(".composer").getBoundingClientRect().top;
    const below = floor - at.bottom - 16;
    const above = at.top - 72;
    const up = below < 260 && above > below;
    const style = this.#panel.style;
    style.maxHeight = `${Math.max(220, up ? above : below)}px`;
    const width = this.#panel.offsetWidth;
    style.left = `${Math.min(Math.max(at.left - 24, 16), innerWidth - width - 16) - turn.left}px`;
    style.top = up ? "auto" : `${at.bottom - turn.top + 8}px`;
    style.bottom = up ? `${turn.bottom - at.top + 8}px` : "auto";
  }
}
