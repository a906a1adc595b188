"use strict";
// Copy as e-mail: the verdict in sixty plain words.
for (const button of document.querySelectorAll("[data-mail]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.dataset.mail;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = button.dataset.copied;
  });
}
