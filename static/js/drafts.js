// The editor: what is typed is kept as a draft two seconds later, whatever happens to connection and sign-in.
"use strict";

(() => {
  const form = document.querySelector("[data-draft]");
  if (!form) return;
  const AFTER = 2000, AGAIN = 5000;
  const text = form.querySelector("#text");
  const shown = document.querySelector("[data-draft-state]");
  const counted = document.querySelector("[data-draft-count]");
  const signIn = document.querySelector("[data-draft-sign-in]");
  const hidden = (name) => form.querySelector(`input[name=${name}]`);
  const drawn = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  hidden("tab").value = drawn(); // this page knows its own drafts again, though an answer was lost
  let kept = typed(), isApart = false, isSending = false, timer = 0, saving = null;

  function typed() {
    const fields = new URLSearchParams();
    const carried = ["csrf_token", "submission_key", "kind", "draft", "draft_version", "record", "version", "writer", "tab"];
    for (const field of form.elements) {
      if (!field.name || field.type === "file" || carried.includes(field.name) || (field.type === "radio" && !field.checked)) continue;
      fields.append(field.name, field.value);
    }
    return fields.toString();
  }

  const isDirty = () => typed() !== kept;

  function say(key, words = {}) {
    let sentence = form.dataset[key];
    for (const [name, value] of Object.entries(words)) sentence = sentence.replace(`{${name}}`, value);
    shown.textContent = sentence;
    shown.classList.toggle("warn", !["saved", "saving"].includes(key));
    signIn.hidden = key !== "expired";
  }

  function count() {
    counted.textContent = form.dataset.count.replace("{count}", [...text.value].length);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  // Another sign-in draws another token: it is taken from the page itself, opened anew.
  async function refreshToken() {
    const answer = await fetch(form.action, { redirect: "manual", credentials: "same-origin", cache: "no-store" });
    if (answer.type === "opaqueredirect" || !answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[data-draft] input[name=csrf_token]");
    if (token) hidden("csrf_token").value = token.value;
    return Boolean(token);
  }

  function everything(content) {
    const body = new URLSearchParams(content);
    for (const name of ["csrf_token", "kind", "draft", "draft_version", "record", "writer", "tab"]) {
      body.append(name, hidden(name) ? hidden(name).value : "");
    }
    body.append("submission_key", drawn());
    return body;
  }

  // A reload opens the draft, not an empty page.
  function remember(draft) {
    const here = new URL(location.href);
    here.searchParams.set("draft", draft);
    history.replaceState(null, "", here);
  }

  // "kept" once what stands in the page is kept; "refused" if the server answers but will not keep it; else "lost".
  async function attempt(again) {
    const content = typed();
    say("saving");
    let answer;
    try {
      answer = await fetch(form.dataset.save, { method: "POST", body: everything(content), redirect: "manual", credentials: "same-origin" });
    } catch {
      say("offline");
      return "lost";
    }
    if (answer.type === "opaqueredirect") {
      say("expired");
      return "lost";
    }
    if (answer.status === 400 && again) {
      const isIn = await refreshToken().catch(() => false);
      if (isIn) return attempt(false);
      say("expired");
      return "lost";
    }
    if (answer.ok) {
      const said = await answer.json();
      hidden("draft").value = said.draft;
      hidden("draft_version").value = said.version;
      kept = content;
      remember(said.draft);
      say("saved", { at: said.at });
      if (isApart) shown.textContent = `${form.dataset.apart} ${shown.textContent}`;
      return "kept";
    }
    if (answer.status >= 500) {
      say("offline");
      return "lost";
    }
    const said = await answer.json().catch(() => ({}));
    if (said.state === "writer") {
      say("writer");
      return "lost";
    }
    if ((answer.status === 409 || answer.status === 404) && again) {
      // Another tab wrote on, or threw the draft away: both texts stay, each as a draft of its own.
      isApart = true;
      hidden("draft").value = "";
      hidden("draft_version").value = "";
      return attempt(false);
    }
    say("failed", { error: said.error || answer.status });
    return "refused";
  }

  function save() {
    clearTimeout(timer);
    if (!saving) {
      saving = attempt(true).catch(() => { say("offline"); return "lost"; }).then((state) => {
        saving = null;
        if (isDirty() && !isSending) later(state === "kept" ? AFTER : AGAIN);
        return state;
      });
    }
    return saving;
  }

  form.addEventListener("input", () => { count(); if (isDirty()) later(AFTER); });
  form.addEventListener("change", () => { if (isDirty()) later(AFTER); });
  window.addEventListener("online", () => { if (isDirty()) save(); });
  window.addEventListener("focus", () => { if (isDirty()) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && isDirty()) save(); });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty() && !isSending) event.preventDefault();
  });

  // What is handed in is kept first: a browser without a connection would show its own error page instead.
  form.addEventListener("submit", async (event) => {
    if (isSending) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    if (saving) await saving;
    const state = await save();
    if (button) button.disabled = false;
    if (state === "lost") return;
    isSending = true;
    form.submit();
  });

  // A page that was shown again with errors holds words that are kept nowhere yet.
  if (form.querySelector(".error") || document.querySelector(".summary")) kept = "";
  count();
  if (isDirty()) later(AFTER);
})();
