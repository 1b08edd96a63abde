/** The table: its rows, which of them are chosen, and where the keyboard stands. */
import { byId } from "../dom.js";
import { documentRow } from "./row.js";

export class Table {
  /** `on` has open, reread, remove and restore, each for one document. */
  constructor(on) {
    this.on = { ...on, pick: (item, event) => this.#pick(item, event) };
    this.items = [];
    this.picked = new Map();
    this.rows = byId("rows");
    byId("pick-all").addEventListener("change", ({ target }) => this.#pickAll(target.checked));
    byId("bulk-clear").addEventListener("click", () => this.clear());
  }

  show(items) {
    const focused = this.rows.contains(document.activeElement) ? this.current() : null;
    this.items = items;
    const here = new Map(items.map((item) => [item.id, item]));
    this.picked = new Map([...this.picked.keys()].filter((id) => here.has(id)).map((id) => [id, here.get(id)]));
    this.rows.replaceChildren(...items.map((item) => documentRow(item, { picked: this.picked.has(item.id), on: this.on })));
    byId("list").hidden = !items.length;
    if (focused) this.focus(focused.id);
    this.#tell();
  }

  /** The document of the row that has the focus. */
  current() {
    const row = document.activeElement?.closest("tr[data-id]");
    return row ? this.items.find((item) => item.id === row.dataset.id) : null;
  }

  focus(id) {
    const row = [...this.rows.children].find((one) => one.dataset.id === id) ?? this.rows.firstElementChild;
    row?.querySelector("button.title, .doing button")?.focus();
  }

  /** Moves the focus `by` rows; from outside it enters at the first. */
  move(by) {
    const row = document.activeElement?.closest("tr[data-id]");
    const next = row ? (by > 0 ? row.nextElementSibling : row.previousElementSibling) : this.rows.firstElementChild;
    next?.querySelector("button.title, .doing button")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  toggle(item) {
    if (!item?.editable || item.state === "removed") return;
    if (!this.picked.delete(item.id)) this.picked.set(item.id, item);
    this.#tell();
  }

  clear() {
    this.picked.clear();
    this.#tell();
  }

  #pick(item, event) {
    if (event.shiftKey && this.last) this.#pickUpTo(item, event.target.checked);
    else this.toggle(item);
    this.last = item.id;
  }

  #pickUpTo(item, wanted) {
    const place = (id) => this.items.findIndex((one) => one.id === id);
    const [first, end] = [place(this.last), place(item.id)].sort((a, b) => a - b);
    for (const one of this.items.slice(first, end + 1)) if (this.picked.has(one.id) !== wanted) this.toggle(one);
  }

  #pickAll(wanted) {
    for (const item of this.items) if (this.picked.has(item.id) !== wanted) this.toggle(item);
  }

  #tell() {
    for (const row of this.rows.children) {
      const picked = this.picked.has(row.dataset.id);
      row.classList.toggle("picked", picked);
      const box = row.querySelector(".pick input");
      if (box) box.checked = picked;
    }
    const count = this.picked.size;
    byId("bulk").hidden = !count;
    byId("bulk-words").textContent = count ? `${count} chosen` : "";
    byId("pick-all").checked = count > 0 && count === this.items.filter((item) => item.editable).length;
    byId("pick-all").indeterminate = count > 0 && !byId("pick-all").checked;
  }
}
