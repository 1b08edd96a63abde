/** Keyboard shortcuts; `?` shows them, and they can be switched off for those whose tools type single keys. */
import { byId, el } from "../dom.js";

const SETTING = "editor-keys";

export class Keys {
  /** `bindings` are [key, words, act]; they rest while something is typed or a dialog is open. */
  constructor(bindings) {
    this.bindings = [...bindings, ["?", "Show these shortcuts", () => this.show()]];
    this.dialog = byId("keys");
    byId("keys-list").replaceChildren(...this.bindings.map(([key, words]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, words))));
    byId("keys-on").checked = localStorage.getItem(SETTING) !== "off";
    byId("keys-on").addEventListener("change", ({ target }) => localStorage.setItem(SETTING, target.checked ? "on" : "off"));
    byId("open-keys").addEventListener("click", () => this.show());
    byId("close-keys").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  show() {
    this.dialog.showModal();
  }

  #pressed(event) {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    const resting = !byId("keys-on").checked || byId("desk").hidden || document.querySelector("dialog[open]");
    if (typing || resting || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = this.bindings.find(([key]) => key.toLowerCase() === event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    found[2]();
  }
}
