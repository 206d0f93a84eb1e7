// The door of the reader: what Python may ask.

const describe = (control) => ({
  label: squeeze((writtenNames(control)[0] || {}).text || '').slice(0, 60),
  role: control.role,
});

const answer = (page, found) => ({
  outcome: found.outcome,
  margin: found.margin || 0,
  candidates: found.ranked.slice(0, 4).map((r) => ({ ...describe(r.control), score: Math.round(r.value * 1000) / 1000, why: r.why })),
  texts: found.texts.length,
});

return {
  resolve(label, scope) {
    const page = new Page();
    const found = resolve(page, label);
    return { plain: answer(page, found), control: found.control ? found.control.el : null, best: found.ranked.length ? found.ranked[0].value : 0 };
  },
};
