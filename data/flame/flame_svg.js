// Zoom by a click, back by Escape; Ctrl-F or / asks for a regular expression. Without it the picture stands still.
(function () {
  'use strict';
  const group = document.getElementById('frames'), all = [];
  if (!group) return;
  for (const g of group.children) {
    const rect = g.querySelector('rect'), at = name => Number(rect.getAttribute(name));
    const title = g.querySelector('title').textContent;
    all.push({ g, rect, title, x: at('x'), y: at('y'), w: at('width'), text: g.querySelector('text'),
      name: title.replace(/ \([^()]*\)$/, '') });
  }
  const whole = all[0];
  if (!whole) return;
  function label(f, x, w) {
    if (!f.text && w < 30) return;
    if (!f.text) {
      f.text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
      f.text.setAttribute('y', f.y + 11.9);
      f.g.append(f.text);
    }
    const end = f.name.search(/[([{< ]/);
    let name = f.name.slice(f.name.slice(0, end < 0 ? f.name.length : end).lastIndexOf('/') + 1);
    const most = Math.floor((w - 6) / 5.8);
    if (name.length > most) name = most < 4 ? '' : name.slice(0, most - 2) + '...';
    f.text.setAttribute('x', x + 3);
    f.text.textContent = name;
  }
  function zoom(to) {
    const scale = whole.w / to.w;
    for (const f of all) {
      const above = f.y < to.y && f.x <= to.x + 0.02 && f.x + f.w >= to.x + to.w - 0.02;
      const x = above ? whole.x : whole.x + (f.x - to.x) * scale, w = above ? whole.w : f.w * scale;
      const seen = above || (f.y >= to.y && f.x >= to.x - 0.02 && f.x + f.w <= to.x + to.w + 0.02);
      f.g.style.display = seen ? '' : 'none';
      f.g.classList.toggle('above', above);
      if (!seen) continue;
      f.rect.setAttribute('x', x);
      f.rect.setAttribute('width', w);
      label(f, x, w);
    }
  }
  function find(words) {
    let regex = null;
    try {
      if (words) regex = new RegExp(words, 'i');
    } catch (error) {
      regex = new RegExp(words.replace(/[^\w ]/g, '\\$&'), 'i');
    }
    let sum = 0, end = -1;
    for (const f of all.slice().sort((a, b) => a.x - b.x || a.y - b.y)) {
      const hit = !!regex && f !== whole && regex.test(f.name);
      f.g.classList.toggle('hit', hit);
      f.g.classList.toggle('miss', !!regex && !hit);
      if (hit && f.x >= end - 0.01) sum += f.w, end = f.x + f.w;
    }
    document.getElementById('found').textContent =
      regex ? 'found: ' + (sum / whole.w * 100).toFixed(2) + '%' : '';
  }
  group.addEventListener('click', function (e) {
    const f = all.find(each => each.g === e.target.closest('g'));
    if (f) zoom(f);
  });
  addEventListener('keydown', function (e) {
    if (e.key === 'Escape') zoom(whole), find('');
    if (e.key === '/' || (e.key === 'f' && (e.ctrlKey || e.metaKey))) {
      e.preventDefault();
      find(prompt('find functions (regular expression)') || '');
    }
  });
})();
