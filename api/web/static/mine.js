/** Everything that is kept of the person who reads this page: taken along as a file, or erased; and their sessions. */
import { call } from "./api.js";
import { announce, byId, el } from "./dom.js";

const button = (look, label, onclick) => el("button", { type: "button", class: look, onclick }, label);

export class Mine {
  /** `onerased()` once nothing is left. */
  constructor({ onerased }) {
    this.onerased = onerased;
    this.element = byId("mine");
    this.leave = button("quiet", "Sign out everywhere", () => this.#signOut());
    this.leave.hidden = true;
    this.#offer();
  }

  /** Asks whether anybody is signed in: only somebody who is can sign out. */
  async look() {
    const session = await call("/session").then((response) => response.json(), () => null);
    this.leave.hidden = !session?.signed_in;
  }

  #offer() {
    this.element.replaceChildren(
      el("a", { class: "quiet", href: "/me/export", download: "my-questions.json" }, "Download everything"),
      button("quiet", "Erase everything", () => this.#confirm()), this.leave);
  }

  async #signOut() {
    try {
      await call("/sessions/end", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
      location.assign("/"); // whose questions stand here is another person now
    } catch (error) {
      this.element.replaceChildren(el("p", { role: "alert" }, `You are still signed in. ${error.message}`), button("quiet", "Try again", () => this.#signOut()));
    }
  }

  #confirm() {
    const yes = button("button", "Erase", () => this.#erase());
    this.element.replaceChildren(
      el("p", {}, "Erase all your questions, answers, requests and feedback? This cannot be undone."),
      yes, button("quiet", "Keep", () => this.#offer()));
    yes.focus();
  }

  async #erase() {
    try {
      await call("/me", { method: "DELETE" });
      announce("Everything was erased.");
      this.#offer();
      this.onerased();
    } catch (error) {
      this.element.replaceChildren(el("p", { role: "alert" }, `Nothing was erased. ${error.message}`), button("quiet", "Try again", () => this.#erase()));
    }
  }
}
