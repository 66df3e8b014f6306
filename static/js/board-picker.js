// The list of places for one person, worked by keyboard: up, down, Home, End, Enter, Escape.
"use strict";
{
  const { finish, moveTo, optionsOf, redraw, say } = window.formationBoard;
  const dialog = document.querySelector("[data-picker]");
  const part = (name) => dialog.querySelector(`[data-picker-${name}]`);
  const places = () => [...part("list").querySelectorAll("button")];
  let person = null;
  let shared = []; // what every place would break: it is said once

  function line(css, words) {
    const made = document.createElement("span");
    made.className = css;
    made.textContent = words;
    return made;
  }

  function place(option) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = `picker-place${option.allowed ? "" : " picker-place-closed"}`;
    button.dataset.key = option.key;
    if (!option.allowed) button.setAttribute("aria-disabled", "true");
    const words = option.allowed ? option.changes : option.broken.filter((one) => !shared.includes(one)).map((one) => `${one}.`);
    const tone = !option.allowed ? "problem" : option.cost < 0 ? "good" : "neutral";
    button.append(
      line("picker-label", option.label),
      " ",
      line(`badge badge-${tone}`, option.verdict),
      " ",
      line("picker-detail", `${option.detail}. `),
      line("picker-effect", words.join(" ")),
    );
    item.append(button);
    return item;
  }

  function fill(found) {
    const now = found.targets.find((option) => option.now);
    part("title").textContent = `Move ${found.person}`;
    const others = found.targets.filter((option) => !option.now);
    shared = others.length > 1 ? others[0].broken.filter((one) => others.every((option) => option.broken.includes(one))) : [];
    const everywhere = shared.length ? ` Wherever they would go instead: ${shared.join(". ")}.` : "";
    part("about").textContent = (now ? `Now: ${now.label}, ${now.detail}.` : "") + everywhere;
    part("list").replaceChildren(...others.map(place));
    places().forEach((button) => (button.tabIndex = -1));
  }

  function step(to) {
    const all = places();
    const next = all[Math.max(0, Math.min(all.length - 1, to))];
    all.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next?.focus();
  }

  async function pickPlace(chosen) {
    person = chosen;
    part("error").textContent = "";
    try {
      fill(await optionsOf(person));
    } catch {
      return window.location.assign(person.dataset.url); // the page without a script says what is wrong
    }
    dialog.showModal();
    return step(0);
  }

  // Where the proposal has changed in the meantime: say so, look again, and keep what was chosen.
  async function lookAgain(key, message) {
    const link = `move-${person.id.slice("person-".length)}`;
    await redraw();
    person = document.getElementById(link)?.closest("[data-person]");
    if (!person) {
      dialog.close();
      return say(message, "problem");
    }
    fill(await optionsOf(person));
    part("error").textContent = message;
    return step(Math.max(0, places().findIndex((button) => button.dataset.key === key)));
  }

  async function choose(button) {
    if (button.getAttribute("aria-disabled")) {
      const why = button.querySelector(".picker-effect").textContent || `${shared.join(". ")}.`;
      part("error").textContent = `Not possible: ${why}`;
      return;
    }
    const result = await moveTo(person, button.dataset.key);
    if (result.refused) return lookAgain(button.dataset.key, result.message);
    dialog.close();
    return finish(result, result.focus);
  }

  part("list").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) choose(button);
  });
  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const at = places().indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: places().length - 1 };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    step(steps[event.key]);
  });
  dialog.addEventListener("close", () => document.getElementById(`move-${person?.id.slice("person-".length)}`)?.focus());
  window.formationBoard.pickPlace = pickPlace;
}
