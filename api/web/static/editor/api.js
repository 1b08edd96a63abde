/** The addresses that an editor needs; failures are those of the chat page's api.js. */
import { call, Lost, Problem } from "../api.js";
import { signed } from "../staff/session.js";

const json = async (path, options = {}) =>
  (await call(path, { ...options, headers: { ...signed(), ...options.headers } })).json();
const post = (path, body) =>
  json(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const documentPath = (id) => `/documents/${id.split("/").map(encodeURIComponent).join("/")}`;
const releasePath = (chunkId) => `/documents/suspicious/${encodeURIComponent(chunkId)}/release`;

export const getDocuments = (query) => json(`/documents?${query}`);
export const getDocument = (id, query = {}) => json(`${documentPath(id)}?${new URLSearchParams(query)}`);
export const getProgress = () => json("/documents/progress");
export const removeDocument = (id, etag) =>
  json(documentPath(id), { method: "DELETE", headers: etag ? { "If-Match": `"${etag}"` } : {} });
export const eraseDocument = (id) => json(`${documentPath(id)}?erase=true`, { method: "DELETE" });
export const restoreDocument = (id, undo) => post("/documents/restore", { id, undo });
export const rereadDocument = (id) => post("/documents/reread", { id });
export const releasePassage = (id) => call(releasePath(id), { method: "POST", headers: signed() });
export const holdBackPassage = (id) => call(releasePath(id), { method: "DELETE", headers: signed() });

/** Says something of a document without touching its file. */
export function describeDocument(id, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return json(documentPath(id), { method: "PUT", body: form });
}

/** Sends a file with `onsent(share)` on the way; a document's id replaces it, without one the file is added. */
export function sendFile(file, { id, folder, onsent }) {
  const form = new FormData();
  if (folder) form.append("folder", folder);
  form.append("file", file, file.name);
  const request = new XMLHttpRequest(); // fetch does not tell how much was sent
  request.open(id ? "PUT" : "POST", id ? documentPath(id) : "/documents");
  for (const [name, value] of Object.entries(signed())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", ({ loaded, total }) => onsent(total ? loaded / total : 0));
  return new Promise((resolve, reject) => {
    request.addEventListener("error", () => reject(new Lost("The server could not be reached.")));
    request.addEventListener("load", () => settle(request, resolve, reject));
    request.send(form);
  });
}

function settle(request, resolve, reject) {
  const { status } = request;
  let said = {};
  try {
    said = JSON.parse(request.responseText);
  } catch { /* a proxy answers without JSON */ }
  if (status >= 200 && status < 300) resolve(said);
  else reject(new Problem({ ...said, detail: typeof said.detail === "string" ? said.detail : undefined, status }));
}
