// Menus are native popovers; this places them beside their button and moves with the arrows.
const items = (menu) => [...menu.querySelectorAll('[role^=menuitem]:not([aria-disabled=true])')];

function place(menu) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  if (!button) return;
  const b = button.getBoundingClientRect(), m = menu.getBoundingClientRect();
  const below = b.bottom + 6 + m.height <= innerHeight;
  menu.style.left = `${Math.max(8, Math.min(b.left, innerWidth - m.width - 8))}px`;
  menu.style.top = `${Math.max(8, below ? b.bottom + 6 : b.top - m.height - 6)}px`;
}

document.addEventListener('toggle', (e) => {
  const menu = e.target;
  if (!menu.matches?.('[data-menu]')) return;
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  button?.setAttribute('aria-expanded', String(e.newState === 'open'));
  if (e.newState === 'open') { place(menu); (menu.querySelector('[aria-checked=true]') ?? items(menu)[0])?.focus(); }
}, true);

document.addEventListener('keydown', (e) => {
  const menu = e.target.closest?.('[data-menu]');
  if (!menu) return;
  const all = items(menu);
  let at = all.indexOf(e.target);
  if (e.key === 'ArrowDown') at++; else if (e.key === 'ArrowUp') at--; else if (e.key === 'Home') at = 0; else if (e.key === 'End') at = all.length - 1; else return;
  e.preventDefault();
  all[(at + all.length) % all.length]?.focus();
});

document.addEventListener('click', (e) => {
  const item = e.target.closest?.('[data-menu] [role=menuitem], [data-menu] [role=menuitemradio]');
  if (item) item.closest('[data-menu]').hidePopover();
});
