// Keeps the progress of forming circles up to date, and shows the outcome when there is one.
"use strict";
{
  const panel = document.querySelector("[data-formation-progress]");
  const part = (name) => panel.querySelector(`[data-${name}]`);

  const show = (status) => {
    // Only a change is written, so that a screen reader speaks each step once.
    if (part("step").textContent !== status.step) part("step").textContent = status.step;
    part("percent").textContent = status.percent;
    panel.querySelector("progress").value = status.percent;
    if (status.cost !== null) part("cost").textContent = Math.round(status.cost).toLocaleString("en-GB");
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
