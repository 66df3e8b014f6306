// Keeps the progress of forming circles up to date, and shows the outcome when there is one.
"use strict";
{
  const panel = document.querySelector("[data-formation-progress]");
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const points = (value) => Math.round(value).toLocaleString("en-GB");
  // Only a change is written, so that a screen reader speaks each step once.
  const write = (name, words) => {
    if (part(name).textContent !== String(words)) part(name).textContent = words;
  };

  const show = (status) => {
    write("step", status.step);
    write("percent", status.percent);
    write("seconds", Math.round(status.seconds));
    panel.querySelector("progress").value = status.percent;
    if (status.cost !== null) write("cost", points(status.cost));
    if (status.bound !== null) write("bound", points(status.bound));
    write("words", status.words);
    part("bound-box").hidden = status.bound === null;
  };

  const look = async () => {
    let status = null;
    try {
      const answer = await fetch(panel.dataset.formationProgress, { headers: { Accept: "application/json" } });
      if (answer.ok) status = await answer.json();
    } catch {
      // The network is away for a moment: the next look will tell.
    }
    if (status && !status.running) return window.location.reload();
    if (status) show(status);
    return window.setTimeout(look, 1000);
  };

  if (panel) look();
}
