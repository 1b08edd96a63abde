/** Adding files: dropped anywhere or chosen, one after the other, each with its progress and its outcome in words. */
import { announce, byId, el, icon } from "../dom.js";
import { sendFile } from "./api.js";
import { plural, stateWords } from "./words.js";

export class Uploads {
  /** `changed()` fetches the list anew; `open(id)` shows a document. */
  constructor({ changed, open }) {
    Object.assign(this, { changed, open, list: byId("uploads"), waiting: [], busy: false });
    this.desk = byId("main").dataset;
    byId("choose").addEventListener("click", () => byId("files").click());
    byId("files").addEventListener("change", ({ target }) => {
      this.add(target.files);
      target.value = "";
    });
    this.#takeDrops();
  }

  add(files) {
    const folder = byId("folder").value.trim().replace(/^\/+|\/+$/g, "");
    for (const file of files) this.waiting.push(this.#entry(file, folder));
    this.#work();
  }

  #takeDrops() {
    const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files") && !byId("desk").hidden;
    const show = (over) => document.body.classList.toggle("dropping", over);
    document.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      show(true);
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
    document.addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      show(false);
      this.add(event.dataTransfer.files);
    });
  }

  #entry(file, folder) {
    const bar = el("progress", { max: "1", value: "0", "aria-label": `Sending ${file.name}` });
    const words = el("span", { class: "outcome", dir: "auto" }, "Waiting");
    const row = el("li", {}, el("span", { class: "file", dir: "auto" }, folder ? `${folder}/${file.name}` : file.name), bar, words);
    this.list.append(row);
    return { file, folder, bar, words, row };
  }

  async #work() {
    if (this.busy) return;
    this.busy = true;
    const results = [];
    while (this.waiting.length) results.push(await this.#send(this.waiting.shift()));
    this.busy = false;
    announce(`${plural(results.filter(Boolean).length, "file")} added${results.includes(false) ? `, ${results.filter((done) => !done).length} not` : ""}.`);
  }

  async #send(entry, id = null) {
    const most = Number(this.desk.maxMb);
    if (entry.file.size > most * 2 ** 20) return this.#refused(entry, `The file is larger than ${most} MB. Split it into smaller files.`);
    entry.bar.hidden = false;
    entry.words.replaceChildren("Sending…");
    try {
      const found = await sendFile(entry.file, { id, folder: entry.folder, onsent: (share) => this.#sent(entry, share) });
      await this.changed();
      return this.#added(entry, found);
    } catch (error) {
      return this.#failed(entry, error);
    }
  }

  #sent({ bar, words }, share) {
    if (share < 1) return void (bar.value = share);
    bar.removeAttribute("value");
    words.textContent = "Reading it…";
  }

  #added(entry, found) {
    const words = found.state === "live"
      ? `${stateWords(found).word}, ${plural(found.chunks, "passage")}${found.suspicious ? `; ${found.suspicious} held back, please look` : ""}`
      : "Stored; it is being read and will show in the list";
    this.#finish(entry, found.state === "live" ? "check" : "clock", words,
      this.#action("Look", () => this.open(found.id)), this.#dismiss(entry));
    return true;
  }

  #failed(entry, error) {
    if (error.status === 409) return this.#refused(entry, "There is a document of this name already.", this.#again(entry, "Replace it", this.#idOf(entry)));
    const retry = error.status ? null : this.#again(entry, "Try again", null);
    return this.#refused(entry, error.message, retry);
  }

  #refused(entry, words, action = null) {
    this.#finish(entry, "warning", words, action, this.#dismiss(entry));
    entry.row.classList.add("refused");
    return false;
  }

  #finish(entry, shape, words, ...actions) {
    entry.bar.hidden = true;
    entry.row.classList.remove("refused");
    entry.words.replaceChildren(icon(shape), el("span", {}, words), ...actions.filter(Boolean));
  }

  #again(entry, label, id) {
    return this.#action(label, () => this.#send(entry, id).then((done) => done && announce(`${entry.file.name} added`)));
  }

  #action(label, onclick) {
    return el("button", { type: "button", class: "link", onclick }, label);
  }

  #dismiss(entry) {
    const done = () => {
      (entry.row.nextElementSibling?.querySelector("button") ?? byId("choose")).focus();
      entry.row.remove();
    };
    return el("button", { type: "button", class: "quiet only-icon", "aria-label": `Dismiss ${entry.file.name}`, onclick: done }, icon("close"));
  }

  #idOf({ file, folder }) {
    return [this.desk.root, folder, file.name.normalize("NFC")].filter(Boolean).join("/");
  }
}
