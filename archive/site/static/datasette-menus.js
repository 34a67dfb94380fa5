// An open menu closes when something else is clicked. Datasette has this inline, which our policy forbids.
document.body.addEventListener("click", (event) => {
  const clicked = event.target.closest("details");
  for (const menu of document.querySelectorAll("details[open]")) {
    if (menu !== clicked) menu.open = false;
  }
});
