// Searches while one types. Without this script the form asks the server by its button, and shows the very same.
"use strict";
{
  const form = document.querySelector("form.search");
  const field = form.elements.q;
  const PAUSE = 250; // milliseconds without a key before the server is asked
  let waiting = 0;
  let latest = 0;

  const look = async () => {
    const mine = ++latest;
    const asked = field.value.trim();
    const url = asked ? `${form.action}?${new URLSearchParams({ q: asked })}` : form.action;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok || mine !== latest) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== latest) return;
      document.title = page.title;
      // The status keeps its element, so that a screen reader hears it change.
      document.getElementById("search-status").textContent = page.getElementById("search-status").textContent;
      document.getElementById("search-found").replaceWith(page.getElementById("search-found"));
      window.history.replaceState(null, "", url);
    } catch {
      // The network is away for a moment: the button asks again.
    }
  };

  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, PAUSE);
  });
}
