// What a real browser made of a page: elements, the words of others, own words, and what is out of shape.
() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const others = "bdi, textarea";
  const named = (element) =>
    `${element.tagName.toLowerCase()} ${element.id || element.getAttribute("name") || element.getAttribute("href") || element.textContent.trim().slice(0, 40)}`;

  const elements = new Set();
  for (const element of document.querySelectorAll("*")) {
    const attributes = [...element.attributes].map(({ name, value }) => [name, value]);
    elements.add(JSON.stringify([element.tagName.toLowerCase(), Object.fromEntries(attributes)]));
  }

  const spoken = [...document.querySelectorAll(others)]
    .filter((element) => !element.parentElement.closest(others))
    .map((element) => {
      const copy = element.cloneNode(true);
      copy.querySelectorAll("small").forEach((label) => label.remove());
      return copy.tagName === "TEXTAREA" ? copy.value : copy.textContent;
    });

  // Our own words must run from left to right, whatever stands between them.
  const own = [];
  const turned = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest(`${others}, script, style, option`)) continue;
    own.push(node.data);
    if (!node.data.trim() || !shown(parent)) continue;
    let block = parent;
    while (/^(inline|contents)$/.test(getComputedStyle(block).display)) block = block.parentElement;
    for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const [first] = range.getClientRects();
      if (!first || first.width === 0) continue;
      const sameLine = last && last.block === block && Math.min(first.bottom, last.bottom) - Math.max(first.top, last.top) > first.height / 2;
      if (sameLine && first.left < last.left - 1) turned.push(word);
      last = { block, left: first.left, top: first.top, bottom: first.bottom };
    }
  }

  const outOfReach = [];
  for (const element of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")) {
    if (!shown(element) || element.getClientRects().length === 0) continue;
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const [place] = element.getClientRects();
    const hit = document.elementFromPoint(place.left + place.width / 2, place.top + place.height / 2);
    const fits = place.left >= -1 && place.right <= innerWidth + 1;
    if (!fits || !hit || !(element.contains(hit) || hit.contains(element))) outOfReach.push(named(element));
  }
  window.scrollTo({ top: 0, behavior: "instant" });

  return {
    elements: [...elements],
    others: spoken,
    own: own.join(" "),
    turned,
    outOfReach,
    wide: document.documentElement.scrollWidth > innerWidth,
    title: document.title,
  };
}
