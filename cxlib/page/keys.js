// JupyterLab takes arrows, letters and the space bar for its own commands, also from a control that
// has the focus. In the controls of a notebook keys belong to the control.
(() => {
  if (window.cxKeys) return;
  window.cxKeys = true;
  window.addEventListener("focusin", event => {
    if (event.target.closest(".jupyter-widgets")) {
      event.target.setAttribute("data-lm-suppress-shortcuts", "true");
    }
  });
})();
