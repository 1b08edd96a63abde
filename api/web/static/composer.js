/** The box a question is typed into. It keeps its words until the server has taken them. */
import { byId } from "./dom.js";

const DRAFT = "draft";
const COUNTRY = "country";

export class Composer {
  /** `onask(text)` when a question is sent, `onstop()` when the writing is to end. */
  constructor({ onask, onstop }) {
    this.box = byId("question");
    this.onask = onask;
    this.box.value = sessionStorage.getItem(DRAFT) ?? "";
    this.box.addEventListener("input", () => this.#changed());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    byId("composer").addEventListener("submit", (event) => this.#submit(event));
    byId("stop").addEventListener("click", onstop);
    this.restoreCountry();
    this.#changed();
  }

  get country() {
    return byId("country").value || null;
  }

  /** The chooser as the person left it; also after the server has sent a new one. */
  restoreCountry() {
    const chooser = byId("country");
    const kept = sessionStorage.getItem(COUNTRY) ?? "";
    if ([...chooser.options].some((option) => option.value === kept)) chooser.value = kept;
    chooser.addEventListener("change", () => sessionStorage.setItem(COUNTRY, chooser.value));
  }

  /** Empties the box if it still holds `text`: the server has it now. */
  taken(text) {
    if (this.box.value.trim() === text) this.write("");
  }

  /** Puts `text` back unless something else was typed meanwhile. */
  giveBack(text) {
    if (!this.box.value.trim()) this.write(text);
  }

  write(text) {
    this.box.value = text;
    this.#changed();
  }

  busy(is) {
    const hadFocus = byId("composer").contains(document.activeElement) && document.activeElement !== this.box;
    byId("send").hidden = is;
    byId("stop").hidden = !is;
    if (hadFocus) byId(is ? "stop" : "send").focus();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (text) this.onask(text);
    else this.focus();
  }

  #changed() {
    sessionStorage.setItem(DRAFT, this.box.value);
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }
}
