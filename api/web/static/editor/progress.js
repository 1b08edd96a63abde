/** How far a running sync is, and whether the list has grown old: asked often while a sync runs, else seldom. */
import { byId, el } from "../dom.js";
import { getProgress } from "./api.js";

const OFTEN_MS = 1500;
const SELDOM_MS = 5000;

export class ProgressLine {
  /** `changed()` is called when something was read; `expecting()` tells whether something is on its way. */
  constructor({ changed, expecting }) {
    Object.assign(this, { changed, expecting, line: byId("progress"), timer: null, was: "", running: false, problems: "" });
    document.addEventListener("visibilitychange", () => !document.hidden && this.timer && this.start());
  }

  start() {
    this.stop();
    this.timer = setTimeout(() => this.#ask(), this.running || this.expecting() ? OFTEN_MS : SELDOM_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  async #ask() {
    if (document.hidden) return this.start();
    try {
      const now = await getProgress();
      this.#show(now);
      this.#showProblems(now.problems);
      const mark = `${now.changes}`;
      if (mark !== this.was || this.expecting()) await this.changed();
      [this.was, this.running] = [mark, now.running];
    } catch { /* the list itself says when the server is away */ }
    if (this.timer) this.start();
  }

  #show({ running, done, total, seconds }) {
    this.line.hidden = !running;
    if (!running) return;
    const left = done && seconds ? Math.round((seconds / done) * (total - done)) : null;
    const time = left === null ? "" : left > 90 ? `, about ${Math.round(left / 60)} minutes left` : `, about ${left} seconds left`;
    this.line.textContent = `Reading documents: ${done} of ${total}${time}.`;
  }

  /** Lines of sample questions that are left out until somebody mends them. */
  #showProblems(problems) {
    if (problems.join() === this.problems) return;
    this.problems = problems.join();
    const box = byId("sample-problems");
    box.hidden = !problems.length;
    box.replaceChildren(
      el("summary", {}, problems.length === 1 ? "1 line of sample questions is left out" : `${problems.length} lines of sample questions are left out`),
      el("ul", {}, ...problems.map((problem) => el("li", {}, problem))),
    );
  }
}
