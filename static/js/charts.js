/* Draws each chart live once it comes near: until then, and without script, the server's own drawing stands there.
   The library is asked for no sooner. Nothing leaves the page: plotly's "share" button is off. */
(function () {
  "use strict";
  var DESK = 620; // pixels of a chart; below, its narrow words and fewer marks
  var TINY = 23; // the same in times of the words: a phone in large print
  var SIZE = 12; // pixels of a chart's words at which a picture is drawn
  var NEAR = "400px";
  var own = document.currentScript.dataset;
  var library = null;

  function load(address) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = function () { failed(new Error(address)); };
      document.head.appendChild(script);
    });
  }

  function loadLibrary() {
    if (!library) {
      var style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = own.style;
      style.id = "plotly.js-style-global"; // by this name plotly knows that it need not write styles of its own
      style.className = "no-inline-styles";
      document.head.appendChild(style);
      library = load(own.library).then(function () { return load(own.words); });
    }
    return library;
  }

  function config(locale) {
    return {
      locale: locale, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true,
      displayModeBar: false, scrollZoom: false, doubleClick: false,
    };
  }

  /* Every colour of a picture as the reader's mode has it, and every size of type as large as the words here. */
  function inMode(part, tokens, style, scale) {
    if (Array.isArray(part)) return part.map(function (one) { return inMode(one, tokens, style, scale); });
    if (typeof part === "string") return tokens[part] ? style.getPropertyValue(tokens[part]).trim() || part : part;
    if (!part || typeof part !== "object") return part;
    var found = {};
    Object.keys(part).forEach(function (name) {
      found[name] = inMode(part[name], tokens, style, scale);
      if (name === "font" || name === "textfont") found[name].size = (part[name].size || SIZE) * scale;
      if (name === "xshift" || name === "yshift") found[name] = part[name] * scale;
    });
    return found;
  }

  function wideAs(text) {
    return Array.from(text).reduce(function (sum, sign) { return sum + (sign > "\u2e7f" ? 1 : 0.56); }, 0);
  }

  function cutTo(text, room) {
    if (wideAs(text) <= room) return text;
    while (text && wideAs(text) > room - 1) text = text.slice(0, -1);
    return text + "…";
  }

  /* Rows and columns change places: weeks go down a phone. */
  function turned(drawing) {
    var trace = drawing.data[0];
    var layout = drawing.layout;
    function turn(lines) { return lines[0].map(function (_, n) { return lines.map(function (line) { return line[n]; }); }); }
    function marked(axis, other) { return Object.assign({}, axis, { tickvals: other.tickvals, ticktext: other.ticktext }); }
    return {
      data: [Object.assign({}, trace, { x: trace.y, y: trace.x, z: turn(trace.z), text: turn(trace.text), customdata: turn(trace.customdata) })],
      layout: Object.assign({}, layout, { xaxis: marked(layout.xaxis, layout.yaxis), yaxis: marked(layout.yaxis, layout.xaxis) }),
    };
  }

  /* On the page the heading above says the finding and a line names the layers, so the chart's own title and legend,
     and the room for them, are kept for what is saved. */
  function onPage(drawing, area) {
    var width = area.clientWidth;
    var isNarrow = width < DESK;
    var meta = drawing.layout.meta;
    var scale = parseFloat(getComputedStyle(area).fontSize) / SIZE;
    var chosen = isNarrow && meta.turns ? turned(drawing) : drawing;
    var shown = inMode({ data: chosen.data, layout: chosen.layout }, meta.tokens, getComputedStyle(document.documentElement), scale);
    var layout = shown.layout;
    var margin = layout.margin;
    var isTop = layout.xaxis.side === "top";
    var most = width * (isTop ? 0.27 : 0.34);
    layout.margin = {
      l: Math.min(margin.l * scale, most), t: (isTop ? 44 : 24) * scale, b: (layout.showlegend ? 52 : margin.b) * scale,
      r: (margin.r === 40 ? (isNarrow ? 44 : 40) : isNarrow ? 26 : margin.r) * scale,
    };
    layout.title = { text: "" };
    layout.showlegend = false;
    layout.xaxis.tickangle = 0;
    if (isNarrow) narrow(shown, scale, width, width < TINY * SIZE * scale);
    (layout.annotations || []).forEach(function (note) { note.borderpad = 0; });
    return shown;
  }

  function narrow(shown, scale, width, isTiny) {
    var layout = shown.layout;
    var own = isTiny ? layout.meta.tiny : layout.meta.narrow;
    if (own) layout.annotations = own;
    if (isTiny) (own || []).forEach(function (note) { note.bgcolor = layout.paper_bgcolor; }); // a line may pass below
    var room = layout.margin.l / (SIZE * scale) - 0.7;
    var rows = layout.yaxis;
    if (rows.type === "category" || rows.ticktext) {
      var names = rows.ticktext || shown.data[0].y;
      rows.tickvals = rows.tickvals || names;
      rows.ticktext = names.map(function (name) { return cutTo(name, room); });
    }
    if (layout.xaxis.side === "top") {
      var heads = layout.xaxis.ticktext || shown.data[0].x;
      layout.xaxis.tickvals = layout.xaxis.tickvals || heads;
      layout.xaxis.ticktext = heads.map(function (name) {
        var half = Math.ceil(name.length / 2);
        return wideAs(name) <= 2.5 ? name : name.slice(0, half) + "<br>" + name.slice(half);
      });
      shown.data.forEach(function (trace) { trace.textfont.size = SIZE * scale; });
    } else {
      var marks = layout.xaxis.tickvals;
      var words = layout.xaxis.ticktext || marks.map(String);
      var all = words.reduce(function (sum, word) { return sum + wideAs(word) + 1; }, 0) * SIZE * scale;
      var step = Math.max(1, Math.ceil(all / (width - layout.margin.l - layout.margin.r)));
      var kept = function (_, n) { return n % step === 0; };
      layout.xaxis.tickvals = marks.filter(kept);
      layout.xaxis.ticktext = words.filter(kept);
    }
  }

  /* A title as somebody reads it, without what keeps its signs from being markup to the library. */
  function unescaped(text) {
    return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }

  function offerPictures(box, drawing) {
    box.querySelectorAll("[data-save]").forEach(function (button) {
      button.hidden = false;
      button.onclick = function () {
        Plotly.downloadImage(
          { data: drawing.data, layout: drawing.layout, config: config(box.dataset.locale) },
          { format: button.dataset.save, filename: unescaped(drawing.layout.title.text) || box.dataset.chart, width: 1120, height: 560, scale: 2 }
        );
      };
    });
  }

  /* The server's drawing stays, and the table opens. */
  function fail(box, error) {
    box.querySelector(".chart-failed").hidden = false;
    var behind = (box.closest(".card") || document).querySelector("details.behind");
    if (behind) behind.open = true;
    console.warn("no live chart: " + error.message);
  }

  function draw(box) {
    var area = document.getElementById(box.dataset.chart + "-area");
    return loadLibrary().then(function () {
      var drawing = JSON.parse(document.getElementById(box.dataset.chart + "-data").textContent);
      var live = area.querySelector(".chart-live");
      if (!live) {
        live = document.createElement("div");
        live.className = "chart-live";
        area.appendChild(live);
        new ResizeObserver(function () {
          if (area.dataset.drawn && (area.clientWidth < DESK) !== (area.dataset.drawn === "narrow")) draw(box);
        }).observe(area);
      }
      var shown = onPage(drawing, area);
      return Plotly.react(live, shown.data, shown.layout, config(box.dataset.locale)).then(function () {
        area.dataset.drawn = area.clientWidth < DESK ? "narrow" : "wide";
        offerPictures(box, drawing);
      });
    }).catch(function (error) { fail(box, error); });
  }

  /* Another mode has other colours and sizes. */
  function redraw() {
    document.querySelectorAll("[data-chart]").forEach(function (box) {
      if (box.querySelector("[data-drawn]")) draw(box);
    });
  }

  function watch() {
    var near = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        near.unobserve(entry.target);
        draw(entry.target);
      });
    }, { rootMargin: NEAR });
    document.querySelectorAll("[data-chart]").forEach(function (box) { near.observe(box); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-text"] });
  }

  /* First the page, then what makes it lively. */
  if (document.readyState === "complete") watch();
  else window.addEventListener("load", watch);
})();
