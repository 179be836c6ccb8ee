// Copies a citation, with its address, where the browser can; without, it is there to be selected.
"use strict";

if (navigator.clipboard) {
  const status = document.getElementById("copied");

  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const citation = document.getElementById(button.dataset.copy).textContent;
      const address = `${location.origin}${location.pathname}#${button.dataset.place}`;
      status.textContent = "";
      try {
        await navigator.clipboard.writeText(`${citation}\n${address}`);
        status.textContent = button.textContent = "Copied";
      } catch {
        status.textContent = button.textContent = "Not copied: select the words instead";
      }
    });
  }
}
