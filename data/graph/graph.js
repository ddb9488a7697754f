// Pan, zoom and highlight for the picture of a call graph. Without it the picture is whole and still.
(function () {
  'use strict';
  const svg = document.documentElement;
  if (svg.localName !== 'svg') return;
  const whole = svg.viewBox.baseVal;
  const size = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
  svg.setAttribute('width', '100%');
  svg.setAttribute('height', '100%');
  svg.style.cursor = 'grab';
  let x = 0, y = 0, scale = 1; // left upper corner in the picture, screen pixels per unit

  function show() {
    svg.setAttribute('viewBox', [x, y, innerWidth / scale, innerHeight / scale].join(' '));
  }
  function fit() {
    scale = Math.min(1.25, innerWidth / size.w, innerHeight / size.h);
    x = size.x - (innerWidth / scale - size.w) / 2;
    y = size.y - Math.max(0, innerHeight / scale - size.h) / 2;
    show();
  }
  function zoom(factor, atX, atY) {
    const next = Math.max(0.01, Math.min(20, scale * factor));
    x += atX / scale - atX / next;
    y += atY / scale - atY / next;
    scale = next;
    show();
  }

  let grip = null, moved = false;
  svg.addEventListener('pointerdown', function (e) {
    if (e.button !== 0) return;
    grip = { x: e.clientX, y: e.clientY };
    moved = false;
  });
  addEventListener('pointermove', function (e) {
    if (!grip) return;
    const dx = e.clientX - grip.x, dy = e.clientY - grip.y;
    if (!moved && Math.abs(dx) + Math.abs(dy) < 4) return;
    moved = true;
    svg.style.cursor = 'grabbing';
    x -= dx / scale;
    y -= dy / scale;
    grip = { x: e.clientX, y: e.clientY };
    show();
  });
  addEventListener('pointerup', function () {
    grip = null;
    svg.style.cursor = 'grab';
  });
  svg.addEventListener('wheel', function (e) {
    e.preventDefault();
    zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0015)), e.clientX, e.clientY);
  }, { passive: false });
  svg.addEventListener('dblclick', fit);
  addEventListener('resize', show);

  // A click on a box leaves its edges and their other ends bright.
  const nodes = new Map();
  for (const node of svg.querySelectorAll('.node,.tag')) nodes.set(node.id, node);
  const edges = Array.from(svg.querySelectorAll('.edge'));
  svg.addEventListener('click', function (e) {
    if (moved) return;
    const node = e.target.closest('.node,.tag');
    svg.classList.toggle('picked', !!node);
    for (const each of nodes.values()) each.classList.toggle('near', each === node);
    for (const edge of edges) {
      const near = !!node && (edge.dataset.from === node.id || edge.dataset.to === node.id);
      edge.classList.toggle('near', near);
      if (!near) continue;
      for (const end of [edge.dataset.from, edge.dataset.to]) nodes.get(end).classList.add('near');
    }
  });

  addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const step = 80 / scale;
    const keys = {
      '+': function () { zoom(1.25, innerWidth / 2, innerHeight / 2); },
      '-': function () { zoom(0.8, innerWidth / 2, innerHeight / 2); },
      '0': fit,
      'Escape': fit,
      'ArrowLeft': function () { x -= step; show(); },
      'ArrowRight': function () { x += step; show(); },
      'ArrowUp': function () { y -= step; show(); },
      'ArrowDown': function () { y += step; show(); }
    };
    keys['='] = keys['+'];
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });
  fit();
})();
