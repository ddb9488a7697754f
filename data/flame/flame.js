// The flame graph of one profile on a canvas. Names come from a profile, that is from anybody: they are only
// ever set as text.
'use strict';
(function () {
const data = JSON.parse(document.getElementById('data').textContent);
const el = id => document.getElementById(id);
const canvas = el('canvas'), box = el('box'), paint = canvas.getContext('2d');
const ROW = 19, THIN = 0.3, step = data.diff ? 5 : 3;
const names = data.names;

// ---- The tree: columns by node, callers before callees.
function empty(size) {
  return { size: 0, name: new Int32Array(size), depth: new Int32Array(size), parent: new Int32Array(size),
    next: new Int32Array(size).fill(-1), child: new Int32Array(size).fill(-1),
    value: new Float64Array(size), base: new Float64Array(size), wide: new Float64Array(size) };
}
function given() {
  const tree = empty(data.nodes.length / step), last = [], n = data.nodes;
  for (let i = 0; i < tree.name.length; i++) {
    const at = i * step, depth = n[at + 1];
    tree.name[i] = n[at];
    tree.depth[i] = depth;
    tree.value[i] = n[at + 2];
    tree.base[i] = data.diff ? n[at + 3] : 0;
    tree.wide[i] = data.diff ? n[at + 4] : n[at + 2];
    tree.parent[i] = depth ? last[depth - 1] : -1;
    if (depth) {
      const p = tree.parent[i];
      if (last[depth] !== undefined && tree.parent[last[depth]] === p) tree.next[last[depth]] = i;
      else tree.child[p] = i;
    }
    last[depth] = i;
  }
  tree.size = tree.name.length;
  return tree;
}
// The same stacks from their leaves: below a function stand those that call it.
function turned(from) {
  const MOST = 300000, own = [];
  for (let i = 1; i < from.size; i++) {
    let v = from.value[i], b = from.base[i], w = from.wide[i];
    for (let c = from.child[i]; c >= 0; c = from.next[c]) v -= from.value[c], b -= from.base[c], w -= from.wide[c];
    if (w > 0) own.push([w, i, v, b]);
  }
  own.sort((a, b) => b[0] - a[0]);
  const rows = [{ name: -1, depth: 0, v: 0, b: 0, w: 0, below: new Map() }];
  let count = 1;
  for (const [w, leaf, v, b] of own) {
    let row = rows[0];
    row.v += v, row.b += b, row.w += w;
    for (let i = leaf; i > 0 && (count < MOST || row.depth === 0); i = from.parent[i]) {
      let down = row.below.get(from.name[i]);
      if (!down) {
        down = { name: from.name[i], depth: row.depth + 1, v: 0, b: 0, w: 0, below: new Map() };
        row.below.set(from.name[i], down);
        count++;
      }
      row = down;
      row.v += v, row.b += b, row.w += w;
    }
  }
  const tree = empty(count), left = [[rows[0], -1]];
  while (left.length) {
    const [row, parent] = left.pop(), i = tree.size++;
    tree.name[i] = row.name, tree.depth[i] = row.depth, tree.parent[i] = parent;
    tree.value[i] = row.v, tree.base[i] = row.b, tree.wide[i] = row.w;
    if (parent >= 0) tree.next[i] = tree.child[parent], tree.child[parent] = i;
    for (const down of [...row.below.values()].sort((a, b) => b.w - a.w)) left.push([down, i]);
  }
  return tree;
}

// ---- What is shown.
const plain = given();
let tree = plain, top = 0, picked = -1, below = false, newSide = false, wanted = null;
let rows = [], X = new Float64Array(0), W = X, hits = null, dpr = 1, wide = 0, high = 0;
const width = i => newSide ? tree.value[i] : tree.wide[i];

// Places of all frames that are to be seen: the picked one's callers over the whole width, it, and all below.
function place() {
  rows = [];
  if (X.length < tree.size) X = new Float64Array(tree.size), W = new Float64Array(tree.size);
  const put = (i, x, w) => { X[i] = x, W[i] = w; (rows[tree.depth[i]] = rows[tree.depth[i]] || []).push(i); };
  for (let i = tree.parent[top]; i >= 0; i = tree.parent[i]) put(i, 0, wide);
  const left = [top];
  put(top, 0, wide);
  while (left.length) {
    const i = left.pop(), all = width(i);
    let x = X[i];
    for (let c = tree.child[i]; c >= 0; c = tree.next[c]) {
      const w = all > 0 ? width(c) / all * W[i] : 0;
      if (w >= THIN) put(c, x, w), left.push(c);
      x += w;
    }
  }
  for (const row of rows) row.sort((a, b) => X[a] - X[b]);
}
const row_y = depth => below ? high - (depth + 1) * ROW : depth * ROW;

// ---- Colours: by package, or by change.
function package_of(name) {
  const end = name.search(/[([{<]/), s = end < 0 ? name : name.slice(0, end), colons = s.indexOf('::');
  if (colons > 0) return s.slice(0, colons);
  const slash = s.lastIndexOf('/') + 1, dot = s.indexOf('.', slash);
  return dot < 0 ? s.slice(0, slash) : s.slice(0, dot);
}
function short(name) {
  const end = name.search(/[([{< ]/), slash = name.slice(0, end < 0 ? name.length : end).lastIndexOf('/');
  return name.slice(slash + 1);
}
const hues = names.map(function (name) {
  const p = package_of(name);
  if (p === 'runtime' || p.startsWith('runtime/')) return -1;
  let h = 2166136261;
  for (let i = 0; i < p.length; i++) h = Math.imul(h ^ p.charCodeAt(i), 16777619);
  return (h >>> 0) % 360;
});
const isDark = () => document.documentElement.classList.contains('dark');
function colour(i) {
  const dark = isDark(), n = tree.name[i];
  if (n < 0) return dark ? '#3a3f49' : '#dde0e5';
  if (data.diff) {
    const a = tree.value[i], b = tree.base[i], most = Math.max(Math.abs(a), Math.abs(b));
    const d = most ? (a - b) / most : 0, s = Math.round(12 + 73 * Math.abs(d));
    const l = dark ? 32 + 8 * Math.abs(d) : 88 - 24 * Math.abs(d);
    return Math.abs(d) < 0.005 ? (dark ? '#444a55' : '#dfe2e6') : `hsl(${d > 0 ? 8 : 214} ${s}% ${l}%)`;
  }
  if (hues[n] < 0) return dark ? '#4a505c' : '#cfd4db';
  return `hsl(${hues[n]} ${dark ? 34 : 62}% ${dark ? 34 : 78}%)`;
}

// ---- Words.
function amount(v) {
  const unit = data.unit.toLowerCase(), a = Math.abs(v), fix = x => +x.toPrecision(4) + '';
  if (unit === 'nanoseconds') {
    for (const [size, word] of [[3.6e12, 'h'], [6e10, 'min'], [1e9, 's'], [1e6, 'ms'], [1e3, 'µs']])
      if (a >= size) return fix(v / size) + ' ' + word;
    return v + ' ns';
  }
  if (unit === 'bytes' || unit === 'byte') {
    let n = 0;
    while (Math.abs(v) >= 1024 && n < 4) v /= 1024, n++;
    return fix(v) + ' ' + ['B', 'kB', 'MB', 'GB', 'TB'][n];
  }
  return v.toLocaleString('en-US') + (unit === 'count' ? '' : ' ' + data.unit);
}
const percent = (v, of) => of ? (v / of * 100).toFixed(2) + '%' : '–';
const name_of = i => i === 0 ? 'root' : tree.name[i] < 0 ? 'frames too narrow for this file' : names[tree.name[i]];
function words(i) {
  let own = tree.value[i], base = tree.base[i];
  for (let c = tree.child[i]; c >= 0; c = tree.next[c]) own -= tree.value[c], base -= tree.base[c];
  if (!data.diff)
    return `total ${amount(tree.value[i])}, ${percent(tree.value[i], data.total || plain.value[0])}\n` +
      `self  ${amount(own)}, ${percent(own, data.total || plain.value[0])}`;
  const line = (word, now, was) => `${word} ${amount(was)} \u2192 ${amount(now)}, ` +
    (now >= was ? '+' : '\u2212') + amount(Math.abs(now - was)) + (was ? ` (${((now - was) / was * 100).toFixed(1)}%)` : ' (new)');
  return line('total', tree.value[i], tree.base[i]) + '\n' + line('self ', own, base) +
    `\nof all ${percent(tree.base[i], plain.base[0])} \u2192 ${percent(tree.value[i], plain.value[0])}`;
}

// ---- Drawing.
let asked = false;
function draw() {
  if (!asked) asked = true, requestAnimationFrame(now);
}
function now() {
  asked = false;
  dpr = devicePixelRatio || 1;
  wide = box.clientWidth;
  place();
  high = Math.max(rows.length * ROW, box.clientHeight);
  canvas.style.width = wide + 'px', canvas.style.height = high + 'px';
  const w = Math.round(wide * dpr), h = Math.min(Math.round(high * dpr), 30000);
  if (canvas.width !== w || canvas.height !== h) canvas.width = w, canvas.height = h;
  paint.setTransform(dpr, 0, 0, dpr, 0, 0);
  paint.clearRect(0, 0, wide, high);
  paint.font = '12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';
  paint.textBaseline = 'middle';
  const em = paint.measureText('m').width, ink = isDark() ? '#eceef2' : '#16181d';
  for (let depth = 0; depth < rows.length; depth++) {
    const y = row_y(depth);
    for (const i of rows[depth] || []) {
      const gap = W[i] > 3 ? 1 : 0, hit = hits && hits[tree.name[i]];
      paint.globalAlpha = depth < tree.depth[top] ? 0.45 : hits && !hit ? 0.35 : 1;
      paint.fillStyle = hit ? (isDark() ? '#a8549e' : '#e889dd') : colour(i);
      paint.fillRect(X[i], y, Math.max(W[i] - gap, 0.4), ROW - 1);
      const room = Math.floor((W[i] - 7) / em);
      if (room < 3) continue;
      let text = i === 0 ? data.type + ' ' + (data.diff ? amount(tree.base[0]) + ' \u2192 ' : '') + amount(tree.value[0]) : tree.name[i] < 0 ? '…' : short(names[tree.name[i]]);
      if (text.length > room) text = text.slice(0, room - 1) + '…';
      paint.fillStyle = ink;
      paint.fillText(text, X[i] + 4, y + ROW / 2);
    }
  }
  paint.globalAlpha = 1;
  if (picked >= 0 && (rows[tree.depth[picked]] || []).includes(picked)) {
    paint.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue('--pick');
    paint.lineWidth = 2;
    paint.strokeRect(X[picked] + 1, row_y(tree.depth[picked]) + 1, Math.max(W[picked] - 2, 1), ROW - 3);
  }
}

// ---- What the user does.
function at(e) {
  const r = canvas.getBoundingClientRect(), x = e.clientX - r.left, y = e.clientY - r.top;
  const row = rows[below ? Math.floor((high - y) / ROW) : Math.floor(y / ROW)] || [];
  let lo = 0, hi = row.length;
  while (lo < hi) { const mid = lo + hi >> 1; if (X[row[mid]] <= x) lo = mid + 1; else hi = mid; }
  const i = row[lo - 1];
  return i !== undefined && x <= X[i] + Math.max(W[i], 1) ? i : -1;
}
function tell(i) {
  el('line').textContent = i < 0 ? '' : name_of(i) + '   ' + words(i).replace(/\n/g, '   ').replace(/ +(?=\d)/g, ' ');
}
function tip(i, e) {
  const t = el('tip');
  t.hidden = i < 0;
  if (i < 0) return;
  t.textContent = '';
  const b = document.createElement('b');
  b.textContent = name_of(i);
  t.append(b, '\n' + words(i));
  t.style.left = Math.max(4, Math.min(e.clientX + 14, innerWidth - t.offsetWidth - 8)) + 'px';
  t.style.top = (e.clientY + 20 + t.offsetHeight > innerHeight ? e.clientY - t.offsetHeight - 10 : e.clientY + 16) + 'px';
}
function zoom(i) {
  if (i < 0 || width(i) <= 0) return;
  top = picked = i;
  draw();
}
function pick(i) {
  if (i === undefined || i < 0) return;
  picked = i;
  tell(i);
  const y = row_y(tree.depth[i]);
  if (y < box.scrollTop) box.scrollTop = y;
  if (y + ROW > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW - box.clientHeight;
  draw();
}
function walk(key) {
  if (picked < 0) return pick(top);
  const row = rows[tree.depth[picked]] || [], here = row.indexOf(picked);
  if (key === 'ArrowLeft') return pick(row[here - 1]);
  if (key === 'ArrowRight') return pick(row[here + 1]);
  if ((key === 'ArrowUp') !== below) return pick(tree.parent[picked]);
  for (let c = tree.child[picked]; c >= 0; c = tree.next[c])
    if ((rows[tree.depth[c]] || []).includes(c)) return pick(c);
}
function find() {
  const text = el('find').value;
  let regex = null;
  el('find').classList.remove('bad');
  try {
    if (text) regex = new RegExp(text, 'i');
  } catch (error) {
    el('find').classList.add('bad');
    return;
  }
  hits = regex && names.map(name => regex.test(name));
  if (!hits) el('found').textContent = '';
  else {
    // Each stack once, at the outermost frame that fits.
    let sum = 0;
    const inside = new Uint8Array(plain.size);
    for (let i = 1; i < plain.size; i++) {
      const above = inside[plain.parent[i]], hit = plain.name[i] >= 0 && hits[plain.name[i]];
      if (hit && !above) sum += plain.wide[i];
      inside[i] = above || hit ? 1 : 0;
    }
    const count = hits.filter(Boolean).length;
    el('found').textContent = `${count} function${count === 1 ? '' : 's'}, ${percent(sum, plain.wide[0])}`;
  }
  draw();
}
function toggle(id, on) {
  el(id).setAttribute('aria-pressed', on);
  return on;
}
const act = {
  up() {
    below = toggle('up', !below);
    now();
    box.scrollTop = below ? high : 0;
  },
  callers() {
    tree = toggle('callers', tree === plain) ? turned(plain) : plain;
    top = 0, picked = -1;
    draw();
  },
  sides() { newSide = toggle('sides', !newSide); if (width(top) <= 0) top = 0; draw(); },
  reset() {
    if (top === 0 && picked < 0) el('find').value = '', find();
    top = 0, picked = -1;
    tell(-1), tip(-1);
    draw();
  },
  dark() { toggle('dark', document.documentElement.classList.toggle('dark')); draw(); },
  help() { el('about').showModal(); }
};
for (const id in act) el(id).addEventListener('click', () => { act[id](); canvas.focus(); });
el('find').addEventListener('input', find);
canvas.addEventListener('mousemove', e => { const i = at(e); tip(i, e); if (i >= 0) tell(i); canvas.style.cursor = i >= 0 ? 'pointer' : ''; });
canvas.addEventListener('mouseleave', () => { tip(-1); tell(picked); });
canvas.addEventListener('click', e => zoom(at(e)));
addEventListener('resize', draw);
addEventListener('keydown', function (e) {
  if (e.ctrlKey || e.metaKey || e.altKey || el('about').open) return;
  if (e.target === el('find')) {
    if (e.key === 'Escape') el('find').value = '', find();
    if (e.key === 'Escape' || e.key === 'Enter') canvas.focus();
    return;
  }
  const keys = { i: 'up', r: 'callers', w: 'sides', d: 'dark', 0: 'reset', Escape: 'reset', '?': 'help' };
  if (e.key.startsWith('Arrow')) walk(e.key);
  else if (e.key === 'Enter' && e.target === canvas) zoom(picked);
  else if (e.key === '/') el('find').focus();
  else if (e.key === 'c' && picked >= 0 && navigator.clipboard) navigator.clipboard.writeText(name_of(picked));
  else if (keys[e.key] && !el(keys[e.key]).hidden) act[keys[e.key]]();
  else return;
  e.preventDefault();
});

el('title').textContent = data.title + ' ' + data.type;
el('facts').textContent = data.facts.join('\n');
el('sides').hidden = !data.diff;
if (matchMedia('(prefers-color-scheme: dark)').matches) act.dark();
canvas.focus();
draw();
})();
