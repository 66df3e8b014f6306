// The proposal under a pointer or a keyboard. Without this script every act on the board is a page of its own.
//
// The server alone draws the board: after an act its parts are asked for again and put in place of the old ones.
// Loaded first; the picker and the dragging add themselves.
"use strict";
window.formationBoard = (() => {
  const board = document.querySelector("[data-board]");
  const status = board.querySelector("[data-status]");

  const REST_AFTER = 8000; // milliseconds for which what was said follows the reader down the board
  let resting = 0;

  // Said and shown: to a screen reader at once, to everybody at the top of the board.
  function say(words, tone = "good") {
    status.className = `board-status board-status-${tone}`;
    status.textContent = words;
    window.clearTimeout(resting);
    resting = window.setTimeout(() => status.classList.add("board-status-rest"), REST_AFTER);
  }

  const token = () => document.querySelector("#act input[name=csrfmiddlewaretoken]").value;
  const version = () => document.querySelector("#act input[name=version]").value;

  // --- drawing afresh -----------------------------------------------------------------------------
  let looking = 0;

  async function redraw(query = document.getElementById("q").value) {
    const mine = ++looking;
    const url = query ? `${board.dataset.board}?q=${encodeURIComponent(query)}` : board.dataset.board;
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== looking) return; // a later look is under way
    if (!page.querySelector("[data-board]")) return window.location.assign(url); // formed again, or published
    const open = [...document.querySelectorAll("[data-swap] details[open]")].map((one) => one.id);
    const scrolled = document.querySelector(".board-waiting-scroll").scrollTop;
    for (const part of document.querySelectorAll("[data-swap]")) {
      part.replaceWith(document.adoptNode(page.getElementById(part.id)));
    }
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    document.querySelector(".board-waiting-scroll").scrollTop = scrolled;
  }

  // --- acts ---------------------------------------------------------------------------------------
  // Sends one act. The answer says what happened and where the reader goes on; a refusal has `refused`.
  async function act(url, fields) {
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token() });
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok || answer.status === 409) return { ...(await answer.json()), refused: !answer.ok };
    } catch {
      // The network is away: said below.
    }
    return { message: "That did not reach us. Nothing was changed; please try again.", focus: "", refused: true };
  }

  async function finish(result, focus = "") {
    await redraw();
    (document.getElementById(result.focus) || document.getElementById(focus))?.focus();
    say(result.message, result.refused ? "problem" : "good");
  }

  const moveTo = (person, key) => act(person.dataset.url, { to: key, version: version() });

  async function optionsOf(person) {
    const answer = await fetch(`${person.dataset.url}options/`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!form.matches("[data-act]")) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, submitter));
    await finish(await act(submitter?.getAttribute("formaction") || form.action, fields), submitter?.id);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.formationBoard.pickPlace(link.closest("[data-person]"));
  });

  // --- finding a person ---------------------------------------------------------------------------
  let typing = 0;
  const search = document.querySelector("[data-search]");

  async function find() {
    const { value } = document.getElementById("q");
    window.history.replaceState(null, "", value ? `?q=${encodeURIComponent(value)}` : window.location.pathname);
    await redraw(value);
    say(document.getElementById("found")?.firstChild.textContent.trim() ?? "", "quiet");
  }

  search.addEventListener("input", () => {
    window.clearTimeout(typing);
    typing = window.setTimeout(find, 250);
  });
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });

  return { board, say, redraw, finish, moveTo, optionsOf };
})();
