/**
 * Makes the children of `place` those of `next` with as few changes as it takes: elements that stay keep their focus, their
 * scroll position and what was typed. Elements with the same id are the same; others are by their place. An element with
 * `data-keep` is left as it is.
 * @param {Element} place
 * @param {ParentNode} next
 */
export function morphChildren(place, next) {
  const known = new Map([...place.children].filter(({ id }) => id).map((child) => [child.id, child]));
  const wanted = new Set([...next.children].map(({ id }) => id).filter((id) => id));
  let current = place.firstChild;

  for (const node of Array.from(next.childNodes)) {
    const id = node instanceof Element ? node.id : "";
    const same = id ? known.get(id) : current;
    while (id && same && current && current !== same && !isWanted(current)) current = removed(current);
    if (!same || !isAlike(same, node)) {
      place.insertBefore(node, current);
      continue;
    }
    if (same === current) current = current.nextSibling;
    else place.insertBefore(same, current);
    morphNode(same, node);
  }
  while (current) current = removed(current);

  /** @param {Node} node */
  function isWanted(node) {
    return node instanceof Element && wanted.has(node.id);
  }
}

/** @param {ChildNode} node @returns {ChildNode | null} the one after it */
function removed(node) {
  const following = node.nextSibling;
  node.remove();
  return following;
}

/** @param {Node} one @param {Node} other */
function isAlike(one, other) {
  if (one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) return false;
  return !(one instanceof Element) || !(other instanceof Element) || one.id === other.id;
}

/** @param {Node} node @param {Node} next */
function morphNode(node, next) {
  if (!(node instanceof Element) || !(next instanceof Element)) {
    if (node.nodeValue !== next.nodeValue) node.nodeValue = next.nodeValue;
    return;
  }
  if (node.hasAttribute("data-keep") || node.isEqualNode(next)) return;
  // Its text is in the browser's zone by now.
  if (node.matches("time[data-local]") && node.getAttribute("datetime") === next.getAttribute("datetime")) return;
  morphAttributes(node, next);
  morphChildren(node, next);
}

/** @param {Element} node @param {Element} next */
function morphAttributes(node, next) {
  const isOpened = node instanceof HTMLDetailsElement || node instanceof HTMLDialogElement;
  for (const name of node.getAttributeNames()) {
    if (!next.hasAttribute(name) && !(isOpened && name === "open")) node.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (isOpened && name === "open") continue;
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}
