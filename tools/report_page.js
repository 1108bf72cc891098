// Measures an open page; its value is a list of what is wrong with it. Run by check_report.py in a headless browser.
(() => {
  const wrong = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const name = (element) =>
    `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}> "${element.textContent.trim().slice(0, 40)}"`;

  // Nothing but the boxes that are made for it is wider than the page.
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = all("body *").filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll > *"));
    wrong.push(`the page is ${document.documentElement.scrollWidth} px wide on ${width}: ${wide.slice(0, 3).map(name).join(", ")}`);
  }
  for (const box of all("body,body *")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    const style = getComputedStyle(box);
    if (["auto", "scroll"].includes(style.overflowX) && box.scrollWidth > box.clientWidth && box !== document.documentElement) {
      if (box.tabIndex < 0) wrong.push(`${name(box)} is moved sideways, but not by the keyboard`);
      if (!box.getAttribute("aria-labelledby") && !box.getAttribute("aria-label")) wrong.push(`${name(box)} is a region without a name`);
    }
  }

  // Headings: one of the first level, none left out.
  let level = 0;
  for (const heading of all("h1,h2,h3,h4,h5,h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) wrong.push(`${name(heading)} follows on level ${level}`);
    if (!heading.textContent.trim()) wrong.push("a heading without words");
    level = next;
  }
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} first headings`);

  // What a screen reader is told.
  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title.trim()) wrong.push("no title");
  if (all("main").length !== 1) wrong.push("not one main part");
  for (const image of all("img,svg,[role=img]")) {
    const label = image.getAttribute("alt") ?? image.getAttribute("aria-label");
    if (!label && image.getAttribute("aria-hidden") !== "true") wrong.push(`${name(image)} has no name`);
  }
  for (const table of all("table")) {
    if (!table.caption || !table.caption.textContent.trim()) wrong.push(`${name(table)} has no caption`);
    if ([...table.querySelectorAll("th")].some((head) => !head.scope)) wrong.push(`${name(table)} has heads without a scope`);
    const columns = table.querySelectorAll("thead th").length;
    for (const row of table.tBodies[0]?.rows ?? []) {
      if (row.cells.length !== columns) wrong.push(`${name(row)} has ${row.cells.length} cells under ${columns} heads`);
    }
  }
  for (const link of all("a")) {
    const target = link.getAttribute("href") ?? "";
    if (!target.startsWith("#")) wrong.push(`${name(link)} leads to ${target}`);
    else if (!document.getElementById(target.slice(1))) wrong.push(`${name(link)} leads nowhere: ${target}`);
    if (!link.textContent.trim()) wrong.push("a link without words");
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) wrong.push(`two things are #${id}`);
  for (const element of all("[aria-labelledby]")) {
    if (!document.getElementById(element.getAttribute("aria-labelledby"))) wrong.push(`${name(element)} has its name from nothing`);
  }

  // Nothing runs, and nothing comes from elsewhere.
  if (document.scripts.length) wrong.push("a script");
  for (const element of all("iframe,object,embed,form,link,base,video,audio,[src],[srcset],[style],[onclick],[onerror],[onload]")) {
    wrong.push(`${name(element)} does not belong here`);
  }
  if (!document.querySelector('meta[http-equiv="Content-Security-Policy"]')) wrong.push("no policy");

  // Contrast of every text with what stands behind it.
  const colour = (text) => {
    const found = text.match(/[\d.]+/g).map(Number);
    return { rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1 };
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = colour(getComputedStyle(at).backgroundColor);
      layers.push(layer);
      if (layer.alpha === 1) break;
    }
    // Behind all stands what the browser takes for a page of the scheme.
    const isDark = matchMedia("(prefers-color-scheme:dark)").matches && getComputedStyle(document.documentElement).colorScheme.includes("dark");
    return layers.reverse().reduce(
      (below, layer) => below.map((part, index) => part * (1 - layer.alpha) + layer.rgb[index] * layer.alpha),
      isDark ? [18, 18, 18] : [255, 255, 255]);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const seen = new Set();
  // Texts of one place in as many rows are judged once.
  const paths = new WeakMap();
  const path = (element) => {
    if (!element || element === document.body) return "";
    if (!paths.has(element)) paths.set(element, `${path(element.parentElement)}>${element.tagName}.${element.className}`);
    return paths.get(element);
  };
  const judged = new Set();
  const isNew = (element, part) => {
    const key = path(element) + part;
    return !judged.has(key) && judged.add(key);
  };
  const judge = (element, style, text) => {
    const below = ground(element);
    const ink = colour(style.color);
    const mixed = ink.rgb.map((part, index) => part * ink.alpha + below[index] * (1 - ink.alpha));
    const ratio = contrast(mixed, below);
    const key = `${style.color} on ${below.map(Math.round)}`;
    if (ratio < 4.5 && !seen.has(key)) {
      seen.add(key);
      wrong.push(`contrast ${ratio.toFixed(2)} of ${key}: "${text.trim().slice(0, 40)}"`);
    }
    if (parseFloat(style.fontSize) < 11.5) wrong.push(`${style.fontSize}: "${text.trim().slice(0, 40)}"`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement;
    if (text.data.trim() && isNew(element, "") && element.checkVisibility() && !["STYLE", "SCRIPT"].includes(element.tagName)) {
      judge(element, getComputedStyle(element), text.data);
    }
  }
  for (const element of all("td")) {
    if (!isNew(element, "::before")) continue;
    const before = getComputedStyle(element, "::before");
    if (!["none", "normal"].includes(before.content)) judge(element, before, before.content);
  }

  // Whatever can be reached by the keyboard shows that it has been.
  for (const element of all("a[href],summary,[tabindex='0']").slice(0, 200)) {
    element.focus({ focusVisible: true, preventScroll: true });
    const style = getComputedStyle(element);
    if (document.activeElement !== element) wrong.push(`${name(element)} cannot be focused`);
    else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push(`${name(element)} shows no focus`);
  }
  document.activeElement?.blur();
  return wrong.slice(0, 40);
})();
