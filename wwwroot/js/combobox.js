// Keys of a combobox (WAI-ARIA Authoring Practices). Enter never submits a form around it, also not while the server searches.
const active = (input) => document.getElementById(input.getAttribute('aria-activedescendant') ?? '');

function setActive(input, option) {
  active(input)?.setAttribute('aria-selected', 'false');
  if (!option) { input.removeAttribute('aria-activedescendant'); return; }
  option.setAttribute('aria-selected', 'true');
  input.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('keydown', (e) => {
  const input = e.target.closest?.('[data-combobox]');
  if (!input || (e.key === 'Enter' && (e.ctrlKey || e.metaKey))) return;
  if (e.key === 'Enter') e.preventDefault();
  const list = document.getElementById(input.getAttribute('aria-controls'));
  if (list?.hidden && e.key === 'ArrowDown') { e.preventDefault(); input.dispatchEvent(new Event('input', { bubbles: true })); return; }
  if (!list || list.hidden) return;
  const options = [...list.querySelectorAll('[role=option]:not([aria-disabled])')];
  let at = options.indexOf(active(input));
  switch (e.key) {
    case 'ArrowDown': at = (at + 1) % options.length; break;
    case 'ArrowUp': at = (at - 1 + options.length) % options.length; break;
    case 'Enter': {
      const option = options[at] ?? ('comboboxFirst' in input.dataset ? options[0] : null);
      if (option) { setActive(input); option.click(); }
      return;
    }
    case 'Escape':
      if ('comboboxFirst' in input.dataset) return;
      // Closes and keeps what was typed; emptying it would search, and open again where no letters are asked for.
      e.preventDefault(); e.stopPropagation();
      setActive(input);
      input.dispatchEvent(new FocusEvent('blur'));
      return;
    default: return;
  }
  e.preventDefault();
  setActive(input, options[at]);
}, true);

document.addEventListener('click', (e) => {
  const input = e.target.closest?.('[data-combobox]');
  if (input && !input.value && document.getElementById(input.getAttribute('aria-controls'))?.hidden) input.dispatchEvent(new Event('input', { bubbles: true }));
});

document.addEventListener('input', (e) => { if (e.target.matches?.('[data-combobox]')) setActive(e.target); }, true);
