// The timeline feed. Rows carry no handlers of their own: one event on the list says which action of which row was chosen.
window.Blazor.registerCustomEventType('rowact', {
  browserEventName: 'careteam:rowact',
  createEventArgs: (e) => ({ act: e.detail.act, key: e.detail.key }),
});

function act(from, name, key) {
  from.dispatchEvent(new CustomEvent('careteam:rowact', { bubbles: true, detail: { act: name, key } }));
}

const rowOf = (el) => el.closest('[data-row]');

document.addEventListener('click', (e) => {
  const more = e.target.closest?.('[data-more]');
  if (more) { openMenu(more); return; }
  const go = e.target.closest?.('[data-goto]');
  if (go) {
    e.preventDefault();
    const there = document.getElementById(go.dataset.goto);
    if (there) show(there); else act(document.querySelector('.feed'), 'goto', go.dataset.goto);
    return;
  }
  const el = e.target.closest?.('.feed [data-act]');
  if (!el) return;
  if (el.dataset.act === 'goto') {
    e.preventDefault();
    const there = document.getElementById(el.dataset.target);
    if (there) { show(there); return; }
    act(el, 'goto', el.dataset.target);
    return;
  }
  act(el, el.dataset.act, rowOf(el).dataset.row);
});

// One menu, built from words that the page holds once, instead of one per row.
function openMenu(button) {
  const words = document.getElementById('row-menu');
  if (!words) return;
  document.getElementById('row-menu-open')?.remove();
  const menu = document.createElement('div');
  menu.id = 'row-menu-open';
  menu.className = 'menu';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('popover', 'auto');
  menu.dataset.menu = '';
  const row = rowOf(button);
  for (const name of row.dataset.may.split(' ')) {
    const item = words.querySelector(`[data-word="${name}"]`)?.cloneNode(true);
    if (!item) continue;
    item.removeAttribute('data-word');
    item.dataset.act = name;
    item.addEventListener('click', () => { menu.hidePopover(); act(button, name, row.dataset.row); });
    menu.append(item);
  }
  document.querySelector('.feed-scope').append(menu);
  menu.addEventListener('toggle', (t) => { if (t.newState === 'closed') { menu.remove(); button.focus({ preventScroll: true }); } });
  menu.showPopover();
  const b = button.getBoundingClientRect(), m = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(b.right - m.width, innerWidth - m.width - 8))}px`;
  menu.style.top = `${b.bottom + 4 + m.height > innerHeight ? Math.max(8, b.top - m.height - 4) : b.bottom + 4}px`;
  menu.querySelector('[role=menuitem]')?.focus();
}

function show(row) {
  row.tabIndex = -1;
  row.scrollIntoView({ block: 'center' });
  row.focus({ preventScroll: true });
  row.classList.add('found');
  setTimeout(() => row.classList.remove('found'), 2000);
}

const typing = () => document.activeElement?.matches?.('textarea, input') && document.activeElement.value;

/** Watches the ends of the feed and whether the reader is at its top; returns a handle to dispose. */
export function watch(feed, page) {
  let away = false;
  let top = null, bottom = null, anchor, anchorAt;
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting && (entry.target === bottom || 'newer' in feed.dataset)) page.invokeMethodAsync('NearEndAsync', entry.target === bottom).catch(() => {});
  }, { rootMargin: '1200px 0px' });
  // A filter or a jump draws the feed anew: its ends are other elements then.
  const ends = () => {
    const [first, last] = [feed.querySelector('.feed-top'), feed.querySelector('.feed-bottom')];
    if (first !== top) { if (top) near.unobserve(top); top = first; if (top) near.observe(top); }
    if (last !== bottom) { if (bottom) near.unobserve(bottom); bottom = last; if (bottom) near.observe(bottom); }
  };
  const drawn = new MutationObserver(ends);
  drawn.observe(feed, { childList: true });
  ends();
  const tell = () => {
    const now = !!typing() || (top ? top.getBoundingClientRect().bottom < 0 : scrollY > 200);
    if (now !== away) { away = now; page.invokeMethodAsync('AwayAsync', away).catch(() => {}); }
  };
  const later = () => { clearTimeout(later.timer); later.timer = setTimeout(tell, 120); };
  addEventListener('scroll', later, { passive: true });
  document.addEventListener('focusin', later);
  document.addEventListener('focusout', later);
  document.addEventListener('input', later);
  later(); // who scrolled while the page was drawing is away already
  // A link from elsewhere may name a row: it is looked up like one of this page.
  const asked = location.hash.slice(1);
  if (/^[A-Z][A-Za-z]+-[A-Za-z0-9.-]{1,64}$/.test(asked)) {
    const there = document.getElementById(asked);
    if (there) show(there); else act(feed.querySelector('.feed') ?? feed, 'goto', asked);
  }
  // A page of rows that does not fill the window must ask again.
  const again = () => { if (bottom && bottom.getBoundingClientRect().top < innerHeight + 1200) page.invokeMethodAsync('NearEndAsync', true).catch(() => {}); };
  return {
    again,
    goto(key) { const row = document.getElementById(key); if (row) show(row); return !!row; },
    top() { scrollTo({ top: 0 }); },
    // Rows put in above what is being read must not push it down.
    hold() { anchor = [...feed.querySelectorAll('[data-nav-item]')].find((r) => r.getBoundingClientRect().bottom > 0); anchorAt = anchor?.getBoundingClientRect().top; },
    release() { if (anchor?.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - anchorAt); },
    dispose() {
      near.disconnect();
      drawn.disconnect();
      clearTimeout(later.timer);
      removeEventListener('scroll', later);
      document.removeEventListener('focusin', later);
      document.removeEventListener('focusout', later);
      document.removeEventListener('input', later);
    },
  };
}

/** Tells the drafts module that a field was sent. */
export function sent(field) { field.dispatchEvent(new Event('careteam:sent', { bubbles: true })); }
