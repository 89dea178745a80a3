/* The console in the browser: live parts, previews, and orders that the person's own device signs.
   An order is hashed here, from the very order whose words the page shows; nothing else is ever signed. */
(() => {
  "use strict";
  /* No name that comes in can become a property of every object. */
  Object.preventExtensions(Object.prototype);
  const trusted = window.trustedTypes
    ? window.trustedTypes.createPolicy("holdingline", { createHTML: (text) => text, createScriptURL: (link) => link })
    : { createHTML: (text) => text, createScriptURL: (link) => link };
  const words = document.getElementById("words").dataset;
  const ORDER = "holdingline order, signed form 1\n";
  const ORDERS = "holdingline orders, signed form 1\n";
  const SIGN_IN = "holdingline sign-in, signed form 1\n";
  const STALE_MS = 9000;
  /* No tap counts on words that changed under the finger. */
  const CHANGED_MS = 600;

  /* The time of the server: a telephone's own clock may be wrong. */
  let serverMs = Date.parse(document.documentElement.dataset.now);
  let heardMs = Date.now();
  const now = () => serverMs + (Date.now() - heardMs);

  const part = (text, selector) => {
    const whole = new DOMParser().parseFromString(trusted.createHTML(text), "text/html");
    return selector ? whole.querySelector(selector) : whole.body;
  };
  const morph = (old, fresh) => Idiomorph.morph(old, fresh, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: { beforeAttributeUpdated: (name, node) => !(name === "open" && node.tagName === "DETAILS") },
  });

  /* Who is signed out signs in on the page that lies open, so that what they typed there stays. */
  const isOut = (answer) => answer.status === 401 || new URL(answer.url).pathname === "/sign-in";
  const goesOn = new WeakMap();
  const offerSignIn = (place, again) => {
    place.replaceChildren(document.getElementById("left").content.cloneNode(true));
    goesOn.set(place.querySelector(".hl-order"), again);
    wire(place);
  };

  /* Live parts. */
  const live = document.getElementById("live");
  const line = document.getElementById("live-line");
  if (live) {
    let beatMs = Date.now();
    const plain = line.textContent;
    const tell = (stale) => {
      line.classList.toggle("hl-stale", stale);
      const text = stale ? `${words.stale} ${new Date(beatMs).toLocaleTimeString("en-GB")}` : plain;
      if (line.textContent !== text) line.textContent = text;
    };
    const left = document.createElement("div");
    line.after(left);
    const askAgain = async () => {
      const stop = new AbortController();
      let out = false;
      try {
        out = isOut(await fetch(live.dataset.events, { signal: stop.signal }));
      } catch { /* Without a network it is not known. */ }
      stop.abort();
      if (out) tell(true);
      if (out && !left.firstChild) offerSignIn(left, () => left.replaceChildren());
      setTimeout(out ? askAgain : listen, 3000);
    };
    const listen = () => {
      const source = new EventSource(live.dataset.events);
      source.addEventListener("message", (event) => { morph(live, part(event.data).childNodes); wire(live); });
      source.addEventListener("beat", (event) => {
        beatMs = heardMs = Date.now();
        serverMs = Date.parse(event.data);
        tell(false);
        left.replaceChildren();
      });
      source.addEventListener("error", () => {
        if (source.readyState === EventSource.CLOSED) askAgain();
      });
    };
    listen();
    setInterval(() => { if (Date.now() - beatMs > STALE_MS) tell(true); }, 500);
    window.addEventListener("offline", () => tell(true));
  }

  /* Previews: the same page again, with what was typed; without scripts the form's own button does it.
     What was offered before goes out no more: it is not what was typed. */
  for (const form of document.querySelectorAll("form[data-preview]")) {
    let latest = 0;
    const show = () => form.dispatchEvent(new Event("change"));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && document.querySelector(`${form.dataset.preview} .hl-left`)) show();
    });
    /* What is in no link would be lost with the page. */
    form.addEventListener("submit", async (event) => {
      if (form.method !== "post") return;
      event.preventDefault();
      let isIn = false;
      try {
        isIn = !isOut(await fetch("/me"));
      } catch { /* What failed is told below. */ }
      if (isIn) form.submit();
      else show();
    });
    form.addEventListener("change", async () => {
      const mine = ++latest;
      const typed = new URLSearchParams(new FormData(form));
      const target = document.querySelector(form.dataset.preview);
      const keepAll = (is) => { for (const box of target.querySelectorAll(".hl-order")) keep(box, is); };
      keepAll(true);
      let fresh = null, out = false;
      try {
        /* Long texts do not fit into a link. */
        const answer = form.method === "post"
          ? await fetch(location.pathname, { method: "POST", body: typed })
          : await fetch(`${location.pathname}?${typed}`, { headers: { Accept: "text/html" } });
        out = isOut(answer);
        fresh = answer.ok ? part(await answer.text(), form.dataset.preview) : null;
      } catch { /* Without a network there is nothing to show. */ }
      if (mine !== latest) return;
      if (fresh) {
        target.querySelector(".hl-left")?.remove();
        morph(target, fresh.childNodes);
        wire(target);
        keepAll(true);
        setTimeout(() => { if (mine === latest) keepAll(false); }, CHANGED_MS);
      } else if (out) {
        offerSignIn(target, show);
        target.scrollIntoView({ block: "nearest" });
      } else {
        const fault = document.createElement("p");
        fault.className = "hl-fault";
        fault.setAttribute("role", "alert");
        fault.textContent = words.unshown;
        target.replaceChildren(fault);
      }
    });
  }

  /* Canonical JSON: keys sorted, no spaces. */
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") {
      return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    return JSON.stringify(value);
  };
  const challenge = async (domain, value) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(domain + canonical(value))));
  const written = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const read = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  const ask = async (bytes, devices, rpId) => {
    const found = await navigator.credentials.get({ publicKey: {
      challenge: bytes, userVerification: "required", timeout: 120000, ...(rpId ? { rpId } : {}),
      allowCredentials: devices.map((id) => ({ type: "public-key", id: read(id) })),
    } });
    return {
      credential: written(found.rawId),
      authenticator_data: written(found.response.authenticatorData),
      client_data: written(found.response.clientDataJSON),
      signature: written(found.response.signature),
    };
  };

  const answerOf = (box) => box.querySelector(".hl-answer");
  const say = (box, heading, lines, names, languages) => {
    const place = answerOf(box);
    place.replaceChildren();
    const add = (tag, text, to = place) => { const one = document.createElement(tag); one.textContent = text; to.append(one); return one; };
    place.className = "hl-answer nhsuk-error-summary";
    if (heading) add("h2", heading).className = "nhsuk-error-summary__title";
    const list = add("ul", "");
    list.className = "nhsuk-list";
    lines.forEach((text, number) => {
      const one = add("li", text, list);
      if (languages && languages[number]) one.lang = languages[number];
    });
    if (names && names.length) {
      add("p", words.could);
      const who = add("ul", "");
      who.className = "nhsuk-list nhsuk-list--bullet";
      for (const name of names) add("li", name, who);
    }
    place.focus();
  };
  /* In place of the button a link that leads to how things are now. */
  const away = (box, text, link) => {
    box.querySelector("button").hidden = true;
    const one = document.createElement("a");
    one.textContent = text;
    one.href = link;
    answerOf(box).append(one);
  };
  const done = (box, lines) => {
    say(box, words.done, lines);
    const place = answerOf(box);
    place.className = "hl-answer hl-done";
    document.getElementById("main").replaceChildren(place);
    place.focus();
  };
  const keep = (box, is) => {
    box.dataset.busy = is ? "yes" : "";
    box.querySelector("button")?.setAttribute("aria-disabled", is ? "true" : "false");
  };
  const busy = (box, is) => {
    keep(box, is);
    document.getElementById("said").textContent = is ? words.wait : "";
  };
  const post = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    return { ...(await answer.json()), status: answer.status };
  };

  const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  const wholeOf = (order) => ({
    ...order,
    id: `cmd-${hex(crypto.getRandomValues(new Uint8Array(16)))}`,
    at: `${new Date(now()).toISOString().slice(0, 19)}Z`,
  });
  /* The yes of the person's device; where there is none, the box says why. */
  const prove = async (box, devices, form, signed) => {
    if (!devices.length) return say(box, words.refused, [words.noPasskey]);
    try {
      return await ask(await challenge(form, signed), devices, null);
    } catch {
      return say(box, words.refused, [words.failed]);
    }
  };
  /* What was sent and has no answer yet: the next tap sends the same again, which counts once. */
  const unanswered = new WeakMap();
  const sentBefore = (box, offered) => {
    const sent = unanswered.get(box);
    return sent && sent.offered === offered ? sent : null;
  };
  const isAnswer = (status) => Boolean(status) && status < 500 && status !== 429;
  const give = async (box) => {
    const offered = box.dataset.offer;
    const { order, devices, passkey, said } = JSON.parse(offered);
    if (said) return giveSaid(box, order, said);
    const sent = sentBefore(box, offered) || { offered, order: wholeOf(order), proof: null };
    if (passkey && !sent.proof) {
      sent.proof = await prove(box, devices, ORDER, sent.order);
      if (!sent.proof) return undefined;
    }
    unanswered.set(box, sent);
    if (isAnswer(await send(box, sent.order, sent.proof))) unanswered.delete(box);
    return undefined;
  };
  /* Several orders with one yes: each is sent and judged alone, and what was refused is told by name. */
  const giveEach = async (box) => {
    const offered = box.dataset.offers;
    const { orders, names, devices, passkey } = JSON.parse(offered);
    const before = sentBefore(box, offered);
    const wholes = before ? before.orders : orders.map(wholeOf);
    let proof = before ? before.proof : null;
    if (passkey && !proof) {
      const together = await Promise.all(wholes.map(async (one) => hex(await challenge(ORDER, one))));
      const yes = await prove(box, devices, ORDERS, together);
      if (!yes) return undefined;
      proof = { ...yes, together };
    }
    unanswered.set(box, { offered, orders: wholes, proof });
    const lines = [], languages = [], could = new Set();
    let handed = 0, answered = 0;
    for (const [number, order] of wholes.entries()) {
      const add = (text, language) => { lines.push(`${names[number]}: ${text}`); languages.push(language); };
      try {
        const answer = await post("/orders", { order, proof });
        if (isAnswer(answer.status)) answered += 1;
        if (answer.status === 200) handed += 1;
        else answer.refused.forEach((text, at) => add(text, (answer.languages || [])[at]));
        (answer.could || []).forEach((name) => could.add(name));
      } catch {
        add(words.unknown);
      }
    }
    const last = wholes[wholes.length - 1];
    if (handed === wholes.length) {
      return location.assign(`${box.dataset.next}?${new URLSearchParams({ handed, last: last.subject.id, done: last.id })}`);
    }
    if (handed) lines.push(box.dataset.others);
    say(box, handed ? box.dataset.some : words.refused, lines, [...could], languages);
    /* What was answered is not sent again from here; where an answer is lacking, the next tap sends the same again. */
    if (answered < wholes.length) return undefined;
    unanswered.delete(box);
    away(box, box.dataset.left, location.pathname);
    return undefined;
  };
  const send = async (box, order, proof) => {
    let answer;
    try {
      answer = await post("/orders", { order, proof });
    } catch {
      return say(box, "", [words.unknown]);
    }
    if (answer.status === 200 && answer.next) location.assign(answer.next);
    else if (answer.status === 200) done(box, answer.said);
    else say(box, [500, 504].includes(answer.status) ? "" : words.refused, answer.refused, answer.could, answer.languages);
    return answer.status;
  };

  /* What somebody says on the telephone is proven by a code, which is for this very order: after a no it is another. */
  const giveSaid = async (box, order, said) => {
    const field = box.querySelector("[name=code]");
    const status = await send(box, order, { ...said, form: "spoken", code: field.value });
    if (isAnswer(status) && status !== 200 && status !== 400) away(box, words.again, location.href);
  };

  /* What is signed is asked for at the tap, since it counts for minutes and a page may lie open for hours. */
  const signIn = async (box) => {
    let asked, proof;
    try {
      asked = JSON.parse(part(await (await fetch("/sign-in")).text(), "[data-sign-in]").dataset.signIn);
    } catch {
      return say(box, "", [words.offline]);
    }
    try {
      proof = await ask(await challenge(SIGN_IN, asked), [], asked.rp_id);
    } catch {
      return say(box, words.refused, [words.failed]);
    }
    try {
      const answer = await post("/sign-in", { asked, proof, next: box.dataset.next || "/" });
      if (answer.status !== 200) return say(box, words.refused, answer.refused);
      if (!goesOn.has(box)) return location.assign(answer.next);
      /* It may be another person than before. */
      const bar = part(await (await fetch(location.href)).text(), ".hl-bar");
      morph(document.querySelector(".hl-bar"), bar.childNodes);
      goesOn.get(box)();
    } catch {
      say(box, "", [words.offline]);
    }
    return undefined;
  };

  const makePasskey = async (box) => {
    const asked = JSON.parse(box.dataset.passkey);
    const who = box.querySelector("[name=person]");
    if (!who.reportValidity()) return;
    try {
      const made = await navigator.credentials.create({ publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { id: asked.rp_id, name: asked.trust },
        user: { id: new TextEncoder().encode(who.value), name: who.value, displayName: who.value },
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      } });
      const publicKey = written(made.response.getPublicKey());
      const text = JSON.stringify({
        person: who.value, credential: written(made.rawId), public_key: publicKey,
        rp_id: asked.rp_id, origins: [asked.origin],
      }, null, 2);
      const hash = hex(await challenge("", [publicKey]));
      box.querySelector(".hl-key").textContent = `key-${hash.slice(0, 20)}`;
      box.querySelector("textarea").value = text;
      box.querySelector(".hl-made").hidden = false;
      box.querySelector("textarea").focus();
    } catch {
      say(box, words.refused, [words.failed]);
    }
  };

  const wired = new WeakSet();
  /* A link to a decision carries its proof behind the #, which no server sees before this script hands it over. */
  const opening = document.querySelector("[data-link]");
  if (opening && location.hash.length > 1) {
    post("/s", { token: decodeURIComponent(location.hash.slice(1)) })
      .then((answer) => {
        if (answer.status === 200) location.replace(answer.next);
        else say(opening, "", answer.refused);
      })
      .catch(() => say(opening, "", [words.offline]));
  }

  function wire(root) {
    const acts = { offer: give, offers: giveEach, signIn, passkey: makePasskey };
    for (const box of root.querySelectorAll(".hl-order")) {
      const act = Object.keys(acts).find((name) => Object.hasOwn(box.dataset, name));
      const button = box.querySelector("button");
      if (!act || wired.has(button)) continue;
      wired.add(button);
      button.addEventListener("click", async () => {
        if (box.dataset.busy) return;
        busy(box, true);
        try { await acts[act](box); } finally { busy(box, false); }
      });
    }
  }
  wire(document);

  /* The page for when nothing answers is kept while its person is signed in, and goes when they are not. */
  const KEPT = "holdingline-offline";
  const keeps = document.documentElement.dataset.keeps;
  if (keeps && navigator.serviceWorker) {
    window.addEventListener("load", async () => {
      await navigator.serviceWorker.register(trusted.createScriptURL("/static/offline.js"), { scope: "/" });
      (await navigator.serviceWorker.ready).active.postMessage({ keep: keeps });
    });
  }
  if (document.querySelector("[data-sign-in]") && window.caches) caches.delete(KEPT);
  const kept = document.getElementById("kept");
  if (kept && window.caches) {
    caches.open(KEPT).then((one) => one.match("/offline")).then((found) => {
      if (!found) return;
      const seconds = Math.max(0, Date.now() - Number(found.headers.get("x-kept-at"))) / 1000;
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
      for (const one of kept.querySelectorAll("[data-age]")) {
        one.textContent = one.dataset.age.replace("{h}", hours).replace("{m}", minutes);
      }
      for (const one of kept.querySelectorAll("[data-old]")) one.hidden = seconds < Number(kept.dataset.lasts);
    });
  }
})();
