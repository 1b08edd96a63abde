/** The chat page from top to bottom: ask, show, follow up, come back, start anew. */
import { Problem, getCatalogue, getConversation } from "./api.js";
import { Asking } from "./asking.js";
import { Composer } from "./composer.js";
import { announce, byId, el, newKey } from "./dom.js";
import { History } from "./history.js";
import { Mine } from "./mine.js";
import { SourcePanel } from "./source.js";
import { TurnView } from "./turn.js";
import { t } from "./words.js";

const CATALOGUE_MS = 2000;
const thread = byId("thread");
const title = document.title;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let conversation = null;
let asking = null;
let unanswered = null; // the TurnView whose question failed and waits in the box

const panel = new SourcePanel(thread);
const composer = new Composer({ onask: ask, onstop: () => asking?.stop() });
const mine = new Mine({
  onerased() {
    byId("history").close();
    startAnew();
  },
});
new History({
  current: () => conversation, onopen: go, ondelete: (id) => id === conversation && startAnew(), onshow: () => mine.look(),
});

byId("start-anew").addEventListener("click", startAnew);
byId("main").addEventListener("click", ({ target }) => {
  const example = target.closest(".example");
  if (example) ask(example.dataset.question);
});
addEventListener("popstate", () => fragment() !== conversation && show(fragment()));
addEventListener("offline", watchConnection);
addEventListener("online", watchConnection);
awaitDocuments();
show(fragment());

function ask(question) {
  if (asking) return announce(t("still_answering"));
  if (unanswered?.question === question) return run(unanswered);
  return run(addTurn(question));
}

function addTurn(question) {
  byId("intro").hidden = true;
  thread.hidden = byId("start-anew").hidden = false;
  thread.querySelector(".latest")?.classList.remove("latest");
  const view = new TurnView(question, { onagain: (failed) => !asking && run(failed) });
  view.element.classList.add("latest");
  thread.append(view.element);
  document.title = `${question} · ${title}`;
  return view;
}

/** Asks the question of `view`. Another try waits for the turn the server has, or keeps its key: nothing is doubled. */
function run(view) {
  const { turnId } = view;
  unanswered = null;
  view.begin();
  if (!byId("composer").contains(document.activeElement)) view.focus();
  view.element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
  if (turnId) return follow(view, (current) => current.resume(turnId));
  const body = { question: view.question, conversation_id: conversation, jurisdiction: composer.country };
  return follow(view, (current) => current.ask(body, keyFor(view, JSON.stringify(body))));
}

/** The idempotency key of a view's question: the same as long as the same is asked. */
function keyFor(view, body) {
  if (view.asked?.body !== body) view.asked = { body, key: newKey() };
  return view.asked.key;
}

async function follow(view, work) {
  const current = new Asking(view, { onaccepted: (turn) => accepted(view, turn) });
  asking = current;
  composer.busy(true);
  const outcome = await work(current);
  if (outcome === "left") return;
  asking = null;
  composer.busy(false);
  if (outcome !== "failed" || current.ended) view.asked = view.turnId = null;
  if (outcome === "failed") failed(view, current.error);
}

function accepted(view, turn) {
  view.turnId = turn.turn_id;
  composer.taken(view.question);
  byId("connection").hidden = true;
  if (turn.conversation_id === conversation) return;
  conversation = turn.conversation_id;
  history.pushState(null, "", `#c=${conversation}`);
}

function failed(view, error) {
  unanswered = view;
  if (error.status === 404) conversation = null; // deleted elsewhere: another try starts a new one
  composer.giveBack(view.question);
  watchConnection();
}

function fragment() {
  return new URLSearchParams(location.hash.slice(1)).get("c");
}

function go(id) {
  history.pushState(null, "", `#c=${id}`);
  show(id);
}

function startAnew() {
  history.pushState(null, "", location.pathname);
  show(null);
  composer.focus();
}

/** Shows a stored conversation, or the empty page for null. */
async function show(id) {
  clear();
  conversation = id;
  if (!id) return;
  const wait = addNote(t("fetching_conversation"));
  try {
    const { turns, assistance = [] } = await getConversation(id);
    if (conversation === id) restore(turns, assistance);
  } catch (error) {
    if (conversation === id) missing(error);
  } finally {
    wait.remove();
  }
}

function clear() {
  asking?.leave();
  asking = unanswered = null;
  panel.close();
  composer.busy(false);
  thread.replaceChildren(el("h1", { class: "visually-hidden" }, t("questions_and_answers")));
  thread.hidden = byId("start-anew").hidden = true;
  byId("intro").hidden = false;
  document.title = title;
}

function addNote(text) {
  byId("intro").hidden = true;
  thread.hidden = byId("start-anew").hidden = false;
  const note = el("p", { class: "working", role: "status" }, text);
  thread.append(note);
  return note;
}

function restore(turns, requests) {
  for (const turn of turns) {
    const view = addTurn(turn.question);
    const request = requests.findLast(({ turn_id: about }) => about === turn.turn_id);
    if (turn.reply) view.settle(turn.reply, { feedback: turn.feedback, request });
    else if (turn.status === "accepted") run(Object.assign(view, { turnId: turn.turn_id }));
    else if (turn.status === "stopped") view.stopped();
    else view.failed(new Problem({ title: t("not_answered"), detail: t("not_answered_why") }));
  }
  thread.lastElementChild?.scrollIntoView({ block: "start" });
}

function missing(error) {
  clear();
  conversation = null;
  history.replaceState(null, "", location.pathname);
  addNote(t(error.status === 404 ? "conversation_gone" : "conversation_not_fetched")).className = "ended";
}

/** Says so while the server cannot be reached. It asks the server: one on this machine needs no network. */
async function watchConnection() {
  const reachable = await getCatalogue().then(() => true, (error) => error instanceof Problem);
  const note = byId("connection");
  if (reachable && !note.hidden) announce(t("connection_back"));
  note.hidden = reachable;
  if (!reachable) setTimeout(() => !note.hidden && watchConnection(), 5000);
}

/** While documents are being read in, asks for the page again and takes over its new introduction and countries. */
async function awaitDocuments() {
  if (byId("intro").dataset.ready === "true") return;
  const ready = await getCatalogue().then((catalogue) => catalogue.ready, () => false);
  if (!ready) return setTimeout(awaitDocuments, CATALOGUE_MS);
  const fresh = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
  if (fresh.documentElement.lang !== document.documentElement.lang) return location.reload(); // another was chosen meanwhile
  const hidden = byId("intro").hidden;
  for (const id of ["intro", "country"]) byId(id).replaceWith(document.adoptNode(fresh.getElementById(id)));
  byId("intro").hidden = hidden;
  composer.restoreCountry();
}
