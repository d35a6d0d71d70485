// The editor of a bulletin. The text stands in a text area, in the grammar that the server reads; here it is shown
// as a page in which figures are locked chips. What is handed in is always the text area.
"use strict";

(() => {
  const form = document.querySelector("[data-bulletin-editor]");
  if (!form) return;
  const area = form.querySelector("textarea[name=text]");
  const words = form.dataset;
  const data = JSON.parse(document.querySelector("#bulletin-data").textContent);
  const figures = new Map(data.figures.map((one) => [one.ref, one]));
  const dialog = document.querySelector("#chip-dialog");
  const list = document.querySelector("#figures");
  const state = document.querySelector("[data-editor-state]");

  // The same as PLACEHOLDER in tracker/rules/bulletin_text.py.
  const PLACEHOLDER = /\{([a-z0-9][a-z0-9_.-]{0,70})(?::([^{}=:\n]{1,20}))?(?:=([^{}\n]{0,80}))?\}/g;
  const TAGS = { "# ": "h2", "## ": "h3" };
  const MARKS = { H2: "# ", H3: "## " };
  const BLOCKS = "P, H2, H3, DIV, UL, OL, LI, H1, H4, H5, H6, BLOCKQUOTE, PRE, TABLE, TR, TD, SECTION, ARTICLE";

  // ---- text to page ----

  function wayOf(ref, wanted) {
    const figure = figures.get(ref);
    return figure && figure.ways.find((way) => way.wanted === wanted);
  }

  function chip(ref, wanted, typed) {
    const made = document.createElement("span");
    made.className = "chip";
    made.contentEditable = "false";
    made.tabIndex = 0;
    made.setAttribute("role", "button");
    made.dataset.ref = ref;
    made.dataset.wanted = wanted;
    if (typed !== null) made.dataset.typed = typed;
    const figure = figures.get(ref);
    const way = wayOf(ref, wanted);
    let shown, title;
    if (ref in data.words) {
      made.classList.add("word");
      [shown, title] = [data.words[ref], words.word];
    } else if (typed !== null) {
      made.classList.add("typed");
      shown = typed;
      title = `${figure ? figure.title : ref} · ${words.typed}`;
    } else if (!way || !way.text) {
      made.classList.add("missing");
      shown = figure ? figure.title : `{${ref}}`;
      title = `${shown} · ${(way && way.why) || words.unknown}`;
    } else {
      shown = way.text;
      title = way.why ? `${figure.title} · ${wanted}: ${way.why}` : figure.title;
    }
    made.textContent = shown;
    if (made.classList.contains("typed") || made.classList.contains("missing")) {
      const mark = document.createElement("small");
      mark.textContent = made.classList.contains("typed") ? words.typed : words.missing;
      made.append(mark);
    }
    made.setAttribute("aria-label", `${shown} · ${title}`);
    made.title = title;
    return made;
  }

  function inline(text) {
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(PLACEHOLDER)) {
      if (found.index > at) parts.push(document.createTextNode(text.slice(at, found.index)));
      parts.push(chip(found[1], found[2] || "", found[3] === undefined ? null : found[3]));
      at = found.index + found[0].length;
    }
    if (at < text.length) parts.push(document.createTextNode(text.slice(at)));
    return parts;
  }

  function block(line) {
    const mark = Object.keys(TAGS).find((one) => line.startsWith(one));
    const made = document.createElement(mark ? TAGS[mark] : "p");
    const parts = inline(mark ? line.slice(mark.length) : line);
    made.append(...(parts.length ? parts : [document.createElement("br")]));
    return made;
  }

  const lines = (text) => text.replace(/\r\n?/g, "\n").split("\n");

  // ---- page to text ----

  function code(one) {
    const wanted = one.dataset.wanted ? `:${one.dataset.wanted}` : "";
    return `{${one.dataset.ref}${wanted}${"typed" in one.dataset ? `=${one.dataset.typed}` : ""}}`;
  }

  // Lines of everything below a node. A browser may leave blocks within blocks, and text outside of any.
  function read(node, mark, into) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        add(into, mark, child.data.replace(/[\n\r]/g, " "));
      } else if (child.nodeType !== Node.ELEMENT_NODE) {
        continue;
      } else if (child.classList.contains("chip")) {
        add(into, mark, code(child));
      } else if (child.tagName === "BR") {
        // The last break of a block only holds it open.
        if (child.nextSibling) { add(into, mark, ""); into.open = false; }
      } else if (child.matches(BLOCKS)) {
        into.open = false;
        const before = into.length;
        read(child, MARKS[child.tagName] || "", into);
        if (into.length === before) add(into, MARKS[child.tagName] || "", "");
        into.open = false;
      } else {
        read(child, mark, into);
      }
    }
  }

  function add(into, mark, text) {
    if (into.open) into[into.length - 1] += text;
    else into.push(mark + text);
    into.open = true;
  }

  function written(node) {
    const into = [];
    into.open = false;
    read(node, "", into);
    return into.join("\n");
  }

  // ---- the page ----

  const page = document.createElement("div");
  page.className = "a4 editing";
  page.contentEditable = "true";
  page.id = "page";
  page.setAttribute("role", "textbox");
  page.setAttribute("aria-multiline", "true");
  page.setAttribute("aria-labelledby", "text-label");
  page.lang = "zh-CN";
  page.spellcheck = false;

  function show(text) {
    page.replaceChildren(...lines(text).map(block));
  }

  const start = area.value.replace(/\r\n?/g, "\n");
  let kept = start, isSending = false;

  show(start);
  area.hidden = true;
  area.removeAttribute("required");
  form.querySelector("label[for=text]").removeAttribute("for");
  area.before(page);
  document.querySelectorAll("[data-live-only]").forEach((one) => { one.hidden = false; });
  document.querySelectorAll("[data-plain-only]").forEach((one) => { one.hidden = true; });

  // ---- places: how many characters of the text stand before them ----

  function offsetOf(node, at) {
    const range = document.createRange();
    range.setStart(page, 0);
    range.setEnd(node, at);
    const holder = document.createElement("div");
    holder.append(range.cloneContents());
    // A break that holds an empty block open is cut off from its block: it is no character.
    return written(holder).length;
  }

  function chosen() {
    const selection = getSelection();
    if (!selection.rangeCount || !page.contains(selection.anchorNode) || !page.contains(selection.focusNode)) return last;
    const range = selection.getRangeAt(0);
    return [offsetOf(range.startContainer, range.startOffset), offsetOf(range.endContainer, range.endOffset)];
  }

  function placeAt(offset) {
    const rows = lines(area.value);
    let n = 0;
    while (n < rows.length - 1 && offset > rows[n].length) { offset -= rows[n].length + 1; n += 1; }
    const into = page.children[n];
    let left = offset - (MARKS[into.tagName] || "").length;
    let at = 0;
    for (const child of into.childNodes) {
      const size = child.nodeType === Node.TEXT_NODE ? child.data.length : child.nodeName === "BR" ? 0 : code(child).length;
      if (child.nodeType === Node.TEXT_NODE && left <= size) return [child, Math.max(0, left)];
      if (left <= 0) break;
      left -= size;
      at += 1;
    }
    return [into, at];
  }

  function choose(from, to = from) {
    page.focus({ preventScroll: true });
    getSelection().setBaseAndExtent(...placeAt(from), ...placeAt(to));
    last = [from, to];
  }

  let last = [start.length, start.length]; // the selection, where the focus went elsewhere
  document.addEventListener("selectionchange", () => { last = chosen(); });

  // ---- changes: each is one of the text, shown anew; what is typed within a line the browser does itself ----

  const history = [{ text: start, places: [start.length, start.length] }];
  let now = 0, typedAt = 0;

  function note(isTyping = false) {
    const step = { text: area.value, places: chosen() };
    if (history[now].text === step.text) return;
    history.length = now + 1;
    const at = Date.now();
    if (isTyping && at - typedAt < 1000 && now > 0) history[now] = step;
    else now = history.push(step) - 1;
    typedAt = isTyping ? at : 0;
  }

  function keepText() {
    area.value = written(page);
    tell();
  }

  function change(from, to, text) {
    area.value = area.value.slice(0, from) + text + area.value.slice(to);
    show(area.value);
    choose(from + text.length);
    note();
    tell();
  }

  function travel(by) {
    if (!history[now + by]) return;
    now += by;
    area.value = history[now].text;
    show(area.value);
    choose(...history[now].places);
    typedAt = 0;
    tell();
  }

  // ---- what is typed survives a closed tab, a sign-in, a refused save: in this tab only ----

  const slot = `bulletin:${words.bulletin}`;

  function tell() {
    state.textContent = isDirty() ? words.dirty : "";
    remember(isDirty());
  }

  function remember(isDirty, isSent = false) {
    try {
      if (isDirty) sessionStorage.setItem(slot, JSON.stringify({ version: words.version, title: titleField.value, text: area.value, isSent }));
      else sessionStorage.removeItem(slot);
    } catch { /* a browser that keeps nothing still hands in what is typed */ }
  }

  const titleField = form.querySelector("input[name=title]");
  const startTitle = titleField.value;
  const offer = document.querySelector("[data-rescued]");
  const isDirty = () => area.value.replace(/\r\n?/g, "\n") !== kept || titleField.value !== startTitle;

  function rescued() {
    try { return JSON.parse(sessionStorage.getItem(slot)); } catch { return null; }
  }

  // What was sent, and is another version by now, was taken.
  const found = rescued();
  const wasTaken = found && found.isSent && found.version !== words.version;
  if (wasTaken) remember(false);
  if (found && !wasTaken && found.text !== start && !("refused" in words)) {
    offer.hidden = false;
    offer.querySelector("[data-take]").addEventListener("click", () => {
      titleField.value = found.title;
      offer.hidden = true;
      change(0, area.value.length, found.text);
    });
    offer.querySelector("[data-drop]").addEventListener("click", () => {
      remember(false);
      offer.hidden = true;
      page.focus();
    });
  }
  if ("refused" in words) kept = null; // shown again after a refusal: nothing of it is saved yet

  window.addEventListener("beforeunload", (event) => {
    if (isDirty() && !isSending) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    keepText();
    isSending = true;
    remember(isDirty(), true);
  });
  window.addEventListener("pageshow", () => { isSending = false; });
  titleField.addEventListener("input", tell);

  // ---- writing ----

  let isComposing = false; // while characters are put together by an input method, nothing is taken away from it
  page.addEventListener("compositionstart", () => { isComposing = true; });
  page.addEventListener("compositionend", () => { isComposing = false; settle(); });
  page.addEventListener("input", () => { if (!isComposing) settle(); });

  function settle() {
    if (!page.firstElementChild) { page.replaceChildren(block("")); choose(0); }
    keepText();
    note(true);
  }

  function blockOf(node) {
    while (node && node.parentNode !== page) node = node.parentNode;
    return node;
  }

  page.addEventListener("beforeinput", (event) => {
    const sort = event.inputType;
    if (sort === "historyUndo" || sort === "historyRedo") { event.preventDefault(); travel(sort === "historyUndo" ? -1 : 1); return; }
    if (sort.startsWith("format") || sort === "insertFromDrop" || sort === "deleteByDrag") { event.preventDefault(); return; }
    if (isComposing || event.isComposing || !event.cancelable) return;
    if (sort === "insertParagraph" || sort === "insertLineBreak") { event.preventDefault(); change(...chosen(), "\n"); return; }
    const range = event.getTargetRanges()[0];
    const isWide = range && blockOf(range.startContainer) !== blockOf(range.endContainer);
    const [from, to] = chosen();
    if (sort.startsWith("insert") && from !== to && (isWide || hasChip())) {
      event.preventDefault();
      change(from, to, event.data || "");
    } else if (sort.startsWith("delete") && from !== to) {
      event.preventDefault();
      change(from, to, "");
    } else if (sort.startsWith("delete")) {
      const reach = besides(from, sort.endsWith("Forward"));
      if (reach) { event.preventDefault(); change(...reach, ""); }
    }
  });

  const hasChip = () => Boolean(getSelection().getRangeAt(0).cloneContents().querySelector(".chip"));

  // What one stroke beside a chip or at the edge of a line takes away: the chip, or the break with the mark behind it.
  function besides(at, isForward) {
    const text = area.value;
    if (isForward) {
      const found = /^\{[^{}\n]*\}/.exec(text.slice(at));
      if (found && found[0].match(PLACEHOLDER)) return [at, at + found[0].length];
      const broken = /^\n(?:##? )?/.exec(text.slice(at));
      return broken && [at, at + broken[0].length];
    }
    const found = /\{[^{}\n]*\}$/.exec(text.slice(0, at));
    if (found && found[0].match(PLACEHOLDER)) return [at - found[0].length, at];
    const broken = /(?:^|\n)((?:##? )?)$/.exec(text.slice(0, at));
    if (!broken || (at === 0)) return null;
    return broken[1] ? [at - broken[1].length, at] : [at - 1, at]; // a heading becomes body first
  }

  page.addEventListener("paste", (event) => {
    event.preventDefault();
    change(...chosen(), event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\u0000/g, ""));
  });
  page.addEventListener("drop", (event) => event.preventDefault());
  for (const act of ["copy", "cut"]) {
    page.addEventListener(act, (event) => {
      const [from, to] = chosen();
      if (from === to) return;
      event.clipboardData.setData("text/plain", area.value.slice(from, to));
      event.preventDefault();
      if (act === "cut") change(from, to, "");
    });
  }
  page.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
      event.preventDefault();
      travel(key === "y" || event.shiftKey ? 1 : -1);
    } else if (event.target.classList.contains("chip")) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(event.target); }
      if (event.key === "Backspace" || event.key === "Delete") { event.preventDefault(); replace(event.target, ""); }
    }
  });
  page.addEventListener("click", (event) => {
    const one = event.target.closest(".chip");
    if (one) open(one);
  });

  document.querySelectorAll("[data-style]").forEach((button) => {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => restyle(button.dataset.style));
  });

  function restyle(mark) {
    const text = area.value;
    const [from, to] = chosen();
    const begin = text.lastIndexOf("\n", from - 1) + 1;
    const rest = text.indexOf("\n", to);
    const end = rest < 0 ? text.length : rest;
    const rows = text.slice(begin, end).split("\n").map((row) => mark + row.replace(/^##? /, ""));
    const back = end - to; // the place of the caret, from the end of its line
    change(begin, end, rows.join("\n"));
    choose(Math.max(begin, begin + rows.join("\n").length - back));
  }

  // ---- chips ----

  let held = null; // the chip that the dialog is about

  function replace(one, text) {
    const from = offsetOf(one.parentNode, [...one.parentNode.childNodes].indexOf(one));
    change(from, from + code(one).length, text);
  }

  const part = (name) => dialog.querySelector(`[data-${name}]`);

  function open(one) {
    const { ref, wanted, typed } = one.dataset;
    const figure = figures.get(ref);
    held = one;
    part("title").textContent = figure ? figure.title : ref in data.words ? words.word : ref;
    part("exact").textContent = figure ? figure.ways[0].text || figure.ways[0].why : data.words[ref] || words.unknown;
    part("rows").hidden = !(figure && figure.rows);
    if (figure && figure.rows) part("rows").href = figure.rows;
    const ways = part("ways");
    ways.replaceChildren(...(figure ? figure.ways : []).map((way) => option(way, wanted)));
    if (figure && !wayOf(ref, wanted)) ways.append(option({ wanted, text: "", why: words.unknown }, wanted));
    part("ways-box").hidden = !figure || figure.ways.length < 2;
    part("hand-box").hidden = !figure;
    part("hand").value = typed === undefined ? "" : typed;
    part("give-back").hidden = typed === undefined;
    dialog.returnValue = "";
    dialog.showModal();
  }

  function option(way, wanted) {
    const label = document.createElement("label");
    label.className = "option";
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "way", value: way.wanted, checked: way.wanted === wanted });
    radio.disabled = Boolean(way.why) && way.wanted !== wanted;
    const said = document.createElement("span");
    said.textContent = way.why ? way.wanted || way.text : way.text;
    label.append(radio, said);
    if (way.why) {
      const why = document.createElement("small");
      why.textContent = way.why;
      label.append(why);
    }
    return label;
  }

  function close(then) {
    const one = held;
    dialog.close();
    held = null;
    if (one && page.contains(one)) then(one);
  }

  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = dialog.querySelector("input[name=way]:checked");
    const hand = part("hand").value.replace(/[{}\n\r]/g, "").trim().slice(0, 80);
    close((one) => {
      const asked = { dataset: { ref: one.dataset.ref, wanted: chosen ? chosen.value : one.dataset.wanted } };
      if (hand) asked.dataset.typed = hand;
      replace(one, code(asked));
    });
  });
  part("give-back").addEventListener("click", () => close((one) => replace(one, code({ dataset: { ref: one.dataset.ref, wanted: one.dataset.wanted } }))));
  part("remove").addEventListener("click", () => close((one) => replace(one, "")));
  part("cancel").addEventListener("click", () => close((one) => one.focus()));
  dialog.addEventListener("cancel", () => { const one = held; held = null; if (one) setTimeout(() => one.focus()); });

  // ---- the list of figures ----

  list.querySelectorAll("[data-ref]").forEach((row) => {
    const button = row.querySelector("button");
    button.hidden = false;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      change(...chosen(), `{${row.dataset.ref}}`);
    });
  });
  const search = document.querySelector("#figure-search");
  search.addEventListener("input", () => {
    const asked = search.value.trim().toLowerCase();
    let left = 0;
    list.querySelectorAll("[data-ref]").forEach((row) => {
      row.hidden = !row.dataset.find.includes(asked);
      left += row.hidden ? 0 : 1;
    });
    document.querySelector("#figures-none").hidden = left > 0;
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
})();
