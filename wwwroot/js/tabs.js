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
