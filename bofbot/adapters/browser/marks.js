// Marks: which elements must not be seen in a picture: password boxes, controls that were shaded when they were filled,
// and the fields and smallest stretches of text that hold one of the values. Shadow roots included, frames are not.
(values, document) => {
const squeeze = (text) => (text || '').normalize('NFKC').replace(/\s+/g, '').toLowerCase();
const wanted = values.map(squeeze).filter((value) => value.length > 2);
const holds = (text) => { const plain = squeeze(text); return wanted.some((value) => plain.includes(value)); };
const found = new Set();
const SHOWS = 'input,textarea,select,button';
const descend = (el) => {
  if (!holds(el.textContent)) return;
  const inner = [...el.children].filter((child) => holds(child.textContent));
  if (inner.length) inner.forEach(descend); else found.add(el);
};
const shown = (el) => [el.value, el.placeholder, ...[...(el.selectedOptions || [])].map((one) => one.text)];
const visit = (root) => {
  if (wanted.length) for (const el of root.children) descend(el);
  for (const el of root.querySelectorAll('*')) {
    if (el.shadowRoot) visit(el.shadowRoot);
    if (el.bofbotShaded || el.type === 'password') found.add(el);
    else if (wanted.length && el.matches(SHOWS) && shown(el).some(holds)) found.add(el);
  }
};
visit(document);
return [...found];
}
