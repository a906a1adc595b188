// Tables that can be sorted, searched and copied; figures that can be saved. Without this script,
// and in print, a table is whole and readable.
(() => {
  if (window.cxTools) return; // in JupyterLab every notebook brings it
  window.cxTools = true;
  const FEW = 8; // rows that need no search
  const EXCEL = "data:application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;base64,";
  const SLIDE = {width: 1920, height: 1080, margin: 96};

  const element = (tag, attributes, ...inside) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...inside);
    return made;
  };
  const button = (label, press) => {
    const made = element("button", {type: "button"}, label);
    made.addEventListener("click", press);
    return made;
  };
  const tools = (...inside) => element("div", {className: "tools"}, ...inside);

  // What a cell says, without the interval beneath it; and that interval.
  const said = cell => [...cell.childNodes].filter(node => node.nodeName !== "SMALL")
    .map(node => node.textContent).join("").replace(/\s+/g, " ").trim();
  const interval = cell => cell.querySelector("small")?.textContent.trim() ?? "";
  const isNumber = head => head.classList.contains("n");
  const plain = text => text.replaceAll(",", "").replace("−", "-").replace(/^\+/, "");

  // Sorting: by what is shown, numbers as numbers, blanks always last.

  const key = (cell, numeric) => {
    const text = cell.dataset.sort ?? said(cell);
    if (text === "–" || text === "") return "";
    const figure = numeric ? parseFloat(plain(text).replace(/^[^\d.-]+/, "")) : text;
    return Number.isNaN(figure) ? "" : figure;
  };

  const sort = (table, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const numeric = isNumber(head);
    const order = (a, b) => {
      const [x, y] = [a, b].map(row => key(row.cells[head.cellIndex], numeric));
      if (x === "" || y === "") return (x === "") - (y === "");
      return (down ? -1 : 1) * (numeric ? x - y : x.localeCompare(y, undefined, {numeric: true}));
    };
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
  };

  const sortable = table => [...table.tHead.rows[0].cells].forEach(head => {
    head.replaceChildren(button(said(head), () => sort(table, head)));
  });

  // Searching: rows without the words are hidden; all are printed.

  const folded = text => text.normalize("NFKC").toLocaleLowerCase();

  const search = (table, word) => {
    const rows = [...table.tBodies[0].rows], count = element("output", {});
    const input = element("input", {type: "search", placeholder: word});
    input.setAttribute("aria-label", word);
    input.addEventListener("input", () => {
      const sought = folded(input.value.trim());
      rows.forEach(row => { row.hidden = !folded(row.textContent).includes(sought); });
      count.value = sought ? `${rows.filter(row => !row.hidden).length} / ${rows.length}` : "";
    });
    return [count, input];
  };

  // Copying: the rows shown, as a spreadsheet pastes them; no cell is taken for a formula.

  const pasted = (text, numeric) => {
    const value = numeric ? plain(text) : text;
    if (numeric && value === "–") return "";
    return /^[=+@-]/.test(value) && Number.isNaN(Number(value.replace("%", ""))) ? `'${value}` : value;
  };

  const copied = (table, range) => {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows].filter(row => !row.hidden);
    const wide = heads.map((head, at) => rows.some(row => interval(row.cells[at])));
    const line = write => heads.flatMap((head, at) => write(head, at)).join("\t");
    const first = line((head, at) => [said(head), ...(wide[at] ? [`${said(head)}: ${range}`] : [])]);
    return [first, ...rows.map(row => line((head, at) => [
      pasted(said(row.cells[at]), isNumber(head)),
      ...(wide[at] ? [interval(row.cells[at])] : []),
    ]))].join("\n");
  };

  const copy = text => { // unlike navigator.clipboard, this works in a file and asks for no leave
    document.addEventListener("copy", event => {
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
    }, {once: true, capture: true});
    return document.execCommand("copy");
  };

  const equipTable = box => {
    const [find, take, taken, range] = box.dataset.words.split("|");
    const table = box.querySelector("table"), rows = table.tBodies[0].rows.length;
    const status = element("output", {});
    const press = () => { status.value = copy(copied(table, range)) ? taken : ""; };
    const book = button("Excel", () => save(`${EXCEL}${box.dataset.book}`, `${box.getAttribute("aria-label")}.xlsx`));
    if (rows > 2) sortable(table);
    box.before(tools(...(rows > FEW ? search(table, find) : []), status, button(take, press),
      ...(box.dataset.book ? [book] : [])));
  };

  // Saving a figure: as drawn for a desk on a light page, alone or on a slide of 16:9.

  const drawing = source => {
    if (!source.startsWith("data:image/svg")) return "";
    const bytes = Uint8Array.from(atob(source.split(",")[1]), letter => letter.charCodeAt(0));
    const svg = new TextDecoder().decode(bytes)
      .replace(/@media \(prefers-color-scheme:dark\)\{svg\{[^}]*\}\}/, "");
    const shades = Object.fromEntries([...svg.matchAll(/--(\w+):(#\w+)/g)].map(found => found.slice(1)));
    return svg.replace(/var\(--(\w+)\)/g, (named, name) => shades[name] ?? named); // for other programs
  };
  const address = svg => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  const save = (href, download) => element("a", {href, download}).click();

  const savePicture = async (image, name, slide) => {
    const svg = drawing(image.src), picture = new Image();
    picture.src = svg ? address(svg) : image.src;
    await picture.decode();
    const [width, height] = ["width", "height"].map(side => Number(image.getAttribute(side)));
    const scale = slide ? Math.min((SLIDE.width - 2 * SLIDE.margin) / width,
      (SLIDE.height - 2 * SLIDE.margin) / height) : 2;
    const sheet = slide ? SLIDE : {width: width * scale, height: height * scale};
    const canvas = element("canvas", {width: sheet.width, height: sheet.height});
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(picture, (sheet.width - width * scale) / 2, (sheet.height - height * scale) / 2,
      width * scale, height * scale);
    save(canvas.toDataURL("image/png"), `${name}${slide ? "-16x9" : ""}.png`);
  };

  const equipFigure = box => {
    const image = box.querySelector("img"), {words, name} = box.dataset;
    const kinds = {
      SVG: () => save(address(drawing(image.src)), `${name}.svg`),
      PNG: () => savePicture(image, name),
      "16:9": () => savePicture(image, name, true),
    };
    if (!drawing(image.src)) delete kinds.SVG;
    const group = tools(...Object.entries(kinds).map(([kind, press]) => {
      const made = button(kind, press);
      made.setAttribute("aria-label", `${words}: ${kind}`);
      return made;
    }));
    box.append(group);
  };

  const equip = () => document.querySelectorAll("[data-words]:not([data-ready])").forEach(box => {
    box.dataset.ready = "";
    if (box.matches("figure")) equipFigure(box); else equipTable(box);
    // JupyterLab's one-letter shortcuts stay out of what is typed here.
    [box, box.previousElementSibling].forEach(part => part?.setAttribute("data-lm-suppress-shortcuts", ""));
  });
  equip();
  new MutationObserver(equip).observe(document.body, {childList: true, subtree: true});
})();
