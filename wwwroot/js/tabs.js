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

// Where tabs, or the entries of the bottom bar, do not fit, the one that is open stands in view. Once per page: who scrolls them afterwards is left alone.
const shown = new Map();
new MutationObserver(() => {
  for (const bar of ['nav.tabs', '.rail ul']) {
    const open = document.querySelector(`${bar} a[aria-current]`);
    const at = open?.getAttribute('href');
    if (!open) shown.delete(bar);
    if (!open || at === shown.get(bar)) continue;
    shown.set(bar, at);
    const row = bar === 'nav.tabs' ? open.parentElement : open.closest('ul');
    const [all, one] = [row.getBoundingClientRect(), open.getBoundingClientRect()];
    if (one.left < all.left || one.right > all.right) row.scrollLeft += one.left - all.left - (all.width - one.width) / 2;
  }
}).observe(document.body, { childList: true, subtree: true });
