(() => {
'use strict';
const known = new Map([...document.querySelectorAll('img[data-file]')].filter((img) => img.src.startsWith('data:')).map((img) => [img.dataset.file, img.src]));
const source = (file) => known.get(file) || file;
for (const img of document.querySelectorAll('img[data-file]')) if (known.has(img.dataset.file)) img.src = known.get(img.dataset.file);
const make = (tag, text, name) => { const el = document.createElement(tag); if (text) el.textContent = text; if (name) el.className = name; return el; };

// The flip-book ----------------------------------------------------------------------------------------------------
const book = document.getElementById('flipbook');
const flipbook = () => {
  const parts = JSON.parse(document.getElementById('film').textContent);
  const find = (selector) => book.querySelector(selector);
  const [player, image, shown, words, line, ticks, choice] = ['.player', '.stage img', '.shown', '.inwords', 'input', '.ticks', '.choice'].map(find);
  const play = find('[data-do=play]');
  let part = Math.max(0, parts.findIndex((one) => one.failed)), at = 0, timer = 0;
  const show = () => {
    const frame = parts[part].frames[at];
    image.hidden = !frame.src; words.hidden = Boolean(frame.src);
    if (frame.src) { image.src = source(frame.src); image.alt = frame.name; shown.href = frame.src; } else {
      shown.removeAttribute('href');
      words.replaceChildren(make('p', frame.title || frame.name, 'heading'));
      if (frame.entries) { const list = make('dl'); for (const [name, value] of frame.entries) list.append(make('dt', name), make('dd', value)); words.append(list); }
    }
    player.classList.toggle('bad', Boolean(frame.failed));
    find('.said').textContent = `${frame.step}  ${frame.name}`;
    find('.whose').textContent = [frame.item, frame.at, frame.title].filter(Boolean).join(' · ');
    find('.why').textContent = frame.message || '';
    find('.place').textContent = `${at + 1} / ${parts[part].frames.length}`;
    line.value = at + 1;
    line.setAttribute('aria-valuetext', `${at + 1} / ${parts[part].frames.length} ${frame.name}`);
    const next = parts[part].frames[at + 1];
    if (next && next.src) new Image().src = source(next.src);
  };
  const stop = () => { clearInterval(timer); timer = 0; label(); };
  const label = () => { play.firstElementChild.textContent = timer ? `❚❚ ${play.dataset.stop}` : `▶ ${play.dataset.play}`; play.setAttribute('aria-pressed', String(Boolean(timer))); };
  const go = (to) => { at = Math.min(Math.max(to, 0), parts[part].frames.length - 1); show(); };
  const start = () => {
    if (at === parts[part].frames.length - 1) go(0);
    timer = setInterval(() => { if (at === parts[part].frames.length - 1) stop(); else go(at + 1); }, 900);
    label();
  };
  const choose = (number, first) => {
    stop(); part = number; choice.querySelector('select').value = String(number);
    const frames = parts[part].frames;
    line.max = frames.length; line.disabled = frames.length < 2;
    ticks.replaceChildren(...frames.flatMap((frame, index) => {
      if (!frame.failed) return [];
      const tick = make('i'); tick.style.left = `${frames.length > 1 ? (index / (frames.length - 1)) * 100 : 0}%`; return [tick];
    }));
    go(first);
  };
  const last = (number) => { const bad = parts[number].frames.findIndex((frame) => frame.failed); return bad < 0 ? 0 : bad; };
  if (parts.length > 1) {
    choice.hidden = false;
    choice.querySelector('select').append(...parts.map((one, number) => { const option = make('option', `${one.failed ? '✖ ' : ''}${one.title}`); option.value = number; return option; }));
    choice.addEventListener('change', (event) => choose(Number(event.target.value), last(Number(event.target.value))));
  }
  line.addEventListener('input', () => { stop(); go(line.value - 1); });
  find('[data-do=back]').addEventListener('click', () => { stop(); go(at - 1); });
  find('[data-do=on]').addEventListener('click', () => { stop(); go(at + 1); });
  play.addEventListener('click', () => (timer ? stop() : start()));
  book.addEventListener('keydown', (event) => {
    if (event.target.tagName === 'SELECT' || event.ctrlKey || event.metaKey || event.altKey) return;
    const ways = { ArrowLeft: () => go(at - 1), ArrowRight: () => go(at + 1), Home: () => go(0), End: () => go(parts[part].frames.length - 1) };
    if (ways[event.key]) { event.preventDefault(); stop(); ways[event.key](); }
    else if (event.key === ' ' && event.target.tagName !== 'BUTTON') { event.preventDefault(); if (timer) stop(); else start(); }
  });
  for (const link of document.querySelectorAll('[data-part]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      choose(Number(link.dataset.part) - 1, 0);
      book.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
      play.focus({ preventScroll: true });
      start();
    });
  }
  player.hidden = false;
  book.classList.add('alive');
  choose(part, last(part));
};
if (book) flipbook();

// Pictures side by side --------------------------------------------------------------------------------------------
const dialog = document.getElementById('shots');
const groups = () => [...document.querySelectorAll('[data-shots]')].filter((one) => one.querySelector('a.shot, figure a'));
let all = [], now = 0;
const compare = (index) => {
  now = Math.min(Math.max(index, 0), all.length - 1);
  const group = all[now];
  dialog.querySelector('h2').textContent = group.dataset.title || group.closest('li')?.querySelector('.name')?.firstChild.textContent.trim() || '';
  dialog.querySelector('.side').replaceChildren(...[...group.querySelectorAll('a.shot, figure a')].map((link) => {
    const figure = make('figure'), out = make('a'), image = make('img');
    const said = link.className === 'shot' ? link.textContent : link.querySelector('img').alt;
    out.href = link.getAttribute('href'); image.src = source(link.getAttribute('href')); image.alt = said;
    out.append(image); figure.append(out, make('figcaption', said));
    return figure;
  }));
  dialog.querySelector('[data-go="-1"]').disabled = now === 0;
  dialog.querySelector('[data-go="1"]').disabled = now === all.length - 1;
};
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-shots] a.shot, [data-shots] figure a');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  all = groups();
  compare(all.indexOf(link.closest('[data-shots]')));
  dialog.showModal();
});
dialog.addEventListener('click', (event) => {
  const step = event.target.closest('[data-go]');
  if (step) compare(now + Number(step.dataset.go));
  else if (event.target === dialog || event.target.closest('[data-close]')) dialog.close();
});
dialog.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) { event.preventDefault(); compare(now + step); }
});
})();
