// Shortcuts. Elements say their own key: data-key="n", "/", "?", "g d", "ctrl+k"; inside data-submit-scope "ctrl+enter".
// A field with a key gets the focus, anything else is clicked. Single letters are off while typing and can be switched off.
const root = document.documentElement;
const typing = (el) => el?.closest?.('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]');
const visible = (el) => el.getClientRects().length > 0;
const find = (key, scope = document) => [...scope.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);

let prefix = '', timer, quietUntil = 0;

// A field is on its way: what is typed meanwhile is text, not a shortcut.
document.addEventListener('click', (e) => {
  const focus = e.target.closest?.('[data-focus]');
  if (focus) document.querySelector(focus.dataset.focus)?.focus();
  if (e.target.closest?.('[data-act=reply], [data-word=reply], [aria-haspopup=dialog]')) quietUntil = performance.now() + 3000;
}, true);
document.addEventListener('focusin', (e) => { if (typing(e.target) || e.target.closest?.('dialog[open]')) quietUntil = 0; });

// What is being sent does not change under way: the field is read-only until the page has answered (it then changes data-rev).
document.addEventListener('click', (e) => {
  const field = e.target.closest?.('[data-key="ctrl+enter"]')?.closest('[data-submit-scope]')?.querySelector('textarea[data-rev]');
  if (!field || document.documentElement.dataset.live === 'wait' || document.documentElement.dataset.live === 'off') return;
  field.readOnly = true;
  setTimeout(() => { field.readOnly = false; }, 8000);
});
new MutationObserver((changes) => { for (const c of changes) c.target.readOnly = false; }).observe(document.body, { subtree: true, attributeFilter: ['data-rev'] });

// Where a key called a field from: Esc goes back there.
const from = new WeakMap();

function use(el) {
  if (el.matches('input:not([type=checkbox]), textarea, select')) { from.set(el, document.activeElement); el.focus(); el.scrollIntoView({ block: 'nearest' }); } else el.click();
}

function step(by) {
  const items = [...document.querySelectorAll('[data-nav-item]')];
  if (!items.length) return;
  const here = document.activeElement?.closest?.('[data-nav-item]');
  const at = here ? items.indexOf(here) + by : items.findIndex((i) => i.getBoundingClientRect().bottom > 220);
  const next = items[Math.max(0, Math.min(items.length - 1, at))];
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('keydown', (e) => {
  if (e.isComposing || e.defaultPrevented) return;
  if (e.ctrlKey || e.metaKey) {
    if (e.key === 'Enter') {
      const button = e.target.closest?.('[data-submit-scope]')?.querySelector('[data-key="ctrl+enter"]');
      // A field that tells the server on change must tell it before the click.
      if (button) {
        e.preventDefault();
        if (e.target.matches('textarea, input:not([data-combobox]):not([type=checkbox])')) e.target.dispatchEvent(new Event('change', { bubbles: true }));
        button.click();
      }
    } else if (e.key.toLowerCase() === 'k' && !e.shiftKey && !e.altKey) {
      const el = document.querySelector('[data-key="ctrl+k"]');
      if (el) { e.preventDefault(); el.click(); }
    }
    return;
  }
  if (e.key === 'Escape' && typing(e.target) && e.target.dataset.key && !document.querySelector('dialog[open], [popover]:popover-open')) {
    if (e.target.type === 'search' && e.target.value) return; // the first Esc empties it
    const back = from.get(e.target);
    if (back?.isConnected && back !== document.body) back.focus({ preventScroll: true }); else e.target.blur();
    return;
  }
  if (e.altKey || performance.now() < quietUntil || root.dataset.keys === 'off' || typing(e.target) || document.querySelector('dialog[open], [popover]:popover-open')) return;
  const key = prefix ? `${prefix} ${e.key}` : e.key;
  prefix = ''; clearTimeout(timer);
  if (key === 'g') { prefix = 'g'; timer = setTimeout(() => { prefix = ''; }, 1200); return; }
  if (key === 'j') { e.preventDefault(); step(1); return; }
  if (key === 'k') { e.preventDefault(); step(-1); return; }
  if (key === 'Enter' && document.activeElement?.matches?.('[data-nav-item]')) {
    const open = document.activeElement.querySelector('[data-act=thread], [data-more], a[href]');
    if (open) { e.preventDefault(); open.click(); }
    return;
  }
  const scope = document.activeElement?.closest?.('[data-nav-item]');
  const el = (scope && find(key, scope)) ?? find(key);
  if (el) { e.preventDefault(); use(el); }
});

document.addEventListener('click', (e) => {
  if (e.target.closest?.('[data-print]')) { print(); return; }
  const press = e.target.closest?.('[data-press]');
  if (press) { const el = find(press.dataset.press); if (el) use(el); return; }
  const toggle = e.target.closest?.('[data-single-keys]');
  if (!toggle) return;
  const on = root.dataset.keys === 'off';
  if (on) delete root.dataset.keys; else root.dataset.keys = 'off';
  toggle.setAttribute('aria-checked', String(on));
  document.cookie = `keys=${on ? 'on' : 'off'}; path=/; max-age=31536000; samesite=lax`;
});
new MutationObserver(() => {
  for (const toggle of document.querySelectorAll('[data-single-keys]')) toggle.setAttribute('aria-checked', String(root.dataset.keys !== 'off'));
}).observe(document.body, { childList: true, subtree: true });
