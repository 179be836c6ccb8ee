// Exit this page: at once, and so that going back does not return. Also by Escape, three times within
// five seconds; base.html says so where scripts run.
"use strict";
{
  const WITHIN = 5000;
  const link = document.querySelector("[data-exit]");
  const leave = () => {
    document.documentElement.hidden = true;
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN);
    if (presses.length >= 3) leave();
  });
}
