/** What an editor does to documents from the list: remove, bring back, read again; one or many. */
import { announce } from "../dom.js";
import { removeDocument, rereadDocument, restoreDocument } from "./api.js";
import { toast } from "../staff/toast.js";
import { plural } from "./words.js";

export class Actions {
  /** `changed()` fetches the list anew. */
  constructor(changed) {
    this.changed = changed;
  }

  async remove(items) {
    const { done, faults } = await this.#each(items, (item) => removeDocument(item.id, item.etag), "removed");
    const words = done.length ? `${named(done)} removed; no answer uses ${done.length === 1 ? "it" : "them"} now.` : "";
    const back = done.length ? () => this.restore(done.map(({ item, answer }) => ({ ...item, undo: answer.undo }))) : null;
    toast([words, faults].filter(Boolean).join(" "), back);
  }

  async restore(items) {
    const { done, faults } = await this.#each(items, (item) => restoreDocument(item.id, item.undo), "brought back");
    toast([done.length ? `${named(done)} brought back.` : "", faults].filter(Boolean).join(" "));
  }

  async reread(items) {
    announce(`Reading ${plural(items.length, "document")} again…`);
    const { done, faults } = await this.#each(items, (item) => rereadDocument(item.id), "read again");
    toast([done.length ? `${named(done)} read again.` : "", faults].filter(Boolean).join(" "));
  }

  /** Does one after the other; `faults` says what could not be done, with the first one's reason. */
  async #each(items, act, participle) {
    const done = [];
    const failed = [];
    for (const item of items) {
      try {
        done.push({ item, answer: await act(item) });
      } catch (error) {
        failed.push({ item, error });
      }
    }
    await this.changed();
    return { done, faults: failed.length ? faultWords(failed, participle) : "" };
  }
}

const named = (done) => (done.length === 1 ? `“${done[0].item.title}” was` : `${done.length} documents were`);

function faultWords([{ item, error }, ...others], participle) {
  const more = others.length ? ` ${plural(others.length, "other")} could not be ${participle} either.` : "";
  return `“${item.title}” could not be ${participle}: ${error.message}${more}`;
}
