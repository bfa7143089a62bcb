// Care lines: arrows walk along what is drawn (left and right in time, up and down between lines); on the frame itself they go to an earlier or later period.
// A picture wider than its frame opens where today is.
const items = (frame) => [...frame.querySelectorAll('[data-lane-item]')];
const x = (el) => Number(el.dataset.x);
const lane = (el) => Number(el.dataset.lane);

function focus(frame, next) {
  for (const item of items(frame)) if (item.getAttribute('tabindex') === '0') item.setAttribute('tabindex', '-1');
  next.setAttribute('tabindex', '0');
  next.focus({ preventScroll: true });
  reveal(frame, next);
}

// Beside the names, that stay on the left.
function reveal(frame, el) {
  const names = frame.querySelector('.lanes-names').getBoundingClientRect().width;
  const box = el.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  if (box.left < view.left + names) frame.scrollLeft -= view.left + names - box.left + 24;
  else if (box.right > view.right) frame.scrollLeft += Math.min(box.right - view.right + 24, box.left - view.left - names - 8);
  el.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

document.addEventListener('keydown', (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const frame = e.target.closest?.('[data-lanes]');
  if (!frame) return;
  const here = e.target.closest('[data-lane-item]');
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-2, 0], End: [2, 0] }[e.key];
  if (!way) return;
  if (!here) {
    // A frame that scrolls keeps the arrows for scrolling.
    if (Math.abs(way[0]) === 1 && frame.scrollWidth <= frame.clientWidth + 1) {
      const go = document.querySelector(`[data-lanes-go="${way[0]}"]`);
      if (go) { e.preventDefault(); go.click(); }
    }
    return;
  }
  e.preventDefault();
  const all = items(frame);
  let next;
  if (way[1]) {
    const beyond = all.filter((i) => (lane(i) - lane(here)) * way[1] > 0);
    const near = beyond.reduce((best, i) => best === null || (lane(i) - best) * way[1] < 0 ? lane(i) : best, null);
    next = beyond.filter((i) => lane(i) === near).reduce((best, i) => !best || Math.abs(x(i) - x(here)) < Math.abs(x(best) - x(here)) ? i : best, null);
  } else {
    const row = all.filter((i) => lane(i) === lane(here)).sort((a, b) => x(a) - x(b));
    next = Math.abs(way[0]) === 2 ? row.at(way[0] > 0 ? -1 : 0) : row[row.indexOf(here) + way[0]];
  }
  if (next) focus(frame, next);
});

document.addEventListener('focusin', (e) => {
  const item = e.target.closest?.('[data-lane-item]');
  if (item && item.matches(':focus-visible')) reveal(item.closest('[data-lanes]'), item);
});

// A hand-off shows below the picture.
document.addEventListener('click', (e) => {
  if (e.target.closest?.('[data-lane-handoff]')) requestAnimationFrame(() => document.getElementById('lanes-selected')?.scrollIntoView({ block: 'nearest' }));
});

const opened = new WeakSet();
new MutationObserver(() => {
  const frame = document.querySelector('[data-lanes], [data-opens-now]');
  if (!frame || opened.has(frame) || frame.scrollWidth <= frame.clientWidth + 1) return;
  // In a file of long ago now is not in the picture: where it ends, then.
  const there = frame.querySelector('.now') ?? items(frame).reduce((last, i) => !last || x(i) > x(last) ? i : last, null);
  if (!there) return;
  opened.add(frame);
  const box = there.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  frame.scrollLeft += box.left - view.left - view.width * 0.66;
}).observe(document.body, { childList: true, subtree: true });
