// The connection strip and the Live mark. The Blazor script writes its state as a class on #components-reconnect-modal.
import { postUnsaved } from './drafts.js';

const root = document.documentElement;
const states = { 'components-reconnect-show': 'wait', 'components-reconnect-failed': 'off', 'components-reconnect-rejected': 'reload', 'components-reconnect-hide': 'on' };

// Never gives up: quickly at first, then every five seconds.
export const connectionOptions = {
  maxRetries: Number.MAX_SAFE_INTEGER,
  retryIntervalMilliseconds: (attempt) => Math.min(300 * 2 ** attempt, 5000),
};

let reloading = false;

function set(state) {
  if (root.dataset.live === state) return;
  root.dataset.live = state;
  for (const el of document.querySelectorAll('[data-live]')) if (el !== root) { el.classList.toggle('wait', state === 'wait' || state === 'reload'); el.classList.toggle('off', state === 'off'); }
  if (state === 'wait') {
    const now = new Date();
    for (const el of document.querySelectorAll('[data-live-since]')) el.textContent = now.toLocaleTimeString('nl-BE', { hour: 'numeric', minute: '2-digit', timeZone: 'Europe/Brussels' });
  }
  if (state === 'on') document.dispatchEvent(new Event('careteam:reconnected'));
}

// The server no longer knows this circuit: save what was typed, then start afresh.
async function reload() {
  if (reloading || await ended() || reloading) return;
  reloading = true;
  set('reload');
  await postUnsaved();
  root.dataset.leaving = '';
  location.reload();
}

// Nothing more will come to this page, and it does not say so. Once a server answers, what was typed is saved and the page comes again; at most every ten seconds, should it break at once.
const leastLife = 10000;
let broken = false;
async function broke() {
  if (broken) return;
  broken = true;
  set('reload');
  await new Promise((done) => setTimeout(done, Math.max(0, leastLife - performance.now())));
  while (!await answers()) await new Promise((done) => setTimeout(done, 2000));
  broken = false;
  reload();
}

async function answers() {
  try { return (await fetch('/health/live', { cache: 'no-store' })).ok; } catch { return false; }
}

// The server refused the page: its session ended while it was open. The drafts are on the server; only signing in again leads back to them.
async function ended() {
  if (reloading) return true;
  try {
    const answer = await fetch('/sign-in/session', { cache: 'no-store' });
    if (answer.status !== 401) return false;
  } catch { return false; }
  // Who signs out ends the session before the answer is here; going elsewhere now would cut off that answer, which leads to the provider.
  if (performance.now() < Number(root.dataset.postedUntil ?? 0)) return true;
  reloading = true;
  root.dataset.leaving = '';
  location.assign(`/sign-in?ended=1&returnUrl=${encodeURIComponent(location.pathname)}`);
  return true;
}

export function startConnection() {
  const modal = document.getElementById('components-reconnect-modal');
  if (!modal) return;
  new MutationObserver(() => {
    const state = Object.entries(states).find(([css]) => modal.classList.contains(css))?.[1];
    if (state === 'reload') reload();
    else if (state) set(state);
    if (state === 'wait' || state === 'off') ended();
  }).observe(modal, { attributes: true, attributeFilter: ['class'] });

  const fault = document.getElementById('blazor-error-ui');
  if (fault) new MutationObserver(broke).observe(fault, { attributes: true, attributeFilter: ['style'] });

  const again = async () => {
    if (root.dataset.live !== 'off' && root.dataset.live !== 'wait') return;
    if (await ended()) return;
    try { if (await window.Blazor.reconnect() === false) await reload(); } catch { /* still no server: the next attempt follows */ }
  };
  document.addEventListener('click', (e) => { if (e.target.closest?.('[data-reconnect]')) again(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) again(); });
  addEventListener('online', again);
}
