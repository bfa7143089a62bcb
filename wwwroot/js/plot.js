// Plots: arrows, Home and End walk along the values; the value under the focus or the pointer is written below the plot.
const points = (plot) => [...plot.querySelectorAll('[data-pt]')];
const read = (pt) => {
  const plot = pt.closest('[data-plot]');
  const out = plot?.parentElement.querySelector('[data-plot-read]');
  if (out && out.textContent !== pt.getAttribute('aria-label')) out.textContent = pt.getAttribute('aria-label');
  plot?.querySelector('.mq-pt.read')?.classList.remove('read');
  pt.classList.add('read');
};
document.addEventListener('keydown', (e) => {
  const pt = e.target.closest?.('[data-pt]');
  if (!pt || e.altKey || e.ctrlKey || e.metaKey) return;
  const all = points(pt.closest('[data-plot]'));
  let at = all.indexOf(pt);
  if (e.key === 'ArrowRight') at++; else if (e.key === 'ArrowLeft') at--; else if (e.key === 'Home') at = 0; else if (e.key === 'End') at = all.length - 1; else return;
  e.preventDefault();
  const next = all[Math.max(0, Math.min(all.length - 1, at))];
  all.forEach((p) => p.setAttribute('tabindex', p === next ? '0' : '-1'));
  next.focus();
});
document.addEventListener('focusin', (e) => {
  const pt = e.target.closest?.('[data-pt]');
  if (pt) read(pt);
});
// The nearest value to the pointer, so that a small point need not be hit.
document.addEventListener('pointermove', (e) => {
  const plot = e.target.closest?.('[data-plot]');
  if (!plot) return;
  let best = null;
  let least = 40;
  for (const pt of points(plot)) {
    const box = pt.querySelector('.mq-ring').getBoundingClientRect();
    const away = Math.abs(box.left + box.width / 2 - e.clientX);
    if (away < least) { least = away; best = pt; }
  }
  if (best && !best.classList.contains('read')) read(best);
});
