// Marks: what must not be seen in a picture gets an attribute: fields and the smallest stretches of text that hold a value.
(values) => {
const squeeze = (text) => (text || '').normalize('NFKC').replace(/\s+/g, '').toLowerCase();
const wanted = values.map(squeeze).filter((value) => value.length > 2);
const holds = (text) => { const plain = squeeze(text); return wanted.some((value) => plain.includes(value)); };
const mark = (el) => el.setAttribute('data-bofbot-masked', '');
const SHOWS = 'input,textarea,select,button';
const descend = (el) => {
  if (!holds(el.textContent)) return;
  const inner = [...el.children].filter((child) => holds(child.textContent));
  if (inner.length) inner.forEach(descend); else mark(el);
};
const visit = (root) => {
  for (const el of root.children) descend(el);
  for (const el of root.querySelectorAll('*')) {
    if (el.shadowRoot) visit(el.shadowRoot);
    if (el.matches(SHOWS) && [el.value, el.placeholder, ...[...(el.selectedOptions || [])].map((one) => one.text)].some(holds)) mark(el);
  }
};
visit(document);
}
