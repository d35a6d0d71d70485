// Notes of hours that are kept on this device until the server has them. Each has its form's submission key, so it is
// recorded once however often it is sent; each is its writer's, and shown and sent under no other account.
"use strict";

(() => {
  const box = document.querySelector("[data-kept]");
  if (!box) return;
  const words = box.dataset;
  const prefix = `kept-note:${words.owner}:`;
  const form = document.querySelector("[data-jot]");
  const WAITS = [2_000, 5_000, 15_000, 30_000], PATIENCE = 20_000; // milliseconds; a network that comes back needs a moment
  let work = Promise.resolve(), isSignedOut = false, timer = 0, tries = 0;

  const tokens = () => [...document.querySelectorAll("input[name=csrf_token]")];
  const drawn = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/\+/g, "-").replace(/\//g, "_");
  const said = (sentence, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), sentence);

  // The store: one entry a note, so that two tabs never write over each other.
  function kept() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.at - b.at);
  }
  function keep(note) {
    try {
      localStorage.setItem(prefix + note.key, JSON.stringify(note));
      return true;
    } catch { // full, or forbidden in this browser: the form keeps what was typed
      return false;
    }
  }
  const isThere = (note) => localStorage.getItem(prefix + note.key) !== null; // another tab may have thrown it away
  const drop = (note) => localStorage.removeItem(prefix + note.key);

  // Another sign-in draws another token: it is taken from a page opened anew, if that is still the writer's.
  async function refreshToken() {
    const answer = await fetch(words.form, { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const owner = page.querySelector("[data-kept]");
    const token = page.querySelector("input[name=csrf_token]");
    if (!owner || owner.dataset.owner !== words.owner || !token) return false;
    for (const field of tokens()) field.value = token.value;
    return true;
  }

  // {state}: "taken"; "lost" if no answer came, so nobody knows; "out" if the writer has to sign in; "refused".
  async function send(note, again = true) {
    const body = new URLSearchParams(note.fields);
    body.append("csrf_token", tokens()[0].value);
    const patience = new AbortController();
    const bell = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(words.send, { method: "POST", body, credentials: "same-origin", signal: patience.signal });
      const isTaken = answer.redirected && new URL(answer.url).pathname === words.lands; // an earlier one had arrived
      if (isTaken) return { state: "taken", location: words.lands };
      if (answer.redirected) return { state: "out" };
      if (answer.status === 400 && again) return await refreshToken() ? await send(note, false) : { state: "out" };
      if (answer.status >= 500) return { state: "lost" };
      const told = await answer.json().catch(() => ({}));
      if (answer.ok && told.location) return { state: "taken", location: told.location };
      if (told.state === "writer") return { state: "out" };
      return { state: "refused", error: told.error || words.changed };
    } catch {
      return { state: "lost" };
    } finally {
      clearTimeout(bell);
    }
  }

  // All that waits, one after the other. What is refused stays, with the reason beside it.
  async function sendWaiting() {
    isSignedOut = false;
    let taken = 0;
    for (const note of kept().filter((one) => !one.refused)) {
      const answer = await send(note);
      if (answer.state === "taken") { drop(note); taken += 1; }
      if (answer.state === "refused" && isThere(note)) keep({ ...note, refused: answer.error });
      if (answer.state === "out") isSignedOut = true;
      if (["lost", "out"].includes(answer.state)) break;
    }
    show(taken);
    if (!isSignedOut) later();
  }
  function sendAll() {
    clearTimeout(timer);
    if (navigator.onLine && kept().some((one) => !one.refused)) work = work.then(sendWaiting);
  }
  function later() {
    clearTimeout(timer);
    if (kept().some((one) => !one.refused)) timer = setTimeout(sendAll, WAITS[Math.min(tries++, WAITS.length - 1)]);
  }

  function row(note) {
    const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-what]").textContent = note.what;
    item.querySelector("[data-why]").textContent = note.refused || "";
    const mend = item.querySelector("[data-mend]");
    mend.hidden = !note.refused;
    mend.href = `${words.form}?kind=${encodeURIComponent(note.kind)}#kept=${note.key}`;
    item.querySelector("[data-drop]").addEventListener("click", () => {
      if (!confirm(said(words.sure, { what: note.what }))) return;
      drop(note);
      show();
      box.querySelector("[data-line]").focus();
    });
    return item;
  }

  function show(taken = 0) {
    const notes = kept();
    const line = taken ? said(words.taken, { count: taken }) : "";
    const waits = notes.filter((one) => !one.refused).length;
    const rest = waits ? said(isSignedOut ? words.out : words.waiting, { count: waits }) : "";
    const wrong = notes.length - waits ? said(words.refused, { count: notes.length - waits }) : "";
    box.querySelector("[data-line]").textContent = [line, rest, wrong].filter(Boolean).join(" ");
    box.querySelector("[data-sign-in]").hidden = !isSignedOut;
    box.querySelector("[data-again]").hidden = !taken;
    box.querySelector("ul").replaceChildren(...notes.map(row));
    box.hidden = !notes.length && !taken;
  }

  // What the form says, but its token (each answer may bring another) and its files (which stay where they are).
  function noteOf() {
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
    const value = (name) => (fields.find((field) => field[0] === name) || [])[1] || "";
    const picked = form.querySelector("input[name=duration]:checked");
    const amount = value("minutes") || (picked ? picked.closest("label").textContent.trim() : "");
    const what = [value("happened_on") || value("day"), amount, value("source"), value("title")].filter(Boolean).join(" · ");
    return { key: value("submission_key"), kind: value("kind"), at: Date.now(), what, fields };
  }
  const hasFiles = () => [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length);

  function startAnew() {
    form.reset();
    form.querySelector("input[name=submission_key]").value = drawn();
    form.dispatchEvent(new Event("change", { bubbles: true }));
    box.scrollIntoView({ block: "center" });
    box.querySelector("[data-line]").focus({ preventScroll: true });
  }

  // Kept before it is sent: whatever happens to network and page, it is not lost.
  async function handIn(event) {
    if (hasFiles() && navigator.onLine) return; // they go with the page as ever
    event.preventDefault();
    if (hasFiles()) return alert(words.files);
    const note = noteOf();
    if (!keep(note)) return form.submit();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    const sent = work.then(() => navigator.onLine ? send(note) : { state: "lost" });
    work = sent;
    const answer = await sent;
    button.disabled = false;
    if (answer.state === "lost") {
      show();
      startAnew();
      return later();
    }
    drop(note);
    if (answer.state === "taken") location.assign(answer.location);
    else form.submit(); // the page itself says what is wrong, or lets sign in first
  }

  // A note that came back is put into the form again, with its key.
  function takeBack() {
    const key = decodeURIComponent(location.hash).replace(/^#kept=/, "");
    const note = kept().find((one) => one.key === key);
    if (!form || !note) return;
    for (const [name, value] of note.fields) {
      const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((field) => name !== "campaign_shown" && field.type !== "file");
      for (const field of fields) {
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      }
    }
    const days = [...form.querySelectorAll("input[name=day]")];
    const day = (note.fields.find(([name]) => name === "day") || [])[1];
    const other = form.querySelector("[name=happened_on]");
    if (day && other && !other.value && !days.some((one) => one.value === day)) other.value = day;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.closest("section").scrollIntoView();
    form.querySelector("input:checked, input:not([type=hidden])").focus({ preventScroll: true });
  }

  if (form) form.addEventListener("submit", handIn);
  for (const out of document.querySelectorAll("form[action$='/sign-out']")) {
    out.addEventListener("submit", (event) => {
      if (kept().length && !confirm(said(words.leave, { count: kept().length }))) event.preventDefault();
    });
  }
  window.addEventListener("online", () => { tries = 0; sendAll(); });
  window.addEventListener("focus", sendAll);
  window.addEventListener("hashchange", takeBack);
  window.addEventListener("storage", () => show());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAll(); });
  takeBack();
  show();
  sendAll();
})();
