// The calendar of a date field, drawn here so that paging costs no round trip.
const format = (d, options) => new Intl.DateTimeFormat('nl-BE', options).format(d);
const two = (n) => String(n).padStart(2, '0');
const iso = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
const typed = (d) => `${two(d.getDate())}-${two(d.getMonth() + 1)}-${d.getFullYear()}`;
const days = (d, n) => new Date(d.getFullYear(), d.getMonth(), d.getDate() + n);
const months = (d, n) => {
  const first = new Date(d.getFullYear(), d.getMonth() + n, 1);
  return new Date(first.getFullYear(), first.getMonth(), Math.min(d.getDate(), new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate()));
};
const parse = (text) => { const m = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text); return m ? new Date(+m[3], m[2] - 1, +m[1]) : null; };

function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) if (v != null) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

function draw(calendar, day, focus) {
  calendar.day = day;
  const chosen = calendar.chosen && iso(calendar.chosen), today = iso(new Date());
  const page = (label, sign, step) => {
    const b = el('button', { type: 'button', class: 'iconbtn', 'aria-label': label }, sign);
    b.addEventListener('click', () => draw(calendar, months(calendar.day, step)));
    return b;
  };
  let d = new Date(day.getFullYear(), day.getMonth(), 1);
  d = days(d, -((d.getDay() + 6) % 7));
  const rows = [];
  for (let week = 0; week < 6; week++) {
    const row = el('tr', {});
    for (let i = 0; i < 7; i++, d = days(d, 1)) {
      const key = iso(d);
      row.append(el('td', {}, el('button', {
        type: 'button', 'data-day': key, tabindex: key === iso(day) ? 0 : -1, class: d.getMonth() === day.getMonth() ? null : 'out',
        'aria-pressed': String(key === chosen), 'aria-current': key === today ? 'date' : null,
        'aria-label': format(d, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
      }, String(d.getDate()))));
    }
    rows.push(row);
  }
  calendar.replaceChildren(
    el('div', { class: 'cal-h' }, page(calendar.dataset.previous, '‹', -1), el('b', { 'aria-live': 'polite' }, format(day, { month: 'long', year: 'numeric' })), page(calendar.dataset.next, '›', 1)),
    el('table', {}, el('thead', {}, el('tr', {}, ...[1, 2, 3, 4, 5, 6, 7].map((n) => el('th', { scope: 'col' }, format(new Date(2024, 0, n), { weekday: 'short' }))))), el('tbody', {}, ...rows)));
  if (focus) calendar.querySelector('[tabindex="0"]').focus();
}

document.addEventListener('click', (e) => {
  const open = e.target.closest?.('[data-calendar-open]');
  if (open) {
    const field = open.closest('[data-datefield]'), calendar = field.querySelector('[popover]');
    calendar.chosen = parse(field.querySelector('.dtf-d').value);
    draw(calendar, calendar.chosen ?? new Date());
    calendar.showPopover();
    const b = open.getBoundingClientRect(), c = calendar.getBoundingClientRect();
    calendar.style.left = `${Math.max(8, Math.min(b.right - c.width, innerWidth - c.width - 8))}px`;
    calendar.style.top = `${Math.max(8, b.bottom + 4 + c.height > innerHeight ? b.top - c.height - 4 : b.bottom + 4)}px`;
    calendar.querySelector('[tabindex="0"]').focus();
    return;
  }
  const day = e.target.closest?.('.calendar [data-day]');
  if (!day) return;
  const field = day.closest('[data-datefield]'), input = field.querySelector('.dtf-d');
  input.value = typed(new Date(`${day.dataset.day}T00:00`));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  field.querySelector('[popover]').hidePopover();
  field.querySelector('[data-calendar-open]').focus();
});

document.addEventListener('keydown', (e) => {
  const cell = e.target.closest?.('.calendar [data-day]');
  if (!cell) return;
  const calendar = cell.closest('[popover]'), d = calendar.day, weekday = (d.getDay() + 6) % 7;
  const next = {
    ArrowLeft: () => days(d, -1), ArrowRight: () => days(d, 1), ArrowUp: () => days(d, -7), ArrowDown: () => days(d, 7),
    Home: () => days(d, -weekday), End: () => days(d, 6 - weekday),
    PageUp: () => months(d, e.shiftKey ? -12 : -1), PageDown: () => months(d, e.shiftKey ? 12 : 1),
  }[e.key];
  if (next) { e.preventDefault(); draw(calendar, next(), true); }
});
