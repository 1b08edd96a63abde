/** The server's endpoints. Failures are Problem (the server said no) or Lost (the server did not say). */

export class Problem extends Error {
  constructor({ type, title, detail, status } = {}) {
    super(detail || title || "The server could not do this.");
    this.title = title || "Something went wrong";
    this.status = status;
    this.type = type?.split(":").at(-1); // as "overloaded"
  }
}

export class Lost extends Error {}

export async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Lost("The server could not be reached.");
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  const detail = typeof said.detail === "string" ? said.detail : undefined;
  throw new Problem({ ...said, detail, status: response.status });
}

const json = async (path) => (await call(path)).json();

export const getTurn = (id) => json(`/turns/${encodeURIComponent(id)}`);
export const getConversations = () => json("/conversations");
export const getConversation = (id) => json(`/conversations/${encodeURIComponent(id)}`);
export const getPassage = ({ document_id, version, start, end }) =>
  json(`/passages?${new URLSearchParams({ document_id, version, start, end })}`);
export const getCatalogue = () => json("/catalogue");
export const deleteConversation = (id) => call(`/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });
const send = (path, body, headers = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body });

export const sendFeedback = (feedback) => send("/feedback", JSON.stringify(feedback));
export const getTopics = (language) => json(`/assistance/topics?language=${language}`);
export const getRequest = (id) => json(`/assistance/${encodeURIComponent(id)}`);
export const draftRequest = async (turn) => (await send("/assistance/draft", JSON.stringify({ turn_id: turn }))).json();
export const askPerson = async (body, key) => (await send("/assistance", body, { "Idempotency-Key": key })).json();
export const closeRequest = async (id) => (await send(`/assistance/${encodeURIComponent(id)}/close`)).json();
export const stopTurn = (id) => call(`/turns/${encodeURIComponent(id)}/stop`, { method: "POST", keepalive: true });

/** Yields `{event, data}` of one asked question as the server sends them; data is parsed JSON. */
export async function* streamAnswer(body, { key, signal }) {
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream", "Idempotency-Key": key };
  const response = await call("/chat", { method: "POST", headers, body: JSON.stringify(body), signal });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    yield { event: "reply", data: await response.json() };
    return;
  }
  yield* events(response.body.pipeThrough(new TextDecoderStream()).getReader());
}

async function* events(reader) {
  let rest = "";
  for (;;) {
    const { done, value } = await read(reader);
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    yield* blocks.map(parseEvent).filter(Boolean);
  }
}

async function read(reader) {
  try {
    return await reader.read();
  } catch (error) {
    throw error.name === "AbortError" ? error : new Lost("The connection was interrupted.");
  }
}

/** One event of a stream, or null for a comment. */
function parseEvent(block) {
  const lines = block.split("\n");
  const named = (name) => lines.filter((line) => line.startsWith(name));
  const values = (name) => named(name).map((line) => line.slice(name.length).trimStart());
  const data = values("data:").join("\n");
  return data ? { event: values("event:")[0] ?? "message", data: JSON.parse(data) } : null;
}
