// Keeps the progress of sending up to date, and shows the outcome when there is one.
"use strict";
{
  const panel = document.querySelector("[data-progress]");
  const PAUSE = 2000; // milliseconds between two looks

  // Only a change is written, so that a screen reader speaks each step once.
  const write = (selector, words) => {
    const place = panel.querySelector(selector);
    if (place.textContent !== String(words)) place.textContent = words;
  };

  const look = async () => {
    let found = null;
    try {
      const answer = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.ok) found = await answer.json();
    } catch {
      // The network is away for a moment: the next look will tell.
    }
    if (found && !found.running) return window.location.reload();
    if (found) {
      write("[data-words]", found.words);
      write("[data-done]", found.done);
      panel.querySelector("progress").value = found.done;
    }
    return window.setTimeout(look, PAUSE);
  };

  if (panel) window.setTimeout(look, PAUSE);
}
