/** One question from asking to its end: listen, stop, and find the answer again when the connection broke. */
import { Lost, Problem, getTurn, stopTurn, streamAnswer } from "./api.js";
import { looking, t } from "./words.js";

const RECOVERY_MS = 120_000; // a server that was killed and started again has finished its turns by then
const STOP_WITHOUT_TURN_MS = 2000;
const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));

/** What the server may be doing, by the code of its status; a newer server's own words stand for one not known here. */
const DOING = ["checking", "writing", "reading", "translating"];
const doing = ({ code, text }) => (code === "looking" ? looking() : DOING.includes(code) ? t(code) : text);

class Stopped extends Error {}

export class Asking {
  #abort = new AbortController();
  #stopped = false;
  #left = false;

  /** `view` shows it; `onaccepted(turn)` runs as soon as the server has stored the question. */
  constructor(view, { onaccepted }) {
    this.view = view;
    this.onaccepted = onaccepted;
    this.turnId = null;
    this.ended = false; // true once the server said that this turn failed: only a new one can succeed
  }

  /** Asks and shows what comes; resolves to "answered", "stopped", "left" or "failed". */
  ask(body, key) {
    this.view.status(looking());
    return this.#finish(this.#listen(body, key));
  }

  /** Waits for a turn that was accepted earlier. */
  resume(turnId) {
    this.turnId = turnId;
    this.view.status(t("fetching_answer"));
    return this.#finish(this.#recover());
  }

  /** Stops the writing. Before the server named the turn it waits for the name, so that the turn really ends. */
  stop() {
    this.#stopped = true;
    this.view.status(t("stopping"));
    if (this.turnId) this.#stopNow();
    else setTimeout(() => this.#abort.abort(), STOP_WITHOUT_TURN_MS);
  }

  /** Stops listening; the server finishes the turn and keeps it. */
  leave() {
    this.#left = true;
    this.#abort.abort();
  }

  async #finish(work) {
    try {
      await work;
      return "answered";
    } catch (error) {
      if (this.#left) return "left";
      const stopped = this.#stopped || error instanceof Stopped;
      this.error = error;
      if (stopped) this.view.stopped();
      else this.view.failed(error);
      return stopped ? "stopped" : "failed";
    }
  }

  async #listen(body, key) {
    try {
      for await (const { event, data } of streamAnswer(body, { key, signal: this.#abort.signal })) {
        if (this.#left) return;
        if (this.#take(event, data)) return;
      }
      throw new Lost("The connection was interrupted.");
    } catch (error) {
      if (!(error instanceof Lost) || !this.turnId || this.#stopped || this.#left) throw error;
      this.view.status(t("interrupted"));
      await this.#recover();
    }
  }

  /** Shows one event; true once it was the last. */
  #take(event, data) {
    if (event === "turn") this.#accepted(data);
    else if (event === "status" && !this.#stopped) this.view.status(doing(data));
    else if (event === "citation") this.view.citation(data);
    else if (event === "sentence") this.view.sentence(data);
    else if (event === "error") this.#fail(data);
    else if (event === "reply") this.#settle(data);
    return event === "reply";
  }

  #accepted(turn) {
    this.turnId = turn.turn_id;
    this.onaccepted(turn);
    if (this.#stopped) this.#stopNow();
  }

  #settle(reply) {
    if (!this.turnId) this.onaccepted(reply);
    this.view.settle(reply);
  }

  #fail(problem) {
    this.ended = true;
    throw new Problem(problem);
  }

  #stopNow() {
    stopTurn(this.turnId).catch(() => {});
    this.#abort.abort();
  }

  async #recover() {
    const until = Date.now() + RECOVERY_MS;
    while (Date.now() < until && !this.#stopped && !this.#left) {
      const turn = await getTurn(this.turnId).catch((error) => this.#unlessLost(error));
      if (turn?.reply) return this.view.settle(turn.reply);
      if (turn?.status === "stopped") throw new Stopped();
      if (turn?.status === "failed") this.#fail({ title: t("unfinished"), detail: t("unfinished_why") });
      await pause(1000);
    }
    throw new Lost("The answer could not be fetched.");
  }

  #unlessLost(error) {
    if (error instanceof Lost || error.status >= 500) return;
    this.ended = true;
    throw error;
  }
}
