/** The frame of a staff page: signing in and out, and saying what goes wrong with the list. */
import { announce, byId } from "../dom.js";
import { forgetToken, keepToken, signOut, takeTokenFromAddress, token } from "./session.js";

export class Desk {
  /** `refresh()` fetches the list, `begin()` runs once somebody is signed in, `end()` when nobody is;
   *  `forbidden` says which scope is missing. */
  constructor({ refresh, begin = () => {}, end = () => {}, forbidden }) {
    Object.assign(this, { refresh, begin, end, forbidden });
    byId("token-card").addEventListener("submit", (event) => this.#signIn(event));
    byId("sign-out").addEventListener("click", () => this.#signOut());
    addEventListener("hashchange", () => takeTokenFromAddress() && refresh());
  }

  /** Call once the page can be filled. */
  start() {
    takeTokenFromAddress();
    if (token()) this.refresh();
    else this.show(false);
  }

  /** The list came: what was wrong before is over. */
  fetched() {
    this.show(true);
    this.complain(null);
  }

  /** The list did not come. */
  failed(error) {
    if (error.status === 401 || error.status === 403) {
      forgetToken();
      return this.show(false, error.status === 403 ? this.forbidden : error.message);
    }
    this.show(true);
    this.complain(error.status ? error.message : "There is no connection to the server just now. What you see may be out of date.");
  }

  complain(words) {
    byId("trouble").hidden = !words;
    byId("trouble").lastElementChild.textContent = words ?? "";
  }

  show(signedIn, problem = null) {
    const changes = byId("desk").hidden === signedIn;
    byId("desk").hidden = !signedIn;
    byId("token-card").hidden = signedIn;
    byId("sign-out").hidden = !signedIn;
    byId("open-keys").hidden = !signedIn || !byId("keys-list").childElementCount; // a page may have no shortcuts
    byId("token-problem").hidden = !problem;
    byId("token-problem").lastElementChild.textContent = problem ?? "";
    if (signedIn && changes) this.begin();
    if (signedIn) return;
    this.end();
    byId("token").focus();
  }

  #signIn(event) {
    event.preventDefault();
    keepToken(byId("token").value);
    byId("token").value = "";
    this.refresh();
  }

  #signOut() {
    signOut();
    this.show(false);
    announce("Signed out");
  }
}
