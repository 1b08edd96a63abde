/** Everything that is kept of the person who reads this page: taken along as a file, or erased; and their sessions. */
import { call } from "./api.js";
import { announce, byId, el } from "./dom.js";
import { said, t } from "./words.js";

const button = (look, label, onclick) => el("button", { type: "button", class: look, onclick }, label);

export class Mine {
  /** `onerased()` once nothing is left. */
  constructor({ onerased }) {
    this.onerased = onerased;
    this.element = byId("mine");
    this.leave = button("quiet", t("sign_out_everywhere"), () => this.#signOut());
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
      el("a", { class: "quiet", href: "/me/export", download: "my-questions.json" }, t("download_everything")),
      button("quiet", t("erase_everything"), () => this.#confirm()), this.leave);
  }

  async #signOut() {
    try {
      await call("/sessions/end", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
      location.assign("/"); // whose questions stand here is another person now
    } catch (error) {
      this.element.replaceChildren(el("p", { role: "alert" }, `${t("still_signed_in")} ${said(error).detail}`), button("quiet", t("try_again"), () => this.#signOut()));
    }
  }

  #confirm() {
    const yes = button("button", t("erase"), () => this.#erase());
    this.element.replaceChildren(
      el("p", {}, t("erase_sure")),
      yes, button("quiet", t("keep"), () => this.#offer()));
    yes.focus();
  }

  async #erase() {
    try {
      await call("/me", { method: "DELETE" });
      announce(t("erased"));
      this.#offer();
      this.onerased();
    } catch (error) {
      this.element.replaceChildren(el("p", { role: "alert" }, `${t("not_erased")} ${said(error).detail}`), button("quiet", t("try_again"), () => this.#erase()));
    }
  }
}
