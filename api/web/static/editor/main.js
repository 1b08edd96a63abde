/** The documents page: signs the editor in, shows the list that the address asks for and keeps it fresh. */
import { byId, el } from "../dom.js";
import { Desk } from "../staff/desk.js";
import { Keys } from "../staff/keys.js";
import { token } from "../staff/session.js";
import { takeBack } from "../staff/toast.js";
import { Actions } from "./actions.js";
import { getDocuments } from "./api.js";
import { Preview } from "./preview.js";
import { ProgressLine } from "./progress.js";
import { Table } from "./table.js";
import { Uploads } from "./uploads.js";
import { listQuery, PAGE, readView, writeView } from "./view.js";
import { STATES, summary } from "./words.js";

let view = readView();
let listed = null;
let latest = 0;

const actions = new Actions(() => refresh());
const preview = new Preview({
  changed: () => refresh(),
  remove: (item) => actions.remove([item]),
  reread: (item) => actions.reread([item]),
  closed(id) {
    show({ open: "" }, { fetch: false });
    table.focus(id);
  },
});
const table = new Table({
  open: (item) => open(item.id),
  remove: (item) => actions.remove([item]),
  reread: (item) => actions.reread([item]),
  restore: (item) => actions.restore([item]),
});
const uploads = new Uploads({ changed: () => refresh(), open });
const progress = new ProgressLine({
  changed: () => refresh(),
  expecting: () => Boolean(listed && listed.counts.indexing + listed.counts.waiting),
});
const desk = new Desk({
  refresh: () => refresh(),
  begin,
  end: () => progress.stop(),
  forbidden: "This token may not read documents. Make one with the scope knowledge:read.",
});
const chosen = () => (table.picked.size ? [...table.picked.values()] : [table.current()].filter((item) => item?.editable));

new Keys([
  ["/", "Search", () => byId("query").focus()],
  ["J", "Next document", () => table.move(1)],
  ["K", "Previous document", () => table.move(-1)],
  ["X", "Choose the document", () => table.toggle(table.current())],
  ["U", "Add files", () => byId("files").click()],
  ["R", "Read again what is chosen", () => chosen().length && actions.reread(chosen())],
  ["D", "Remove what is chosen", () => chosen().length && actions.remove(chosen())],
  ["Z", "Undo", takeBack],
]);

/** Fetches the list; an answer that was overtaken by a later one is dropped. */
async function refresh() {
  const mine = ++latest;
  try {
    const found = await getDocuments(listQuery(view));
    if (mine !== latest) return;
    listed = found;
    desk.fetched();
    showList();
  } catch (error) {
    if (mine === latest) desk.failed(error);
  }
}

function showList() {
  byId("summary").textContent = summary(listed.counts);
  showChips();
  table.show(listed.items);
  byId("none").hidden = listed.items.length > 0;
  byId("none").textContent = view.state || view.q || view.jurisdiction ? "No document matches. Choose “All”, or search for less." : "Add the first document above.";
  showPages();
  showFolders();
}

function showChips() {
  const { counts } = listed;
  const all = Object.keys(STATES).filter((state) => state !== "removed").reduce((sum, state) => sum + counts[state], 0);
  const chips = [["", "All", all], ["live", "Live", counts.live], ["unreadable", STATES.unreadable.chip, counts.unreadable],
    ["stale", STATES.stale.chip, counts.stale], ["indexing", STATES.indexing.chip, counts.indexing], ["waiting", STATES.waiting.chip, counts.waiting],
    ["suspicious", "Held-back text", counts.suspicious], ["due", "To be checked", counts.due], ["removed", STATES.removed.chip, counts.removed]];
  const shown = chips.filter(([state, , count]) => count || state === view.state || !state);
  const focused = byId("states").contains(document.activeElement) ? document.activeElement.dataset.state : null;
  byId("states").replaceChildren(...shown.map(([state, words, count]) => el("button", {
    type: "button", class: `chip chip-${state || "all"}`, "data-state": state, "aria-pressed": String(view.state === state),
    onclick: () => show({ state, from: "" }, { step: true }) }, words, " ", el("span", { class: "count" }, String(count)))));
  if (focused !== null) byId("states").querySelector(`[data-state="${focused}"]`)?.focus();
}

function showPages() {
  const from = Number(view.from) || 0;
  byId("pages").hidden = listed.total <= PAGE;
  byId("page-words").textContent = `${from + 1} to ${Math.min(from + PAGE, listed.total)} of ${listed.total}`;
  byId("previous").disabled = from === 0;
  byId("next").disabled = from + PAGE >= listed.total;
}

function showFolders() {
  const { root } = byId("main").dataset;
  const folders = new Set(listed.items.filter(({ id }) => id.startsWith(`${root}/`)).map(({ id }) => id.split("/").slice(1, -1).join("/")));
  byId("folders").replaceChildren(...[...folders].filter(Boolean).map((folder) => el("option", { value: folder })));
}

/** Changes the view, and the address with it. */
function show(changes, { step = false, fetch = true } = {}) {
  view = { ...view, ...changes };
  writeView(view, { step });
  if (fetch) refresh();
}

function open(id) {
  show({ open: id }, { fetch: false });
  preview.open(id);
}

function begin() {
  progress.start();
  if (view.open) preview.open(view.open);
}

function fillFilters() {
  for (const [id, name] of [["query", "q"], ["country", "jurisdiction"], ["sort", "sort"]]) byId(id).value = view[name];
}

byId("filters").addEventListener("submit", (event) => event.preventDefault());
let typed = null;
byId("query").addEventListener("input", ({ target }) => {
  clearTimeout(typed);
  typed = setTimeout(() => show({ q: target.value.trim(), from: "" }), 200);
});
byId("country").addEventListener("change", ({ target }) => show({ jurisdiction: target.value, from: "" }, { step: true }));
byId("sort").addEventListener("change", ({ target }) => show({ sort: target.value, from: "" }, { step: true }));
byId("previous").addEventListener("click", () => show({ from: String(Math.max(0, Number(view.from) - PAGE) || "") }, { step: true }));
byId("next").addEventListener("click", () => show({ from: String((Number(view.from) || 0) + PAGE) }, { step: true }));
byId("bulk-remove").addEventListener("click", () => actions.remove(chosen()));
byId("bulk-reread").addEventListener("click", () => actions.reread(chosen()));
window.addEventListener("popstate", () => {
  view = readView();
  fillFilters();
  if (token()) refresh();
});

fillFilters();
desk.start();
