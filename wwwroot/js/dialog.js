// <dialog data-modal> that appears is shown as a modal: native focus trap, Esc and inert page. Focus returns to where it was.
const opened = new WeakMap();

function added(node) {
  if (node.nodeType !== 1) return;
  const dialog = node.matches('dialog[data-modal]') ? node : node.querySelector('dialog[data-modal]');
  if (!dialog || dialog.open) return;
  opened.set(dialog, document.activeElement);
  dialog.showModal();
  (dialog.querySelector('[autofocus]') ?? dialog.querySelector('input, textarea, select, button:not(.iconbtn)'))?.focus();
}

function removed(node) {
  if (node.nodeType !== 1) return;
  const dialog = node.matches('dialog[data-modal]') ? node : node.querySelector?.('dialog[data-modal]');
  const back = dialog && opened.get(dialog);
  if (back?.isConnected) back.focus({ preventScroll: true });
}

new MutationObserver((changes) => {
  for (const change of changes) { change.addedNodes.forEach(added); change.removedNodes.forEach(removed); }
}).observe(document.body, { childList: true, subtree: true });

// A click on the backdrop closes, like Esc; a drag that started inside does not.
let down;
document.addEventListener('pointerdown', (e) => { down = e.target; });
document.addEventListener('click', (e) => { if (e.target === down && e.target.matches?.('dialog[data-modal]')) e.target.close(); });
