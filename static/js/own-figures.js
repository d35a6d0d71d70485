/* A figure of the office's own: what does not go with what was chosen is greyed out. Without this script the form
   says so when it is sent. */
"use strict";

(() => {
  const form = document.querySelector("#own-form[data-offers]");
  const offers = form ? JSON.parse(form.dataset.offers) : {};
  const [measure, scope, reduce] = ["measure", "scope", "reduce"].map((id) => document.getElementById(id));
  if (!form || !scope) return;

  const keep = (select, allowed) => {
    for (const option of select.options) option.disabled = !allowed.includes(option.value);
    if (select.selectedOptions[0]?.disabled) {
      select.value = [...select.options].find((option) => !option.disabled).value;
    }
  };
  const fit = () => {
    const scopes = offers[measure.value] || {};
    keep(scope, Object.keys(scopes));
    keep(reduce, scopes[scope.value] || []);
  };
  form.addEventListener("change", fit, true); // before what was chosen is sent to be counted
  fit();
})();
