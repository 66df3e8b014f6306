// Puts the text of a field on the clipboard, and says so. Without this script the field can be copied by hand.
"use strict";
{
  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    const said = document.getElementById(button.getAttribute("aria-describedby"));
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = button.dataset.said || "Copied. Paste it into your calendar.";
      } catch {
        // The browser does not allow it: the text is chosen, so that one key copies it.
        field.select();
        said.textContent = "It is selected: copy it with Ctrl C, or ⌘ C on a Mac.";
      }
    });
  }
}
