// Watches a person in a page, and reports what was done in the words the page itself uses.
(() => {
  if (window.__bofbot_watching) return;
  Object.defineProperty(window, '__bofbot_watching', { value: true });
  const reader = __READER__;
  const tell = window.__bofbot_tell;
  if (!tell) return;
  const report = (kind, more) => { try { tell({ kind, url: location.href, title: document.title, ...more }); } catch (gone) { /* the page is going away */ } };
  const inner = (event) => event.composedPath()[0];
  const element = (node) => (node && node.nodeType === 1 ? node : node && node.parentElement);
  let sent = 0;

  const field = (el) => {
    const said = reader.entered(el);
    if (!said) return;
    const { kind: sort, ...rest } = said;
    report('entered', { ...rest, sort });
  };
  document.addEventListener('change', (event) => field(element(inner(event))), true);
  // `change` stays inside a shadow root; `input` and `focusout` come out of it.
  let typing = null;
  const flush = () => { const el = typing; typing = null; if (el) field(el); };
  document.addEventListener('input', (event) => {
    const el = element(inner(event));
    if (!el || !(el.isContentEditable || el.getRootNode() instanceof ShadowRoot)) return;
    if (/^(checkbox|radio)$/.test(el.type) || el.tagName === 'SELECT') field(el);
    else typing = el;
  }, true);
  document.addEventListener('focusout', flush, true);

  document.addEventListener('click', (event) => {
    const el = element(inner(event));
    if (!event.isTrusted || !el) return;
    flush();
    sent += 1;
    const label = el.closest('label');
    if (label && label.control && label.control !== el && !el.closest('a,button')) return; // the field tells of itself
    const said = reader.pressed(el);
    if (!said) return;
    report('pressed', { ...said, texts: reader.readable().texts });
    later();
  }, true);

  document.addEventListener('keydown', (event) => {
    const el = element(inner(event));
    if (event.isComposing || !el || el.tagName === 'TEXTAREA' || el.isContentEditable) return;
    if (event.key !== 'Enter' || el.tagName !== 'INPUT') return;
    const before = sent;
    setTimeout(() => { if (sent === before) { report('key', { key: 'Enter', texts: reader.readable().texts }); later(); } }, 0);
  }, true);

  // What appeared is told after a while, several times; the last word counts.
  const later = () => [200, 700, 2000].forEach((wait) => setTimeout(seen, wait));
  const seen = () => report('seen', reader.readable());
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => { seen(); later(); });
  else { seen(); later(); }
})();
