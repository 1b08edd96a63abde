/** The review queue: one proposal after the other, decided by keyboard or mouse. */
import { announce, byId, el, icon } from "../dom.js";
import { Desk } from "../staff/desk.js";
import { Keys } from "../staff/keys.js";
import { takeBack, toast } from "../staff/toast.js";
import { get, post } from "../staff/call.js";
import { Panel } from "./panel.js";
import { CHIPS, plural } from "./words.js";

const NAMES = ["show", "q", "open"];
const at = (id) => `/training/examples/${encodeURIComponent(id)}`;
let view = readView();
let items = [];
let latest = 0;
const chosen = new Set();

const panel = new Panel({ approve: () => approve(), reject: () => askReason(), save: (fields) => save(fields), act: (name) => act(name) });
const desk = new Desk({
  refresh: () => refresh(),
  begin: () => {},
  forbidden: "This token may not read proposals. Make one with the scopes training:propose and training:approve.",
});
new Keys([
  ["J", "Next proposal", () => move(1)],
  ["K", "Previous proposal", () => move(-1)],
  ["A", "Approve", () => approve()],
  ["R", "Reject, with a reason", () => askReason()],
  ["E", "Correct and approve", () => panel.edit()],
  ["X", "Choose for several at once", () => choose(view.open)],
  ["/", "Search", () => byId("query").focus()],
  ["Z", "Undo", takeBack],
]);

function readView() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? ""]));
}

function show(changes, { step = false, fetch = true } = {}) {
  view = { ...view, ...changes };
  const address = new URLSearchParams(NAMES.filter((name) => view[name]).map((name) => [name, view[name]]));
  history[step ? "pushState" : "replaceState"](null, "", address.size ? `?${address}` : location.pathname);
  if (fetch) refresh();
}

async function refresh() {
  const mine = ++latest;
  const query = new URLSearchParams({ limit: 200 });
  const [, , statuses] = CHIPS.find(([id]) => id === (view.show || "proposed")) ?? CHIPS[0];
  statuses.forEach((status) => query.append("status", status));
  if (view.q) query.set("q", view.q);
  try {
    const found = await get(`/training/examples?${query}`);
    if (mine !== latest) return;
    items = (view.show || "proposed") === "proposed" ? found.items.toReversed() : found.items; // who waits longest first
    desk.fetched();
    showList(found.total);
  } catch (error) {
    if (mine === latest) desk.failed(error);
  }
}

function showList(total) {
  for (const id of chosen) if (!items.some((item) => item.id === id)) chosen.delete(id);
  byId("summary").textContent = (view.show || "proposed") === "proposed"
    ? (total ? `${plural(total, "proposal")} to decide.` : "Nothing to decide. New proposals appear here.")
    : plural(total, "example");
  byId("states").replaceChildren(...CHIPS.map(([id, words]) => el("button", {
    type: "button", class: "chip", "aria-pressed": String((view.show || "proposed") === id),
    onclick: () => show({ show: id === "proposed" ? "" : id, open: "" }, { step: true }) }, words)));
  byId("none").hidden = items.length > 0;
  byId("none").textContent = view.q ? "No proposal matches." : "There is nothing here.";
  const opened = items.find((item) => item.id === view.open) ?? items[0];
  byId("queue").replaceChildren(...items.map(row));
  showBulk();
  if (opened) open(opened.id, { focus: false });
  else panel.clear();
}

function row(item) {
  const flags = [
    item.conflicts ? el("span", { class: "flag caution" }, icon("warning"), "Says otherwise") : null,
    item.duplicates ? el("span", { class: "flag" }, "Asked before") : null,
    item.masked.length ? el("span", { class: "flag" }, "Personal data hidden") : null,
  ];
  const pick = el("input", { type: "checkbox", "aria-label": `Choose: ${item.question}`, onclick: () => choose(item.id) });
  pick.checked = chosen.has(item.id);
  return el("li", { "data-id": item.id, class: chosen.has(item.id) ? "picked" : null }, pick,
    el("button", { type: "button", class: "item", onclick: () => open(item.id) },
      el("span", { class: "item-question", dir: "auto" }, item.question),
      el("span", { class: "item-facts" }, [item.jurisdiction, item.proposed_by].filter(Boolean).join(" · "), ...flags)));
}

function place(id) {
  return items.findIndex((item) => item.id === id);
}

function open(id, { focus = true } = {}) {
  if (id !== view.open) show({ open: id }, { fetch: false });
  for (const node of byId("queue").children) {
    const here = node.dataset.id === id;
    node.querySelector(".item").setAttribute("aria-current", String(here));
    if (here && focus) node.querySelector(".item").focus();
    if (here) node.scrollIntoView({ block: "nearest" });
  }
  panel.open(id);
}

function move(by) {
  const next = items[Math.min(items.length - 1, Math.max(0, place(view.open) + by))];
  if (next) open(next.id);
}

function choose(id) {
  if (!id) return;
  if (!chosen.delete(id)) chosen.add(id);
  const node = byId("queue").querySelector(`[data-id="${CSS.escape(id)}"]`);
  node?.classList.toggle("picked", chosen.has(id));
  if (node) node.querySelector("input").checked = chosen.has(id);
  showBulk();
}

function showBulk() {
  byId("bulk").hidden = chosen.size === 0;
  byId("bulk-words").textContent = `${chosen.size} chosen`;
}

/** Decides over what is chosen, else over what is open; the next one opens by itself. */
async function decide(name, words, reason = null) {
  const ids = chosen.size ? [...chosen] : [view.open].filter(Boolean);
  if (!ids.length) return;
  const after = items.slice(place(ids[0])).find((item) => !ids.includes(item.id));
  await doing(async () => {
    const { items: results } = await post("/training/examples/bulk", { act: name, ids, reason });
    const done = results.filter((one) => one.changed).map((one) => one.id);
    const faults = results.filter((one) => one.error).map((one) => one.error);
    chosen.clear();
    if (done.length) view.open = after?.id ?? "";
    toast([done.length ? `${plural(done.length, "proposal")} ${words}.` : "", ...new Set(faults)].filter(Boolean).join(" "),
      done.length ? () => undo(done) : null);
  });
}

const approve = () => decide("approve", "approved");

async function undo(ids) {
  await doing(async () => {
    await post("/training/examples/bulk", { act: "undo", ids });
    view.open = ids[0];
    announce("Taken back");
  });
}

async function doing(work) {
  try {
    await work();
    await refresh();
  } catch (error) {
    desk.complain(error.message);
    announce(error.message);
  }
}

const save = (fields) => doing(async () => {
  const id = view.open;
  const { message } = await post(`${at(id)}/edit`, fields);
  view.open = items[place(id) + 1]?.id ?? "";
  toast(message, () => undo([id]));
});

const act = (name) => doing(async () => {
  const { message } = await post(`${at(view.open)}/${name}`);
  toast(message);
});

function askReason() {
  if (!view.open && !chosen.size) return;
  byId("reason").value = "";
  byId("rejecting").showModal();
}

byId("reject-form").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("rejecting").close();
  decide("reject", "rejected", byId("reason").value.trim());
});
byId("reject-cancel").addEventListener("click", () => byId("rejecting").close());
byId("bulk-approve").addEventListener("click", approve);
byId("bulk-reject").addEventListener("click", askReason);
byId("bulk-clear").addEventListener("click", () => [...chosen].forEach(choose));
byId("query").value = view.q;
byId("filters").addEventListener("submit", (event) => event.preventDefault());
let typed = null;
byId("query").addEventListener("input", ({ target }) => {
  clearTimeout(typed);
  typed = setTimeout(() => show({ q: target.value.trim() }), 200);
});
addEventListener("popstate", () => {
  view = readView();
  byId("query").value = view.q;
  refresh();
});
desk.start();
