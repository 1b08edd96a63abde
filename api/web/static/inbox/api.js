/** The addresses that staff need; failures are those of the chat page's api.js. */
import { call } from "../api.js";
import { signed } from "../staff/session.js";

const json = async (path, options = {}) =>
  (await call(path, { ...options, headers: { ...signed(), ...options.headers } })).json();
const post = (path, body, headers = {}) =>
  json(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body ?? {}) });
const at = (id) => `/assistance/${encodeURIComponent(id)}`;

export const getRequests = (query) => json(`/assistance?${query}`);
export const getOne = (id) => json(at(id));
export const getSetup = () => json("/assistance/setup");
export const getTopics = () => json("/assistance/topics");
export const getConversation = (id) => json(`${at(id)}/conversation`);
export const reply = (id, body, key) => post(`${at(id)}/replies`, body, { "Idempotency-Key": key });
export const close = (id) => post(`${at(id)}/close`);
export const sendAgain = (id, delivery) => post(`${at(id)}/deliveries/${encodeURIComponent(delivery)}/retry`);
