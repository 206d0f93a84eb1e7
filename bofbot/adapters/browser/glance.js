// Glance: the page in a few facts, and, for a picture, covers over all that must not be seen; `lift` takes them away.
([values, task]) => {
const marks = MARKS;
const COVER = 'bofbot-cover';
const PLAIN = '!important;margin:0!important;padding:0!important;border:0!important;';
const boxOf = (el, dx, dy) => {
  const rects = [el.getBoundingClientRect()];
  if (el.firstChild && !el.matches('input,textarea,select')) {  // words may stand out of their element
    const range = el.ownerDocument.createRange();
    range.selectNodeContents(el);
    rects.push(range.getBoundingClientRect());
  }
  const real = rects.filter((r) => r.width > 0 && r.height > 0);
  if (!real.length) return null;
  const left = Math.min(...real.map((r) => r.left)), top = Math.min(...real.map((r) => r.top));
  const right = Math.max(...real.map((r) => r.right)), bottom = Math.max(...real.map((r) => r.bottom));
  return [left + dx, top + dy, right - left, bottom - top].map(Math.round);
};
const boxes = [];
const collect = (root, dx, dy) => {
  for (const el of marks(values, root)) { const box = boxOf(el, dx, dy); if (box) boxes.push(box); }
  for (const frame of root.querySelectorAll('iframe,frame,object,embed')) {
    const r = frame.getBoundingClientRect();
    let inner = null;
    try { inner = frame.contentDocument; } catch { inner = null; }
    if (inner && inner.documentElement) collect(inner, dx + r.left + frame.clientLeft, dy + r.top + frame.clientTop);
    else if (values.length && r.width && r.height) boxes.push([r.left + dx, r.top + dy, r.width, r.height].map(Math.round));
  }
};
const cover = () => {
  const host = document.createElement(COVER);
  host.style.cssText = `all:initial!important;display:block!important;position:fixed!important;inset:0!important;width:100%!important;height:100%!important;max-width:none!important;max-height:none!important;background:none!important;pointer-events:none!important;overflow:visible!important;z-index:2147483647${PLAIN}`;
  const root = host.attachShadow({ mode: 'closed' });
  for (const [x, y, width, height] of boxes) {
    const part = document.createElement('div');
    part.style.cssText = `position:absolute!important;left:${x}px!important;top:${y}px!important;width:${width}px!important;height:${height}px!important;background:#555${PLAIN}`;
    root.append(part);
  }
  document.documentElement.append(host);
  if (host.showPopover) { host.popover = 'manual'; host.showPopover(); }
};
const labelOf = (el) => (el.labels && el.labels[0] ? el.labels[0].innerText : '') || el.getAttribute('aria-label') || el.placeholder || el.name || el.id || '';
const entries = () => {
  const hidden = new Set(marks(values, document)), said = [];
  for (const el of document.querySelectorAll('input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image]):not([type=reset]),textarea,select')) {
    const r = el.getBoundingClientRect();
    if (r.width < 2 || r.height < 2) continue;
    if ((el.type === 'checkbox' || el.type === 'radio') && !el.checked) continue;
    const text = el.tagName === 'SELECT' ? [...el.selectedOptions].map((one) => one.text).join(', ') : el.type === 'checkbox' || el.type === 'radio' ? '✓' : el.value;
    if (text) said.push([labelOf(el).replace(/\s+/g, ' ').trim().slice(0, 40), hidden.has(el) ? '●●●' : text.slice(0, 80)]);
    if (said.length === 12) break;
  }
  return said;
};
if (task === 'lift') for (const old of document.querySelectorAll(COVER)) old.remove();
if (!document.body || !document.body.childNodes.length) return null;  // nothing was opened yet
if (task === 'words') return { title: document.title, entries: entries() };
collect(document, 0, 0);
if (task === 'cover' && boxes.length) cover();
return { title: document.title, boxes, view: [scrollX, scrollY, innerWidth, innerHeight] };
}
