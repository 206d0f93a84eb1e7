// The door of the reader: what Python may ask.

const describe = (control) => ({
  label: tidy((writtenNames(control)[0] || {}).text || ''),
  role: control.role,
});

const answer = (page, found) => ({
  outcome: found.outcome,
  margin: found.margin || 0,
  best: found.ranked.length ? found.ranked[0].value : 0,
  candidates: found.ranked.slice(0, 4).map((r) => ({ ...describe(r.control), score: Math.round(r.value * 1000) / 1000, why: r.why, code: 'same' })),
});

const whole = (found) => ({ plain: answer(null, found), control: found.control ? found.control.el : null, members: found.control ? found.control.unit.members.map((m) => m.el) : [] });

// One text costs the way out of the page much less than many values. A page that has its own toJSON gets no say in it.
const asText = (given) => ([Array, Object, String, Number, Boolean].some((kind) => 'toJSON' in kind.prototype) ? given : JSON.stringify(given, (_, value) => (value === undefined ? null : value)));

const kept = new Map();
let answers = 0;

return {
  kept,
  asText,
  keep: (found) => {
    answers += 1;
    kept.set(answers, found);
    kept.delete(answers - 8);
    return [answers, found.plain];
  },
  resolve: (label) => whole(resolve(new Page(), label)),
  value: (label) => {
    const found = resolve(new Page(), label);
    return { ...answer(null, found), value: found.control ? valueOf(found.control.el) : null, state: found.control ? Boolean(found.control.el.checked) : null };
  },
  fill: async (fields) => {
    const { control, group, ...plain } = await fillForm(fields);
    return { plain, control, group: group || [] };
  },
  member: memberOf,
  entry: entryOf,
  standing,
  sliderShows,
  grip: (el) => ({ plain: {}, control: gripOf(el) }),
  towards,
  confirmer,
  meansDay: ([text, day]) => meansDay(text, day),
  same: ([wrote, read]) => sameValue(wrote, read),
  press,
  retrace,
  print: ({ label, known }) => { const page = new Page(); const found = resolve(page, label); const { plain, ...rest } = whole(found); return { ...rest, plain: { ...plain, print: found.control ? printFor(page, found.control, known) : null } }; },
  why,
  read: readValue,
  tables,
  survey,
  count: countOf,
  countWhole,
  section: hasSection,
  entered,
  pressed,
  readable,
};
