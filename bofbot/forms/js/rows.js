// Tables: what stands in rows and columns on a page, however it is marked up.

const CELLS = 'td,th,[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]';
const HEADS = 'th,[role=columnheader]';
const HEADINGS = 'h1,h2,h3,h4,h5,h6';
const GRIDS = 'table,[role=table],[role=grid],[role=treegrid]';

const headingOf = (table) => {
  for (let at = table; at && at !== document.body; at = at.parentElement) {
    for (let sib = at.previousElementSibling; sib; sib = sib.previousElementSibling) {
      const heading = sib.matches(HEADINGS) ? sib : [...sib.querySelectorAll(HEADINGS)].pop();
      if (heading) return heading;
      if (sib.querySelector(GRIDS)) return null;
    }
  }
  return null;
};

const titleOf = (table) => {
  const caption = table.querySelector('caption');
  if (caption) return caption.innerText;
  if (table.getAttribute('aria-label')) return table.getAttribute('aria-label');
  const heading = headingOf(table);
  return heading ? heading.innerText : '';
};

const cellText = (cell) => {
  const box = cell.querySelector('input:not([type=hidden]),select,textarea');
  if (!box || squeeze(cell.innerText)) return box && box.tagName === 'SELECT' ? valueOf(box) : squeeze(cell.innerText);
  return TICKED.has(roleOf(box)) ? String(box.checked) : valueOf(box);
};

const spanOf = (cell, way) => Math.min(1000, Math.max(1, Number(cell.getAttribute(`aria-${way}span`)) || cell[way === 'col' ? 'colSpan' : 'rowSpan'] || 1));

// Every row as a list of places: the text of the cell that covers each, and its element where it begins.
const placesOf = (rows) => {
  const held = []; // cells that reach down from rows above, by column
  return rows.map((row) => {
    const places = [];
    for (const cell of [...row.children].filter((c) => c.matches(CELLS))) {
      let at = Number(cell.getAttribute('aria-colindex')) - 1;
      if (!(at >= 0)) for (at = 0; places[at] || (held[at] && held[at].left); ) at += 1;
      const text = cellText(cell);
      const [wide, deep] = [spanOf(cell, 'col'), spanOf(cell, 'row')];
      for (let step = 0; step < wide; step += 1) {
        places[at + step] = { el: cell, text, first: step === 0 };
        if (deep > 1) held[at + step] = { ...places[at + step], left: deep, fresh: true };
      }
    }
    for (let at = 0; at < held.length; at += 1) {
      if (!held[at] || !held[at].left) continue;
      if (!held[at].fresh) places[at] = places[at] || held[at];
      held[at].fresh = false;
      held[at].left -= 1;
    }
    return Array.from(places, (place) => place || { el: null, text: '', first: true });
  });
};

// How many rows at the top are headings, and after how many rows they begin.
const headRows = (rows) => {
  const inHead = rows.filter((row) => row.parentElement.tagName === 'THEAD');
  if (inHead.length) return [rows.indexOf(inHead[0]), inHead.length];
  const from = rows.findIndex((row) => row.querySelectorAll(HEADS).length > 1);
  if (from < 0) return [0, 1];
  const only = (row) => [...row.children].filter((c) => c.matches(CELLS)).every((c) => c.matches(HEADS));
  let to = from + 1;
  while (only(rows[from]) && to < rows.length && rows[to].querySelector(HEADS) && only(rows[to])) to += 1;
  return [from, to - from];
};

// Headings over several rows are one name: 金額 > 税抜. A heading over all columns is a title, no name.
const namesOf = (places) => {
  const width = Math.max(0, ...places.map((row) => row.length));
  const telling = places.filter((row) => width < 2 || !row.length || row.some((place) => place.el !== row[0].el));
  return Array.from({ length: width }, (_, at) => {
    const parts = [];
    for (const row of telling) {
      const text = row[at] && row[at].el ? squeeze(row[at].el.innerText) : '';
      if (text && text !== parts[parts.length - 1]) parts.push(text);
    }
    return parts.join(' > ');
  });
};

// A cell alone across all columns says something about the table: 該当する申請はありません, or the heading of a group.
const isRemark = (row, columns) => columns.length > 1 && [...row.children].filter((c) => c.matches(CELLS)).length === 1 && spanOf([...row.children].find((c) => c.matches(CELLS)), 'col') > 1;

const ownRows = (table) => {
  const rows = [...table.querySelectorAll('tr,[role=row]')].filter((row) => row.closest(GRIDS) === table && isShown(row));
  const body = rows.filter((row) => !row.closest('tfoot'));
  return body.length ? body : rows;
};

// A table as {root, title, columns, rows: [[text]], elements, heads: element of each column's heading}.
const tableFrom = (table) => {
  const elements = ownRows(table);
  const places = placesOf(elements);
  const [from, deep] = headRows(elements);
  const head = places.slice(from, from + deep);
  const columns = namesOf(head);
  const heads = columns.map((_, at) => { const below = [...head].reverse().find((row) => row[at] && row[at].el); return below ? below[at].el : null; });
  const rows = places.slice(from + deep).map((row) => row.map((place) => (place.first ? place.text : '')));
  return { root: table, title: squeeze(titleOf(table)), columns, rows, elements: elements.slice(from + deep), heads };
};

// Headings that stand in a table of their own, above the one that scrolls.
const rejoined = (found) => {
  const joint = [];
  for (const table of found) {
    const above = joint[joint.length - 1];
    const headless = above && !above.rows.length && above.columns.length > 1 && !table.root.querySelector(HEADS);
    const own = headless && placesOf(table.elements.length ? ownRows(table.root) : []);
    if (own && own.length && own[0].length === above.columns.length && (lca(above.root, table.root) || document.body) !== document.body) {
      joint[joint.length - 1] = { ...above, root: table.root, rows: own.map((row) => row.map((place) => (place.first ? place.text : ''))), elements: ownRows(table.root) };
    } else joint.push(table);
  }
  return joint;
};

const tablesHere = () => rejoined([...allElements(document)].filter((el) => el.matches(GRIDS) && isShown(el) && !el.querySelector(GRIDS)).map(tableFrom));

// All visible tables: {title, columns, rows: [[text]]}; a cell over several rows is repeated.
const tables = () => tablesHere().map(({ title, columns, rows }) => ({ title, columns, rows }));

// Rows without markup of a table: boxes of as many parts as the box that holds the headings.
const looseTable = (names) => {
  const wanted = names.map((name) => compact(name.split('>').pop()));
  const heads = [...allElements(document)].filter((el) => el.children.length > 1 && el.children.length >= wanted.length && !el.closest(`${GRIDS},select,script,svg`));
  for (const head of heads.reverse()) {
    const columns = [...head.children].map((part) => squeeze(part.innerText));
    if (!wanted.every((name) => columns.some((column) => compact(column).replace(/[▲▼△▽↑↓⇅]+$/u, '') === name)) || !isShown(head)) continue;
    const fits = (el) => el.children.length === head.children.length && isShown(el);
    for (let at = head, level = 0; at && at !== document.body && level < 3; at = at.parentElement, level += 1) {
      const after = [];
      for (let sib = at.nextElementSibling; sib; sib = sib.nextElementSibling) after.push(sib);
      const elements = after.some(fits) ? after.filter(fits) : after.flatMap((sib) => [...sib.children]).filter(fits);
      if (!elements.length) continue;
      const rows = elements.map((row) => [...row.children].map(cellText));
      return [{ root: elements[0].parentElement, title: squeeze(titleOf(at)), columns, rows, elements, heads: [...head.children] }];
    }
  }
  return [];
};

// What a card or an item of a list says about itself: names and values.
const pairsOf = (item) => {
  const pairs = new Map();
  for (const term of item.querySelectorAll('dt')) {
    const next = term.nextElementSibling;
    if (next && next.tagName === 'DD') pairs.set(squeeze(term.innerText), squeeze(next.innerText));
  }
  for (const part of item.querySelectorAll('[data-label]')) pairs.set(squeeze(part.dataset.label), squeeze(part.innerText));
  for (const head of item.querySelectorAll('th')) {
    const next = head.nextElementSibling;
    if (next && next.tagName === 'TD') pairs.set(squeeze(head.innerText), squeeze(next.innerText));
  }
  for (const line of (item.innerText || '').split('\n')) {
    const parts = squeeze(line).match(/^(.{1,40}?)\s*:\s*(.*)$/);
    if (parts && !pairs.has(parts[1])) pairs.set(parts[1], parts[2]);
  }
  return pairs;
};

// Lists of items that each name their values, as tables with these columns.
const listedTables = (names) => {
  const items = 'li,[role=listitem],article,[role=article],dl,section,div';
  const lists = [...allElements(document)].filter((el) => el.matches('ul,ol,[role=list],[role=feed],div,section') && !el.closest(GRIDS) && [...el.children].filter((c) => c.matches(items)).length > 0 && isShown(el));
  const found = [];
  for (const list of lists.reverse()) {
    if (found.some((other) => list.contains(other.root))) continue;
    const elements = [...list.children].filter((c) => c.matches(items) && isShown(c));
    if (elements.length < 2 && !list.matches('ul,ol,[role=list],[role=feed]')) continue;
    const pairs = elements.map(pairsOf).map((one) => new Map([...one].map(([name, value]) => [compact(core(name)), value])));
    const whole = pairs.filter((one) => names.every((name) => one.has(compact(core(name)))));
    if (!whole.length || whole.length * 2 < elements.length) continue;
    const telling = elements.filter((_, at) => names.some((name) => pairs[at].has(compact(core(name)))));
    const rows = telling.map((el) => names.map((name) => pairs[elements.indexOf(el)].get(compact(core(name))) || ''));
    found.push({ root: list, title: squeeze(titleOf(list)), columns: [...names], rows, elements: telling, heads: [] });
  }
  return found.reverse();
};

const holds = (table, names) => {
  const have = table.columns.flatMap((column) => [column, column.split('>').pop()]).map((column) => compact(column).replace(/[▲▼△▽↑↓⇅]+$/u, ''));
  return names.every((name) => have.includes(compact(name)));
};

// Every table that could hold these columns; markup first, then looks.
const tablesWith = (names) => {
  const marked = tablesHere();
  if (!names.length || marked.some((table) => holds(table, names))) return marked;
  const loose = looseTable(names);
  return loose.length ? [...marked, ...loose] : [...marked, ...listedTables(names)];
};
