// Colours, text size, skip link, sign-out. The choices are cookies: the server draws the first byte with them.
const root = document.documentElement;
const keep = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`; };

document.addEventListener('click', (e) => {
  const el = e.target.closest?.('[data-theme-toggle], [data-size-toggle], [data-skip], [data-post]');
  if (!el) return;
  if ('themeToggle' in el.dataset) {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    keep('theme', root.dataset.theme);
  } else if ('sizeToggle' in el.dataset) {
    if (root.dataset.size) delete root.dataset.size; else root.dataset.size = 'groot';
    keep('size', root.dataset.size ?? 'gewoon');
  } else if ('skip' in el.dataset) {
    e.preventDefault();
    // A link inside the page: to its main part, or to what the link names. The base address makes a bare # lead elsewhere.
    const there = document.getElementById(el.hash.slice(1) || 'main');
    if (there) { there.tabIndex = -1; there.focus({ preventScroll: true }); there.scrollIntoView(); }
  } else {
    // Leaves the page by a POST with the antiforgery token.
    e.preventDefault();
    const form = document.createElement('form');
    form.method = 'post';
    form.action = el.getAttribute('href');
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = '__RequestVerificationToken';
    field.value = document.querySelector('meta[name=antiforgery]')?.content ?? '';
    form.append(field);
    document.body.append(form);
    // Until when the answer is waited for. Whoever is asked whether to leave unsaved text, and stays, gets the page back as it was.
    root.dataset.postedUntil = performance.now() + 30000;
    form.submit();
  }
});

// A patient banner's height is not known to the stylesheet: anchors and focus must not land under it.
const measure = () => {
  const banner = document.querySelector('.pb');
  root.style.setProperty('--banner-h', banner ? `${banner.offsetHeight}px` : '0px');
};
new ResizeObserver(measure).observe(document.body);
