// Tabs: arrows, Home and End (WAI-ARIA Authoring Practices).
document.addEventListener('keydown', (e) => {
  const tab = e.target.closest?.('[data-tabs] [role=tab]');
  if (!tab) return;
  const tabs = [...tab.parentElement.querySelectorAll('[role=tab]')];
  let at = tabs.indexOf(tab);
  if (e.key === 'ArrowRight') at++; else if (e.key === 'ArrowLeft') at--; else if (e.key === 'Home') at = 0; else if (e.key === 'End') at = tabs.length - 1; else return;
  e.preventDefault();
  const next = tabs[(at + tabs.length) % tabs.length];
  next.focus();
  next.click();
});

// Where the tabs do not fit, the one that is open stands in view. Once per page: who scrolls them afterwards is left alone.
let shown = '';
new MutationObserver(() => {
  const open = document.querySelector('nav.tabs a[aria-current]');
  const at = open?.getAttribute('href');
  if (!open) shown = '';
  if (!open || at === shown) return;
  shown = at;
  const row = open.parentElement;
  const [all, one] = [row.getBoundingClientRect(), open.getBoundingClientRect()];
  if (one.left < all.left || one.right > all.right) row.scrollLeft += one.left - all.left - (all.width - one.width) / 2;
}).observe(document.body, { childList: true, subtree: true });
