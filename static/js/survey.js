// Keeps each answer as it is given. When the network is away nothing is lost: the page stays, and we try again.
// Without this script the page is sent with its button and works the same.
"use strict";
{
  const said = document.querySelector("[data-kept]");
  const form = said.closest("form");
  const KEPT = "Your answers are kept.";
  const SIGNED_OUT = "You have been signed out. Press the button to sign in again: your answers are kept.";
  const STALE = "You have signed in again since you opened this page. Press the button: your answers go with you.";
  const OFFLINE = "You seem to be offline. Your answers stay on this page, and we keep trying to save them.";
  const FAULT = "We can’t save at the moment. Your answers stay on this page, and we keep trying to save them.";
  const PAUSE = 3000; // milliseconds between two attempts
  let button = null; // what was pressed while the network was away
  let unsent = false;
  let timer = 0;
  let leaving = false;
  let sending = false; // one attempt at a time, so that what was chosen last is what is kept
  let changed = false;

  const say = (words) => {
    if (said.textContent !== words) said.textContent = words;
  };

  const keep = async () => {
    const answers = new URLSearchParams(new FormData(form));
    answers.set("keep", "1");
    const answer = await fetch(window.location.href, { method: "POST", body: answers });
    if (answer.status === 403) return STALE;
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.redirected ? SIGNED_OUT : KEPT;
  };

  const go = () => {
    leaving = true;
    unsent = false;
    form.requestSubmit(button);
  };

  const kept = (words) => {
    unsent = words === STALE; // the next page carries them
    if (changed && !unsent) return attempt();
    if (button) return go();
    return say(words);
  };

  const notKept = (words) => {
    unsent = true;
    timer = window.setTimeout(attempt, PAUSE);
    say(words);
  };

  const attempt = async () => {
    changed = true;
    if (sending || leaving) return;
    window.clearTimeout(timer);
    sending = true;
    changed = false;
    const outcome = await keep().then(
      (words) => () => kept(words),
      (fault) => () => notKept(fault instanceof TypeError ? OFFLINE : FAULT), // no answer at all, or a refusal
    );
    sending = false;
    outcome();
  };

  form.addEventListener("change", attempt);
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    event.preventDefault();
    button = event.submitter;
    attempt();
  });
  window.addEventListener("online", () => unsent && attempt());
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => unsent && event.preventDefault());
}
