// Offers the team's people while somebody types an @ in a text field. The list stands ready beside the field; everything here is local to the page.
// The caret stays in the field (aria-activedescendant); choosing writes the name, and what the name means is read where the text is read.
const typed = /(^|[^\p{L}\p{N}._@-])@([\p{L}\p{M}'’.-]{0,40}(?: [\p{L}\p{M}'’.-]{0,40}){0,3})$/u;
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const listOf = (field) => document.getElementById(field?.getAttribute?.('data-mention') ?? '');
const shown = (list) => [...list.querySelectorAll('[role=option]:not([hidden])')];

function setActive(field, option) {
  for (const other of listOf(field).querySelectorAll('[aria-selected=true]')) other.setAttribute('aria-selected', 'false');
  if (!option) { field.removeAttribute('aria-activedescendant'); return; }
  option.setAttribute('aria-selected', 'true');
  field.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

function close(field) {
  const list = listOf(field);
  if (!list || list.hidden) return;
  list.hidden = true;
  setActive(field);
  list.nextElementSibling.textContent = '';
}

function offer(field) {
  const list = listOf(field);
  if (!list) return;
  const at = field.selectionStart === field.selectionEnd ? typed.exec(field.value.slice(0, field.selectionStart)) : null;
  if (!at) { close(field); return; }
  const asked = fold(at[2]);
  const words = asked.split(' ').filter(Boolean);
  const fits = (text) => { const parts = fold(text).split(/[\s,]+/); return words.every((word) => parts.some((part) => part.startsWith(word))); };
  const all = [...list.querySelectorAll('[role=option]')];
  // A name comes before a role: the roles are looked at when no name begins so.
  const named = all.filter((option) => fits(option.dataset.name));
  const wanted = named.length > 0 ? named : all.filter((option) => fits(`${option.dataset.name} ${option.dataset.role}`));
  for (const option of all) option.hidden = !wanted.includes(option) || asked.trim() === fold(option.dataset.name);
  const options = shown(list);
  if (options.length === 0) { close(field); return; }
  list.hidden = false;
  const status = list.nextElementSibling;
  status.textContent = options.length === 1 ? status.dataset.one : status.dataset.many.replace('{0}', options.length);
  setActive(field, options[0]);
}

function choose(field, option) {
  const end = field.selectionStart;
  const at = typed.exec(field.value.slice(0, end));
  close(field);
  if (!at) return;
  const name = `@${option.dataset.name} `;
  const start = end - at[2].length - 1;
  const rest = field.value.slice(end);
  if (field.maxLength > 0 && field.value.length - (end - start) + name.length > field.maxLength) return;
  field.setRangeText(rest.startsWith(' ') ? name.trimEnd() : name, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('input', (e) => { if (e.target.matches?.('[data-mention]')) offer(e.target); });

document.addEventListener('keydown', (e) => {
  const field = e.target.closest?.('[data-mention]');
  const list = listOf(field);
  if (!list || list.hidden || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  const options = shown(list);
  const now = options.findIndex((option) => option.id === field.getAttribute('aria-activedescendant'));
  switch (e.key) {
    case 'ArrowDown': setActive(field, options[(now + 1) % options.length]); break;
    case 'ArrowUp': setActive(field, options[(now - 1 + options.length) % options.length]); break;
    case 'Enter':
    case 'Tab':
      if (e.shiftKey || now < 0) return;
      choose(field, options[now]);
      break;
    case 'Escape': close(field); break;
    case 'ArrowLeft':
    case 'ArrowRight':
    case 'Home':
    case 'End': close(field); return;
    default: return;
  }
  e.preventDefault();
  e.stopImmediatePropagation();
}, true);

document.addEventListener('focusout', (e) => { if (e.target.matches?.('[data-mention]')) close(e.target); });

// The press keeps the caret where it is, the click chooses.
document.addEventListener('mousedown', (e) => { if (e.target.closest?.('[data-mentions]')) e.preventDefault(); });

document.addEventListener('click', (e) => {
  const option = e.target.closest?.('[data-mentions] [role=option]');
  const field = option && document.querySelector(`[data-mention="${CSS.escape(option.parentElement.id)}"]`);
  if (field) { choose(field, option); field.focus(); }
  else if (e.target.matches?.('[data-mention]')) close(e.target);
});
