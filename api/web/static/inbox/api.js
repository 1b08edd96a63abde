/** The addresses that the inbox needs. */
import { get, post } from "../staff/call.js";

const at = (id) => `/assistance/${encodeURIComponent(id)}`;

export const getRequests = (query) => get(`/assistance?${query}`);
export const getOne = (id) => get(at(id));
export const getSetup = () => get("/assistance/setup");
export const mayPropose = async () => (await get("/session")).scopes.some((scope) => scope === "training:propose" || scope === "admin");
export const getTopics = () => get("/assistance/topics");
export const getConversation = (id) => get(`${at(id)}/conversation`);
export const reply = (id, body, key) => post(`${at(id)}/replies`, body, { "Idempotency-Key": key });
export const propose = (id, reply) => post("/training/examples/from-reply", { request_id: id, reply_id: reply });
export const close = (id) => post(`${at(id)}/close`);
export const sendAgain = (id, delivery) => post(`${at(id)}/deliveries/${encodeURIComponent(delivery)}/retry`);
