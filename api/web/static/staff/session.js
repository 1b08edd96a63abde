/** The token of staff: kept for this tab alone, and taken out of the address at once. */
const KEY = "editor-token";

/** Whether the server knows who this is by the cookie of `/signin`; then no header is needed. */
let byCookie = await fetch("/session", { cache: "no-store" })
  .then(async (response) => response.ok && (await response.json()).signed_in)
  .catch(() => false);

/** Something where somebody is signed in, by a token kept here or by the cookie. */
export const token = () => sessionStorage.getItem(KEY) ?? (byCookie ? "cookie" : null);
export const signed = () => (sessionStorage.getItem(KEY) ? { Authorization: `Bearer ${sessionStorage.getItem(KEY)}` } : {});
export const keepToken = (given) => sessionStorage.setItem(KEY, given.trim());
export function forgetToken() {
  sessionStorage.removeItem(KEY);
  byCookie = false;
}
export function signOut() {
  if (byCookie) fetch("/signout", { method: "POST", redirect: "manual" });
  forgetToken();
}

/** Takes the token of a link as `assistant documents page` prints it: behind the `#`, so that no server sees it.
 *  Tells whether there was one. */
export function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!given) return false;
  keepToken(given);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}
