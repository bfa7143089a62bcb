// Fields with data-draft="patient/slot" are saved on the server within two seconds of typing, by HTTP, so that it also works
// while the circuit is away. Nothing is kept in the browser's storage.
const wait = 900;
const fields = new Map(); // element -> { timer, saved, dirty, sending }

const token = () => document.querySelector('meta[name=antiforgery]')?.content ?? '';
const status = (el, state) => {
  const place = el.closest('[data-draft-scope]')?.querySelector('[data-draft-status]');
  if (place) place.dataset.state = state;
};

// One post at a time per field, so that an older text never lands after a newer one.
function post(el, leaving) {
  const entry = fields.get(el);
  if (!entry) return Promise.resolve(true);
  clearTimeout(entry.timer);
  if (leaving) return send(el, entry, true);
  entry.line = (entry.line ?? Promise.resolve()).then(() => send(el, entry, false));
  return entry.line;
}

async function send(el, entry, leaving) {
  if (!el.isConnected) { entry.dirty = false; return true; } // sent or left: the page forgot it
  const text = el.value.toWellFormed(); // half a surrogate pair is no text, and would cost the whole draft
  if (text === entry.saved) { entry.dirty = false; return true; }
  const [patient, ...slot] = entry.place.split('/');
  try {
    const answer = await fetch('/drafts', {
      method: 'POST', keepalive: leaving, credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-TOKEN': token() },
      body: JSON.stringify([{ patient, slot: slot.join('/'), text }]),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    entry.saved = text;
    entry.dirty = el.value.toWellFormed() !== text;
    status(el, entry.dirty ? 'typing' : text ? 'saved' : 'none');
    return true;
  } catch {
    status(el, 'unsaved');
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => post(el), 3000);
    return false;
  }
}

function forget() { for (const el of fields.keys()) if (!el.isConnected) fields.delete(el); }

/** Posts every field that is not saved yet; resolves when the server has answered or cannot be reached. */
export const postUnsaved = () => Promise.all([...fields].filter(([el, f]) => el.isConnected && f.dirty).map(([el]) => post(el, true)));

export function startDrafts() {
  document.addEventListener('input', (e) => {
    const el = e.target;
    if (!el.dataset?.draft) return;
    forget();
    let entry = fields.get(el);
    if (!entry) fields.set(el, entry = { saved: null, place: el.dataset.draft });
    entry.dirty = true;
    status(el, 'typing');
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => post(el), wait);
  });
  // The page empties a field after sending: what is saved follows.
  document.addEventListener('careteam:sent', (e) => {
    const entry = fields.get(e.target);
    if (entry) { clearTimeout(entry.timer); entry.saved = null; post(e.target); }
    status(e.target, 'none');
  });
  // What was typed while the circuit was away reaches it now.
  document.addEventListener('careteam:reconnected', () => {
    for (const el of fields.keys()) if (el.isConnected && el.value) el.dispatchEvent(new Event('input', { bubbles: true }));
  });
  addEventListener('beforeunload', (e) => {
    if ('leaving' in document.documentElement.dataset) return;
    if ([...fields].some(([el, f]) => el.isConnected && f.dirty && el.value.trim())) { postUnsaved(); e.preventDefault(); }
  });
  addEventListener('pagehide', () => { postUnsaved(); });
}
