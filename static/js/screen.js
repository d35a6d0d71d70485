// The screen on a wall asks for its figures once a minute, for months, and nobody looks after it. So: one timer; the
// nodes stay and only their texts change; whatever goes wrong, the last figures stay with their time beside them, and it
// asks again, later and later up to five minutes. Works without: the page then loads itself anew each minute.
(() => {
  "use strict";
  const wall = document.getElementById("wall");
  const notice = document.getElementById("notice");
  const full = document.getElementById("full");
  if (!wall || !notice || !full) return;

  const every = Number(wall.dataset.every) * 1000;
  const FIRST_RETRY = 5_000, LAST_RETRY = 300_000, PATIENCE = 20_000, RELOAD_AFTER = 6 * 3_600_000;
  const loadedAt = Date.now();
  let timer = 0, failures = 0, asking = false, isGone = false;

  // Fifty screens that were switched on together shall not ask together for ever.
  const spread = (ms) => ms * (0.9 + 0.2 * Math.random());

  function plan(ms) {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  }

  async function ask() {
    if (asking) return;
    asking = true;
    const control = new AbortController();
    const limit = setTimeout(() => control.abort(), PATIENCE);
    try {
      const answer = await fetch(wall.dataset.address, {
        cache: "no-store", redirect: "error", signal: control.signal, referrerPolicy: "no-referrer",
      });
      if (answer.status === 404) leave();
      else if (answer.ok) show(await answer.text());
      else throw new Error(`answer ${answer.status}`);
      failures = 0;
    } catch {  // no network, no server, an answer that is no wall: all the same to whoever looks at it
      failures += 1;
      if (!isGone) say(notice.dataset.lost.replace("{time}", wall.dataset.at));
    } finally {
      clearTimeout(limit);
      asking = false;
      plan(spread(failures ? Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (failures - 1)) : isGone ? LAST_RETRY : every));
    }
  }

  function say(words) {
    if (notice.textContent !== words) notice.textContent = words;
  }

  function show(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("wall");
    if (!fresh) throw new Error("no wall");
    // Only right after an answer: with a server that is down the browser would show its own page, for ever.
    if (isGone || fresh.dataset.release !== wall.dataset.release || Date.now() - loadedAt > RELOAD_AFTER) {
      location.reload();
      return;
    }
    patch(wall, fresh);
    say("");
  }

  // The link holds no more: no figure stays on the wall.
  function leave() {
    isGone = true;
    wall.replaceChildren();
    wall.hidden = true;
    document.body.classList.add("gone");
    say(`${notice.dataset.gone}\n${notice.dataset.goneMore}`);
  }

  // Make `now` say what `next` says. Where both have the same shape, nodes stay and only attributes and texts change.
  function patch(now, next) {
    for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
    for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
    const olds = now.childNodes, news = next.childNodes;
    const isSame = olds.length === news.length
      && [...olds].every((old, n) => old.nodeType === news[n].nodeType && old.nodeName === news[n].nodeName);
    if (!isSame) {
      now.replaceChildren(...[...news].map((node) => document.importNode(node, true)));
      return;
    }
    olds.forEach((old, n) => {
      if (old.nodeType === Node.ELEMENT_NODE) patch(old, news[n]);
      else if (old.nodeValue !== news[n].nodeValue) old.nodeValue = news[n].nodeValue;
    });
  }

  // The screen shall not go dark. A browser lets go of the lock whenever the page is hidden.
  function stayAwake() {
    if (!document.hidden && navigator.wakeLock) {
      navigator.wakeLock.request("screen").catch(() => {});  // the machine may refuse: its own settings hold then
    }
  }

  function comeBack() {
    if (document.hidden) return;
    stayAwake();
    plan(0);
  }

  if (document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", () => document.documentElement.requestFullscreen());
    document.addEventListener("fullscreenchange", () => { full.hidden = document.fullscreenElement !== null; });
  }
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("online", comeBack);
  stayAwake();
  plan(spread(every));
})();
