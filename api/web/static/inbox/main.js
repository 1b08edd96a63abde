/** The inbox: the requests that the address asks for, the oldest wait first, and one of them opened beside the list. */
import { byId, el, icon } from "../dom.js";
import { Desk } from "../staff/desk.js";
import { Keys } from "../staff/keys.js";
import { takeBack } from "../staff/toast.js";
import { getRequests, getSetup, getTopics, mayPropose } from "./api.js";
import { RequestPanel } from "./panel.js";
import { CHIPS, STATUSES, at, since, summary } from "./words.js";

const PAGE = 50;
const LOOK_AGAIN_MS = 10_000;
const NAMES = ["show", "topic", "q", "from", "open"];
let view = readView();
let topics = new Map();
let latest = 0;
let timer = null;

const panel = new RequestPanel({ changed: () => refresh(), topic: (id) => topics.get(id) ?? id, closed: (id) => shut(id) });
const desk = new Desk({
  refresh: () => refresh(),
  begin,
  end: () => clearInterval(timer),
  forbidden: "This token may not read requests. Make one with the scope assistance:read.",
});
new Keys([
  ["/", "Search", () => byId("query").focus()],
  ["J", "Next request", () => move(1)],
  ["K", "Previous request", () => move(-1)],
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

function query() {
  const asked = new URLSearchParams({ limit: PAGE, offset: Number(view.from) || 0 });
  const [, , statuses] = CHIPS.find(([id]) => id === (view.show || "open")) ?? CHIPS[0];
  statuses.forEach((status) => asked.append("status", status));
  for (const name of ["topic", "q"]) if (view[name]) asked.set(name, view[name]);
  return asked;
}

async function refresh() {
  const mine = ++latest;
  try {
    const found = await getRequests(query());
    panel.proposes ??= await mayPropose().catch(() => null); // could not be told before
    if (mine !== latest) return;
    desk.fetched();
    showList(found);
  } catch (error) {
    if (mine === latest) desk.failed(error);
  }
}

function showList({ items, total, counts }) {
  byId("summary").textContent = summary(counts);
  showChips(counts);
  const here = document.activeElement?.closest("tr[data-id]")?.dataset.id;
  byId("rows").replaceChildren(...items.map(row));
  if (here) byId("rows").querySelector(`[data-id="${CSS.escape(here)}"] button.title`)?.focus();
  byId("list").hidden = !items.length;
  byId("none").hidden = items.length > 0;
  byId("none").textContent = view.q || view.topic ? "No request matches." : "There is nothing here.";
  const from = Number(view.from) || 0;
  byId("pages").hidden = total <= PAGE;
  byId("page-words").textContent = `${from + 1} to ${Math.min(from + PAGE, total)} of ${total}`;
  byId("previous").disabled = from === 0;
  byId("next").disabled = from + PAGE >= total;
}

function showChips(counts) {
  const every = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const number = (statuses) => (statuses.length ? statuses.reduce((sum, one) => sum + counts[one], 0) : every);
  const focused = byId("states").contains(document.activeElement) ? document.activeElement.dataset.show : null;
  byId("states").replaceChildren(...CHIPS.map(([id, words, statuses]) => el("button", {
    type: "button", class: "chip", "data-show": id, "aria-pressed": String((view.show || "open") === id),
    onclick: () => show({ show: id === "open" ? "" : id, from: "" }, { step: true }) }, words, " ", el("span", { class: "count" }, String(number(statuses))))));
  if (focused) byId("states").querySelector(`[data-show="${focused}"]`)?.focus();
}

function row(item) {
  const { word, icon: shape } = STATUSES[item.status];
  const waits = ["waiting", "handed_over", "failed"].includes(item.status);
  return el("tr", { "data-id": item.id, class: `is-${item.status}` },
    el("th", { scope: "row", class: "name" },
      el("button", { type: "button", class: "title excerpt", dir: "auto", onclick: () => open(item.id) }, item.description),
      el("span", { class: "id" }, `${item.id.slice(0, 8)}${item.contact ? " · contact given" : ""}`)),
    el("td", { class: "state" }, el("span", { class: "word" }, icon(shape), word)),
    el("td", { class: "fact" }, topics.get(item.topic) ?? item.topic),
    el("td", { class: "fact", "data-label": "Asked" }, at(item.created_at)),
    el("td", { class: "fact", "data-label": waits ? "Waits" : "Replies" }, waits ? since(item.created_at) : String(item.replies.length)));
}

function open(id) {
  show({ open: id }, { fetch: false });
  panel.open(id);
}

function shut(id) {
  show({ open: "" }, { fetch: false });
  byId("rows").querySelector(`[data-id="${CSS.escape(id)}"] button.title`)?.focus();
}

function move(by) {
  const current = document.activeElement?.closest("tr[data-id]");
  const next = current ? (by > 0 ? current.nextElementSibling : current.previousElementSibling) : byId("rows").firstElementChild;
  next?.querySelector("button.title")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

async function begin() {
  clearInterval(timer);
  timer = setInterval(() => !document.hidden && refresh(), LOOK_AGAIN_MS);
  const [{ items }, setup, proposes] = await Promise.all([
    getTopics().catch(() => ({ items: [] })), getSetup().catch(() => ({ error: null, channels: [] })), mayPropose().catch(() => null)]);
  panel.proposes = proposes;
  topics = new Map(items.map(({ id, title }) => [id, title]));
  byId("topic").append(...items.map(({ id, title }) => el("option", { value: id, selected: id === view.topic }, title)));
  showSetup(setup);
  refresh();
  if (view.open) panel.open(view.open);
}

/** Says which channels do not work; requests for these wait here. */
function showSetup({ error, channels }) {
  const wrong = channels.filter(({ state }) => state === "misconfigured").map(({ channel, detail }) => `${channel}: ${detail}`);
  if (error) wrong.unshift(`The file of topics has a mistake, so the last good one is used. ${error}`);
  const missing = channels.filter(({ state }) => state === "not_set_up").map(({ channel }) => channel);
  if (missing.length) wrong.push(`Not set up: ${missing.join(", ")}. Requests for these wait here.`);
  byId("setup").hidden = !wrong.length;
  byId("setup").lastElementChild.textContent = wrong.join(" ");
}

byId("query").value = view.q;
byId("filters").addEventListener("submit", (event) => event.preventDefault());
let typed = null;
byId("query").addEventListener("input", ({ target }) => {
  clearTimeout(typed);
  typed = setTimeout(() => show({ q: target.value.trim(), from: "" }), 200);
});
byId("topic").addEventListener("change", ({ target }) => show({ topic: target.value, from: "" }, { step: true }));
byId("previous").addEventListener("click", () => show({ from: String(Math.max(0, (Number(view.from) || 0) - PAGE) || "") }, { step: true }));
byId("next").addEventListener("click", () => show({ from: String((Number(view.from) || 0) + PAGE) }, { step: true }));
addEventListener("popstate", () => {
  view = readView();
  byId("query").value = view.q;
  byId("topic").value = view.topic;
  refresh();
});
desk.start();
