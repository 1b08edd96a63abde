/** Calls with the token of staff; failures are those of the chat page's api.js. */
import { call } from "../api.js";
import { signed } from "./session.js";

export const get = async (path) => (await call(path, { headers: signed() })).json();

export const post = async (path, body = {}, headers = {}) =>
  (await call(path, {
    method: "POST", headers: { ...signed(), "Content-Type": "application/json", ...headers }, body: JSON.stringify(body),
  })).json();
