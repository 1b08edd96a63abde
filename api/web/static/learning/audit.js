/** The log of what was done to examples: who, when, what, before and after. */
import { byId, el } from "../dom.js";
import { get } from "../staff/call.js";
import { Desk } from "../staff/desk.js";

const PAGE = 100;
const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const asked = new URLSearchParams(location.search);
let [example, last] = [asked.get("example") ?? "", null];

const desk = new Desk({
  refresh: () => refresh(),
  forbidden: "This token may not read the log. Make one with the scope training:approve.",
});

async function refresh() {
  byId("rows").replaceChildren();
  last = null;
  await more();
}

async function more() {
  const asked = new URLSearchParams({ limit: PAGE });
  if (example) asked.set("example", example);
  if (last) asked.set("before", last);
  try {
    const { items } = await get(`/training/audit?${asked}`);
    desk.fetched();
    byId("rows").append(...items.map(row));
    last = items.at(-1)?.id ?? last;
    byId("older").hidden = items.length < PAGE;
    byId("none").hidden = byId("rows").childElementCount > 0;
    byId("list").hidden = !byId("rows").childElementCount;
  } catch (error) {
    desk.failed(error);
  }
}

function row(entry) {
  return el("tr", {}, el("th", { scope: "row", class: "name" }, el("a", { href: `?example=${entry.example_id}` }, entry.example_id)),
    el("td", { class: "fact" }, entry.act), el("td", { class: "fact", "data-label": "By" }, entry.actor),
    el("td", { class: "fact", "data-label": "On" }, moment.format(new Date(entry.at))),
    el("td", { class: "changes" }, ...changes(entry.before ?? {}, entry.after)));
}

/** Every field that is another one than before. */
function changes(before, after) {
  const said = (fields, name) => JSON.stringify(fields[name] ?? null).replace(/^(\[\]|"")$/, "null");
  const names = Object.keys(after).filter((name) => said(before, name) !== said(after, name));
  return names.map((name) => el("div", {}, el("span", { class: "soft" }, `${name}: `),
    before[name] === undefined || before[name] === null ? "" : el("del", {}, text(before[name])), " ", after[name] === null ? "" : el("ins", {}, text(after[name]))));
}

const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));

byId("older").addEventListener("click", more);
byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  example = byId("example").value.trim();
  history.pushState(null, "", example ? `?example=${encodeURIComponent(example)}` : location.pathname);
  refresh();
});
byId("example").value = example;
desk.start();
