// Says now and then that somebody is at the page: the session lives by that. What the page does by itself (it draws what
// others write, it reconnects) is no sign of life, so the circuit's own traffic cannot tell.
const every = 20_000;
let said = Date.now(); // opening the page was a sign

function alive() {
  if (Date.now() - said < every) return;
  said = Date.now();
  fetch('/sign-in/session', { cache: 'no-store' }).catch(() => { said = 0; });
}

for (const sign of ['pointerdown', 'keydown', 'wheel', 'touchmove']) document.addEventListener(sign, alive, { passive: true, capture: true });
