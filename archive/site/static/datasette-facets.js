// Datasette's table.js reads this; Datasette itself writes it into the page, which our policy forbids.
window.DATASETTE_ALLOW_FACET = document.currentScript.dataset.allowed === "true";
