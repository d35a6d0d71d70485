/* Draws each chart from the JSON block beside it. Nothing leaves the page: plotly's "share" button is off. */
(function () {
  "use strict";
  if (!window.Plotly) return;

  var DESK = 620;
  var PAPER = 640;

  function config(locale) {
    return {
      locale: locale, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true,
      displayModeBar: false, scrollZoom: false, doubleClick: false,
    };
  }

  /* On the page the heading above says the finding, so the chart's own title, and the room for it, are kept for what is saved. */
  function onPage(layout, width) {
    var shown = Object.assign({}, layout, {
      title: { text: "" },
      margin: Object.assign({}, layout.margin, { t: layout.xaxis.side === "top" ? 44 : 24 }),
    });
    if (width < DESK) {
      shown.annotations = (layout.annotations || []).map(function (note) {
        return Object.assign({}, note, { font: Object.assign({}, note.font, { size: 11 }) });
      });
      var ticks = layout.xaxis.tickvals || [];
      if (ticks.length > 7) {
        var every = function (_, n) { return n % 2 === 0; };
        shown.xaxis = Object.assign({}, layout.xaxis, { tickvals: ticks.filter(every), ticktext: layout.xaxis.ticktext.filter(every) });
      }
      shown.margin = Object.assign({}, shown.margin, { l: Math.min(layout.margin.l, 104), r: 8 });
    }
    return shown;
  }

  function draw(box) {
    var id = box.dataset.chart;
    var area = document.getElementById(id + "-area");
    var drawing = JSON.parse(document.getElementById(id + "-data").textContent);
    area.textContent = "";
    Plotly.newPlot(area, drawing.data, onPage(drawing.layout, area.clientWidth), config(box.dataset.locale));
    box.querySelectorAll("[data-save]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        Plotly.downloadImage(
          { data: drawing.data, layout: drawing.layout, config: config(box.dataset.locale) },
          { format: button.dataset.save, filename: drawing.layout.title.text || id, width: 1120, height: 560, scale: 2 }
        );
      });
    });
    box.dataset.drawn = "yes";
  }

  /* Paper is narrower than the screen the chart was drawn for. */
  function fit(change) {
    document.querySelectorAll("[data-chart][data-drawn]").forEach(function (box) {
      Plotly.relayout(document.getElementById(box.dataset.chart + "-area"), change);
    });
  }

  window.addEventListener("beforeprint", function () { fit({ autosize: false, width: PAPER }); });
  window.addEventListener("afterprint", function () { fit({ autosize: true, width: null }); });

  document.querySelectorAll("[data-chart]").forEach(function (box) {
    var fold = box.closest("details");
    if (!fold || fold.open) return draw(box);
    fold.addEventListener("toggle", function () {
      if (fold.open && !box.dataset.drawn) draw(box);
    });
  });
})();
