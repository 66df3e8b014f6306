// Shows what a message would look like while its words are being written.
"use strict";
{
  const form = document.querySelector("[data-wording]");
  const panel = document.querySelector("[data-preview]");
  const part = (name) => panel.querySelector(`[data-preview-${name}]`);
  const PAUSE = 600; // milliseconds without a keystroke
  let waiting = 0;
  let asked = 0;

  function show(found) {
    const broken = found.faults.length > 0;
    part("faults").hidden = !broken;
    part("faults").replaceChildren(
      ...found.faults.map((words) => Object.assign(document.createElement("li"), { textContent: words })),
    );
    part("mail").hidden = broken;
    if (broken) {
      part("on").textContent = "These words can’t be sent yet:";
      return;
    }
    part("on").textContent = `With: ${found.on}. ${found.note}`;
    part("subject").textContent = found.subject;
    part("text").textContent = found.text;
    part("html").srcdoc = found.html;
  }

  async function look() {
    const mine = ++asked;
    const body = new FormData(form);
    try {
      const answer = await fetch(window.location.pathname, {
        method: "POST",
        headers: { Accept: "application/json" },
        body,
      });
      if (answer.ok && mine === asked) show(await answer.json());
    } catch {
      // The network is away for a moment: the next keystroke asks again, and the button always does.
    }
  }

  form?.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, PAUSE);
  });
}
