/* The page for when nothing answers: kept by this browser while its person is signed in, and shown without a network. */
"use strict";
const KEPT = "holdingline-offline";
const PAGE = "/offline";
const STYLES = ["/static/nhsuk.css", "/static/console.css", "/static/console.js", "/static/idiomorph.js"];
const FRESH_MS = 300000;
const KEPT_AT = "x-kept-at";
const VERSION = "x-register";

const keep = async (version) => {
  const kept = await caches.open(KEPT);
  const old = await kept.match(PAGE);
  const age = old ? Date.now() - Number(old.headers.get(KEPT_AT)) : Infinity;
  if (old && age >= 0 && age < FRESH_MS && old.headers.get(VERSION) === version) return;
  const answer = await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
  /* Somebody who is not signed in is led elsewhere: nothing of that is kept. */
  if (!answer.ok || answer.redirected) return;
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  await kept.put(PAGE, new Response(await answer.blob(), { headers }));
  await kept.addAll(STYLES);
};

const instead = async (request) => {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.open(KEPT);
    const found = await kept.match(request.mode === "navigate" ? PAGE : request);
    if (found) return found;
    throw error;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" || STYLES.includes(pathname)) event.respondWith(instead(event.request));
});
