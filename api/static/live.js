// Keeps a page up to date: the server says when to look, the page asks for itself again and renews only what differs,
// node by node, so that focus, open details and the place on the page stay.
"use strict";

const AGAIN_MS = 3_000;
const lost = document.getElementById("lost");
let events = null;
let asking = false;
let askAgain = false;

// Only a page that somebody sees follows: browsers allow six lines to a server, and forgotten tabs would take them all.
function follow() {
  events?.close();
  events = null;
  if (document.hidden) return;
  const { site, mark } = document.body.dataset;
  events = new EventSource(`/events?${new URLSearchParams({ site, seen: mark })}`);
  events.addEventListener("changed", refresh);
  events.addEventListener("open", () => { if (!lost.hidden) refresh(); });
  events.addEventListener("error", ({ target }) => {
    lost.hidden = false;
    // After an answer that is no stream a browser gives up by itself.
    if (target.readyState === EventSource.CLOSED) setTimeout(() => { if (target === events) follow(); }, AGAIN_MS);
  });
}
document.addEventListener("visibilitychange", follow);
follow();

async function refresh() {
  if (asking) { askAgain = true; return; }
  asking = true;
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = next.title;
    document.body.dataset.mark = next.body.dataset.mark;
    for (const id of ["banners", "main"]) renew(document.getElementById(id), next.getElementById(id));
    lost.hidden = true;
    document.dispatchEvent(new Event("renewed"));
  } catch {
    lost.hidden = false;
    setTimeout(() => { if (!lost.hidden && !document.hidden) refresh(); }, AGAIN_MS);
  }
  asking = false;
  if (askAgain) { askAgain = false; refresh(); }
}

function renew(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE || now.nodeName !== next.nodeName || now.id !== next.id) {
    now.replaceWith(next);
    return;
  }
  renewAttributes(now, next);
  const mine = ours(now), theirs = [...next.childNodes];
  if (mine.length === theirs.length && mine.every((node, at) => alike(node, theirs[at]))) {
    mine.forEach((node, at) => renew(node, theirs[at]));
  } else {
    renewChildren(now, mine, theirs);
  }
}

// What came, went or moved: children with an id are kept, the others are made new.
function renewChildren(now, mine, theirs) {
  const kept = new Map(mine.filter((node) => node.id).map((node) => [node.id, node]));
  let place = mine.length ? mine[0] : null;
  for (const node of theirs) {
    const known = node.id ? kept.get(node.id) : undefined;
    if (known && alike(known, node)) {
      kept.delete(node.id);
      if (known === place) place = following(known);
      else now.insertBefore(known, place);
      renew(known, node);
    } else {
      now.insertBefore(node, place);
    }
  }
  for (const node of mine) if (!theirsKept(node, theirs)) node.remove();
}

function theirsKept(node, theirs) {
  return Boolean(node.id) && theirs.some((other) => other.id === node.id && other.nodeName === node.nodeName);
}

function following(node) {
  let next = node.nextSibling;
  while (next && next.nodeType === Node.ELEMENT_NODE && "own" in next.dataset) next = next.nextSibling;
  return next;
}

function alike(a, b) {
  return a.nodeName === b.nodeName && a.id === b.id;
}

// Children that the server knows; those that scripts added carry data-own.
function ours(node) {
  return [...node.childNodes].filter((child) => child.nodeType !== Node.ELEMENT_NODE || !("own" in child.dataset));
}

function renewAttributes(now, next) {
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && name !== "open") now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
}
