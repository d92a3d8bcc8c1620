// Turns what is pasted from a word processor or a page into plain text that stays readable in a text area: paragraphs
// apart, lists with "• " or "1. ", a table's cells with tabs between them. Everything else is pasted as ever.
(() => {
  "use strict";
  const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "PRE", "SECTION", "ARTICLE", "UL", "OL", "TABLE", "DL", "DT", "DD"]);
  const UNREAD = new Set(["STYLE", "SCRIPT", "HEAD", "TITLE", "META", "TEMPLATE"]);
  const LONGEST = 2_000_000;

  const inline = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[ \t\r\n\f]+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE || UNREAD.has(node.nodeName)) return "";
    if (node.nodeName === "BR") return "\n";
    return [...node.childNodes].map(inline).join("");
  };
  const flat = (text) => text.replace(/[\u00a0\u2007\u202f]/g, " ").replace(/ *\n */g, "\n").replace(/ {2,}/g, " ").trim();

  // Word writes its lists as paragraphs with the mark as text: "·      First", "1)   Second".
  const fromWord = (node, text) => {
    if (!/mso-list|MsoListParagraph/.test(`${node.getAttribute("style") || ""} ${node.className}`)) return null;
    const marked = text.match(/^(?:([·•▪o§–Øü\uf0b7\uf0a7-])\s+|(\(?[0-9]+|\(?[a-z]{1,3})[.)]\s+)([\s\S]*)$/);
    if (!marked) return `• ${text}`;
    return marked[1] ? `• ${marked[3]}` : `${marked[2].replace("(", "")}. ${marked[3]}`;
  };

  // The lines of a block; an empty line stands between paragraphs, none between the items of a list.
  const blocks = (parent, depth = 0) => {
    const found = [];
    let run = "";
    const flush = () => {
      const text = flat(run);
      if (text) found.push({ text });
      run = "";
    };
    for (const node of parent.childNodes) {
      const name = node.nodeName;
      if (UNREAD.has(name)) continue;
      if (name === "UL" || name === "OL") {
        flush();
        found.push(...items(node, depth));
      } else if (name === "TABLE") {
        flush();
        for (const row of node.rows) found.push({ text: [...row.cells].map((cell) => flat(inline(cell)).replace(/\n/g, " ")).join("\t"), close: true });
      } else if (BLOCKS.has(name) || (node.querySelector?.("p, div, ul, ol, table, h1, h2, h3, li") ?? false)) {
        flush();
        const item = name === "P" ? fromWord(node, flat(inline(node))) : null;
        if (item !== null) found.push({ text: item, close: true });
        else found.push(...blocks(node, depth));
      } else {
        run += inline(node);
      }
    }
    flush();
    return found;
  };

  const items = (list, depth) => {
    const found = [];
    let number = Number(list.getAttribute("start") || 1);
    for (const item of list.children) {
      if (item.nodeName === "UL" || item.nodeName === "OL") {
        found.push(...items(item, depth + 1));
        continue;
      }
      const mark = list.nodeName === "OL" ? `${number}. ` : "• ";
      number += 1;
      const [first, ...rest] = blocks(item, depth + 1);
      const indent = "  ".repeat(depth);
      found.push({ text: `${indent}${mark}${first?.text ?? ""}`, close: true });
      found.push(...rest.map((each) => ({ text: each.close ? each.text : `${indent}  ${each.text}`, close: true })));
    }
    return found;
  };

  const plain = (html) => {
    const body = new DOMParser().parseFromString(html, "text/html").body;
    const lines = blocks(body);
    return lines.map((each, place) => each.text + (place === lines.length - 1 ? "" : each.close && lines[place + 1].close ? "\n" : "\n\n")).join("");
  };

  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (box.nodeName !== "TEXTAREA" || event.defaultPrevented || box.closest("[data-paste-grid]")) return;
    const html = event.clipboardData?.getData("text/html") ?? "";
    // Without blocks there is nothing that the browser's own paste would lose.
    if (!/<(p|li|table|h[1-6]|div)\b/i.test(html) || html.length > LONGEST) return;
    const text = plain(html);
    if (!text) return;
    event.preventDefault();
    // Unlike setting the value, this can be undone with the keyboard.
    if (!document.execCommand("insertText", false, text)) {
      box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
})();
