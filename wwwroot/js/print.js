// Paper cannot be unfolded: what is folded is open while the page is printed, and as it was afterwards.
const opened = new Set();

addEventListener('beforeprint', () => {
  for (const part of document.querySelectorAll('details:not([open])')) {
    part.open = true;
    opened.add(part);
  }
});

addEventListener('afterprint', () => {
  for (const part of opened) part.open = false;
  opened.clear();
});
