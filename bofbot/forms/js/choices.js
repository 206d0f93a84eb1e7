// Choices: the member of a group that an option's words mean, and the entries of a list that a widget has opened.

const memberOf = ({ label, option }) => {
  const page = new Page();
  const found = resolve(page, label);
  if (!found.control) return { ...whole(found), kind: 'group' };
  const { members } = found.control.unit;
  const ranked = score(page, option).ranked.filter((r) => members.includes(r.control));
  const chosen = decide(ranked);
  const names = members.map((m) => squeeze((writtenNames(m)[0] || {}).text || wordsAfter(page, m))).filter(Boolean);
  return { plain: { ...answer(null, { ...chosen, ranked }), names }, control: chosen.control ? chosen.control.el : null, members: [], kind: 'option' };
};

const wordsAfter = (page, control) => {
  for (let k = control.at + 1; k < page.tokens.length; k += 1) {
    const token = page.tokens[k];
    if (token.kind === 'control') break;
    if (token.kind === 'text' && !isFiller(token.text)) return token.text;
  }
  return '';
};

const LISTED = '[role=option],[role=listbox] li,[role=menu] [role=menuitem],[role=treeitem],[class*=results__option],[class*=option]:not(option),ul[class*=complete] li,ul[class*=suggest] li,div[class*=suggest] div,ul[class*=dropdown] li,ul[class*=ui-menu] li';

const entryOf = (text) => {
  const all = [...allElements(document)].filter((el) => el.matches(LISTED) && isShown(el) && !el.querySelector(LISTED));
  const like = all.map((el) => ({ el, like: likeness(text, el.innerText || '') })).filter((e) => e.like >= 0.9).sort((a, b) => b.like - a.like);
  const best = like.filter((e) => e.like === (like[0] || {}).like);
  return { plain: { outcome: best.length === 1 ? 'found' : best.length ? 'ambiguous' : 'missing', names: all.map((el) => squeeze(el.innerText)).slice(0, 60).sort((a, b) => resemblance(text, b) - resemblance(text, a)).slice(0, 5) }, control: best.length === 1 ? best[0].el : null };
};
