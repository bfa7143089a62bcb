// Half a surrogate pair (a cut emoji, a broken keyboard) is no text: it cannot be sent, and would cost all that stands around it.
// Before anybody reads the field it becomes the visible mark for an unreadable character; the caret stays.
function mend(el) {
  if (typeof el?.value !== 'string' || !el.matches('textarea, input') || el.type === 'file' || el.value.isWellFormed()) return false;
  const [from, to] = [el.selectionStart, el.selectionEnd];
  el.value = el.value.toWellFormed();
  if (from !== null) el.setSelectionRange(from, to);
  return true;
}

// On the window, in the capture phase: before the page's own listeners. While an input method composes, its field is left alone.
addEventListener('input', (e) => { if (!e.isComposing) mend(e.target); }, true);
addEventListener('change', (e) => mend(e.target), true);
addEventListener('compositionend', (e) => { if (mend(e.target)) e.target.dispatchEvent(new Event('input', { bubbles: true })); }, true);
