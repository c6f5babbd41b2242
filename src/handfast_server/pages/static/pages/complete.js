// What may stand at the cursor of a contract: keys and values from the published schema, names from the text itself.
// The field stays a field: Ctrl+Space or typing offers, arrows choose, Enter or Tab takes, Escape closes.
(() => {
  "use strict";

  const text = document.getElementById("text");
  if (!text || !text.dataset.words) return;

  let schema = null, coming = null;
  const fetched = async () => {
    const answer = await fetch(text.dataset.words).catch(() => null);
    schema = answer && answer.ok ? await answer.json() : null;
    if (!schema) coming = null;  // asked for again with the next letter
  };
  const load = () => (coming ||= fetched());
  text.addEventListener("focus", load);

  // Where the cursor is: the names that lead there, and whether a key or a value is being written.

  const indent = (line) => line.length - line.trimStart().length;
  const KEY = /^(["']?)([\w.@ -]+?)\1\s*:(?=\s|$)/;

  const inFlow = (part) => {  // {a: b, c: [ … up to the cursor: what is open, innermost last
    const open = [];
    let word = "", key = "", quote = "";
    for (const each of part) {
      if (quote) { if (each === quote) quote = ""; continue; }
      if (each === '"' || each === "'") { quote = each; continue; }
      if (each === "{" || each === "[") { open.push({ kind: each, key, seen: [] }); key = word = ""; }
      else if (each === "}" || each === "]") { open.pop(); key = word = ""; }
      else if (each === ",") { key = word = ""; }
      else if (each === ":" ) { key = word.trim(); open.at(-1)?.seen.push(key); word = ""; }
      else word += each;
    }
    return { open, key, word };
  };

  const place = () => {
    const at = text.selectionStart, lines = text.value.slice(0, at).split("\n"), line = lines.at(-1);
    if (/(^|\s)#/.test(line.replace(/"[^"]*"|'[^']*'/g, ""))) return null;
    const body = line.trimStart().replace(/^(- +)+/, ""), path = [];
    let depth = line.length - body.length, row = lines.length - 1;
    if (/^\s*- /.test(line)) path.unshift("[]");
    let level = indent(line);
    for (row -= 1; row >= 0 && level > 0; row -= 1) {
      const above = lines[row];
      if (!above.trim() || above.trimStart().startsWith("#") || indent(above) >= level) continue;
      const dashed = /^\s*- /.test(above), found = KEY.exec(above.trimStart().replace(/^(- +)+/, ""));
      if (found && !(dashed && indent(above) + 2 === level)) path.unshift(found[2]);
      if (dashed) path.unshift("[]");
      level = indent(above);
    }
    const found = KEY.exec(body), flow = body.slice(found ? found[0].length : 0), siblings = [];
    if (!found) {
      if (/[{[]/.test(body)) { const { open, key, word } = inFlow(body); return inside(path, open, key, word); }
      for (const each of block(lines.length - 1, depth)) siblings.push(each);
      return { path, key: true, word: body, siblings };
    }
    path.push(found[2]);
    const { open, key, word } = inFlow(flow);
    return open.length ? inside(path, open, key, word) : { path, key: false, word: flow.trimStart(), siblings };
  };

  const inside = (path, open, key, word) => {
    for (const each of open) { if (each.key) path.push(each.key); if (each.kind === "[") path.push("[]"); }
    const last = open.at(-1), list = last && last.kind === "[";
    if (!last) return null;
    if (key && !list) path.push(key);
    return { path, key: !list && !key, word: word.trimStart(), siblings: last.seen };
  };

  const block = (row, depth) => {  // the keys that stand beside the one being written
    const lines = text.value.split("\n"), found = [];
    for (const step of [-1, 1]) {
      for (let at = row + step; at >= 0 && at < lines.length; at += step) {
        const body = lines[at].trimStart().replace(/^(- +)+/, ""), here = lines[at].length - body.length;
        if (!body || body.startsWith("#") || here > depth) continue;
        if (here < depth) break;
        const key = KEY.exec(body);
        if (key) found.push(key[2]);
        if (/^\s*- /.test(lines[at]) && step < 0) break;
      }
    }
    return found;
  };

  // What the schema knows there.

  const real = (part) => {
    const seen = [];
    const go = (each) => {
      if (!each || typeof each !== "object") return;
      if (each.$ref) go(schema.$defs[each.$ref.split("/").pop()]);
      seen.push(each);
      for (const more of [...(each.anyOf || []), ...(each.oneOf || []), ...(each.allOf || [])]) go(more);
    };
    go(part);
    return seen;
  };
  const step = (parts, name) => parts.flatMap((part) => {
    if (name === "[]") return part.items ? real(part.items) : [];
    if (part.properties && part.properties[name]) return real(part.properties[name]);
    const pattern = Object.entries(part.patternProperties || {}).find(([each]) => new RegExp(each, "u").test(name));
    if (pattern) return real(pattern[1]);
    return typeof part.additionalProperties === "object" ? real(part.additionalProperties) : [];
  });

  const names = (section) => {  // what the text itself defines
    const lines = text.value.split("\n"), found = [];
    const first = lines.findIndex((line) => line.startsWith(`${section}:`));
    if (first < 0) return found;
    const flow = /\{(.*)\}/.exec(lines[first]);
    if (flow) return [...flow[1].matchAll(/([\w-]+)\s*:/g)].map((each) => each[1]);
    let depth = 0;
    for (const line of lines.slice(first + 1)) {
      if (!line.trim() || line.trimStart().startsWith("#")) continue;
      if (!indent(line)) break;
      depth ||= indent(line);
      const key = indent(line) === depth && KEY.exec(line.trimStart());
      if (key) found.push(key[2]);
    }
    return found;
  };
  const DEFINED = { in_list: "lists", calendar: "calendars", default: "calendars", on: "activities" };

  const offers = () => {
    const here = schema && place();
    if (!here) return null;
    const parts = here.path.reduce(step, real(schema)), found = new Map();
    if (here.key) {
      for (const part of parts) {
        for (const [name, about] of Object.entries(part.properties || {})) {
          if (!here.siblings.includes(name)) found.set(name, about.description || (about.$ref && schema.$defs[about.$ref.split("/").pop()].description) || "");
        }
      }
      if (parts.some((part) => part.additionalProperties?.$ref === "#/$defs/Asked")) for (const name of names("attributes")) found.set(name, "");
    } else {
      for (const part of parts) {
        for (const each of part.enum || (part.const !== undefined ? [part.const] : [])) found.set(String(each), "");
        if (part.type === "boolean") for (const each of ["true", "false"]) found.set(each, "");
        for (const each of part.examples || []) found.set(String(each), "");
        if (part.default !== undefined && typeof part.default !== "object") found.set(String(part.default), "");
      }
      const name = here.path.filter((each) => each !== "[]").at(-1);
      const defined = name === "to" && here.path[0] === "routing" ? "pools" : DEFINED[name];
      for (const each of defined ? names(defined) : []) found.set(each, "");
      if (name === "zone" && Intl.supportedValuesOf) for (const each of Intl.supportedValuesOf("timeZone")) found.set(each, "");
    }
    const word = here.word, low = word.toLowerCase();
    const all = [...found].map(([name, about]) => ({ name, about }));
    const fits = [...all.filter((each) => each.name.toLowerCase().startsWith(low)), ...all.filter((each) => low && !each.name.toLowerCase().startsWith(low) && each.name.toLowerCase().includes(low))];
    return { fits: fits.slice(0, 40), word, key: here.key };
  };

  // The list.

  const list = document.createElement("ul");
  list.className = "offers";
  list.id = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", text.dataset.wordList || "");
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");
  text.parentElement.classList.add("completes");
  text.parentElement.append(list, said);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", "offers");
  const help = document.querySelector("[data-completes]");
  if (help) help.hidden = false;
  let shown = null, chosen = -1;

  const close = () => { list.hidden = true; shown = null; chosen = -1; said.textContent = ""; text.removeAttribute("aria-activedescendant"); };
  const choose = (at) => {
    chosen = at;
    [...list.children].forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
    const item = list.children[at];
    if (!item) return text.removeAttribute("aria-activedescendant");
    text.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  };
  const measure = document.createElement("canvas").getContext("2d");
  const show = (asked) => {
    const found = offers();
    if (!found || !found.fits.length || (!asked && !found.word) || (found.fits.length === 1 && found.fits[0].name === found.word)) return close();
    shown = found;
    list.replaceChildren(...found.fits.map((each, place) => {
      const item = document.createElement("li"), name = document.createElement("code"), about = document.createElement("span");
      item.id = `offer-${place}`;
      item.setAttribute("role", "option");
      name.textContent = each.name;
      about.textContent = each.about;
      item.append(name, ...(each.about ? [about] : []));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(place); });
      return item;
    }));
    const style = getComputedStyle(text), before = text.value.slice(0, text.selectionStart).split("\n");
    measure.font = `${style.fontSize} ${style.fontFamily}`;
    const wide = measure.measureText("0").width, high = parseFloat(style.lineHeight);
    const left = parseFloat(style.paddingLeft) + (before.at(-1).length - found.word.length) * wide - text.scrollLeft;
    list.style.left = `${Math.max(0, Math.min(left, text.clientWidth - 200))}px`;
    list.style.top = `${parseFloat(style.paddingTop) + before.length * high - text.scrollTop}px`;
    list.hidden = false;
    said.textContent = (text.dataset.wordOffers || "%s").replace("%s", String(found.fits.length));
    choose(0);
  };
  const take = (at) => {
    const { name } = shown.fits[at], end = text.selectionStart, start = end - shown.word.length;
    const put = shown.key && !/^\s*:/.test(text.value.slice(end)) ? `${name}: ` : name;
    close();
    taking = true;
    text.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, put)) {
      text.setRangeText(put, start, end, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    taking = false;
  };

  let taking = false;
  text.addEventListener("input", (event) => {
    if (taking) return;
    if (event.inputType && !/^(insertText|deleteContentBackward)$/.test(event.inputType)) return close();
    load().then(() => show(false));
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); load().then(() => show(true)); return; }
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const many = shown.fits.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose((chosen + (event.key === "ArrowDown" ? 1 : many - 1)) % many); }
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen >= 0) { event.preventDefault(); take(chosen); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (/^(ArrowLeft|ArrowRight|Home|End|PageUp|PageDown)$/.test(event.key)) close();
  });
  text.addEventListener("blur", close);
  text.addEventListener("scroll", () => { if (shown) close(); });
})();
