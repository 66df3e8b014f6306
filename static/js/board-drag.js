// Moving somebody by pointer: every place says at once whether they may go there, and why not.
"use strict";
{
  const { board, finish, moveTo, optionsOf, say } = window.formationBoard;
  const FAR_ENOUGH = 6; // pixels until a press becomes a drag
  const EDGE = 70; // pixels from the edge of the window where it scrolls by itself
  const SPEED = 14;
  const NOT_A_GRIP = "a, button, summary, details, input";

  let drag = null;

  function ghostOf(person) {
    const made = document.createElement("div");
    made.className = "drag-ghost";
    made.setAttribute("aria-hidden", "true");
    const name = document.createElement("strong");
    name.textContent = person.dataset.person;
    const verdict = document.createElement("span");
    made.append(name, verdict);
    document.body.append(made);
    return { made, verdict };
  }

  const targets = () => [...document.querySelectorAll("[data-target]")];
  const words = (option) => (option.allowed ? option.verdict : `${option.broken.join(". ")}.`);

  // Marks every card with what a drop on it would do.
  function mark(found) {
    drag.options = new Map(found.targets.map((option) => [option.key, option]));
    for (const target of targets()) {
      const option = drag.options.get(target.dataset.target);
      if (!option) continue;
      target.classList.add(option.now ? "drop-now" : option.allowed ? "drop-yes" : "drop-no");
      target.querySelector("[data-drop-note]").textContent = option.now ? "Here now" : `${option.label}: ${words(option)}`;
    }
    point();
  }

  function unmark() {
    for (const target of targets()) {
      target.classList.remove("drop-now", "drop-yes", "drop-no", "drop-over");
      target.querySelector("[data-drop-note]").textContent = "";
    }
  }

  function begin() {
    drag.on = true;
    drag.ghost = ghostOf(drag.person);
    drag.person.classList.add("member-lifted");
    document.documentElement.classList.add("is-dragging");
    const mine = drag;
    optionsOf(drag.person).then(
      (found) => drag === mine && mark(found),
      () => drag === mine && end(),
    );
    window.requestAnimationFrame(scroll);
  }

  // What lies under the pointer, and what a drop there would do.
  function point() {
    drag.ghost.made.style.transform = `translate(${drag.x + 14}px, ${drag.y + 14}px)`;
    const over = document.elementFromPoint(drag.x, drag.y)?.closest("[data-target]");
    if (drag.over !== over) {
      drag.over?.classList.remove("drop-over");
      over?.classList.add("drop-over");
      drag.over = over;
    }
    const option = over && drag.options?.get(over.dataset.target);
    drag.ghost.verdict.textContent = option && !option.now ? `${option.label}: ${words(option)}` : "";
  }

  function scroll() {
    if (!drag?.on) return;
    if (drag.y < EDGE) window.scrollBy(0, -SPEED);
    if (drag.y > window.innerHeight - EDGE) window.scrollBy(0, SPEED);
    point();
    window.requestAnimationFrame(scroll);
  }

  function end() {
    if (drag?.on) {
      unmark();
      drag.ghost.made.remove();
      drag.person.classList.remove("member-lifted");
      document.documentElement.classList.remove("is-dragging");
    }
    drag = null;
  }

  async function drop() {
    const { person, over, options } = drag;
    const option = over && options?.get(over.dataset.target);
    end();
    if (!option || option.now) return;
    if (!option.allowed) {
      say(`${person.dataset.person} can’t be moved to ${option.label}: ${words(option)}`, "problem");
      return;
    }
    await finish(await moveTo(person, option.key), person.querySelector("[data-move]").id);
  }

  document.documentElement.classList.add("can-drag");
  board.addEventListener("pointerdown", (event) => {
    const person = event.target.closest("[data-person]");
    const grip = event.target.closest(".member-grip");
    // A finger scrolls the page unless it takes the grip.
    if (!person || event.button || (!grip && (event.pointerType !== "mouse" || event.target.closest(NOT_A_GRIP)))) return;
    event.preventDefault();
    drag = { person, from: [event.clientX, event.clientY], x: event.clientX, y: event.clientY, on: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    [drag.x, drag.y] = [event.clientX, event.clientY];
    if (!drag.on && Math.hypot(drag.x - drag.from[0], drag.y - drag.from[1]) > FAR_ENOUGH) begin();
    if (drag.on) point();
  });
  document.addEventListener("pointerup", () => (drag?.on ? drop() : end()));
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag?.on) end();
  });
}
