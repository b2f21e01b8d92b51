// what is folded away is printed all the same
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("article details:not([open])")) {
    one.open = true;
    one.dataset.opened = "";
  }
});
addEventListener("afterprint", () => {
  for (const one of document.querySelectorAll("details[data-opened]")) {
    one.open = false;
    delete one.dataset.opened;
  }
});
