// Sight: what a person sees of a control: itself, what is drawn in its place, or nothing.

// A part of the page folded to a point: its words are read aloud, its boxes nobody sees.
const isSqueezed = (el, style) => {
  if (!/absolute|fixed/.test(style.position) || style.overflow === 'visible') return false;
  const r = el.getBoundingClientRect();
  return r.width < 2 || r.height < 2;
};

// A box that cannot be seen nor clicked, behind the one that a person uses.
const isForMachines = (el, style) => Number(style.opacity) < 0.05 && (style.pointerEvents === 'none' || el.getAttribute('aria-hidden') === 'true') && !/^(combobox|checkbox|radio|switch|file)$/.test(roleOf(el));

// A tick or dot whose own box is out of sight: what is drawn around it, else the words tied to it.
const drawnFor = (el) => {
  if (el.tagName !== 'INPUT' || !TICKED.has(roleOf(el))) return null;
  for (let at = parentOf(el), level = 0; at && level < 2; at = parentOf(at), level += 1) {
    const r = at.getBoundingClientRect();
    if (r.width < 4 || r.height < 4) continue;
    if (!isShown(at) || at.querySelectorAll('input').length > 1) break;
    if (r.width < 60 && r.height < 60) return at;
    const beside = compact(at.innerText) ? null : [...at.children].find((part) => !part.contains(el) && isShown(part));
    if (beside) return beside;
    break;
  }
  return [...(el.labels || [])].find((label) => isShown(label)) || null;
};
