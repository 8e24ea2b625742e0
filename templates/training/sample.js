
(function () {
  const data = pageData();
  const words = data.words;
  const sizes = data.facts.map((fact) => fact.values.length);
  // What the page says itself, amid a text in another language.
  const ours = { lang: document.documentElement.lang, dir: "ltr" };
  let now = data.base.slice();

  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  // A word in which each letter is a number.
  function numbers(word) {
    return Array.from(word, (letter) => {
      const number = LETTERS.indexOf(letter);
      return number < 0 ? letter.charCodeAt(0) - 192 + LETTERS.length : number;
    });
  }

  // What was made for a combination: from node to node, a fact at a time, to a value. An even number is a value.
  function lookUp(table, combination) {
    let at = table.top;
    for (let fact = 0; at % 2; fact += 1) at = numbers(table.nodes[(at - 1) >> 1])[combination[fact]];
    return table.values[at >> 1];
  }

  // A text is a word of sections, and a section a word of passages.
  function saidIn(text, combination) {
    const word = lookUp(text, combination);
    return word === null ? null : numbers(word).flatMap((section) => numbers(text.sections[section]));
  }

  function withFact(combination, fact, value) {
    const other = combination.slice();
    other[fact] = value;
    return other;
  }

  function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  // The plan

  function decisionOf(message) {
    return data.decisions[message[0]];
  }

  function decisionWords(message) {
    const decision = data.decision_words[message[0]];
    return decisionOf(message) === "withhold" ? decision : decision + ", " + data.variant_words[message[1]];
  }

  function ids(provisions) {
    return provisions.flatMap((id) => [" ", element("a", { href: "#p-" + id }, id)]);
  }

  function labelled(label, text, provisions) {
    return element("p", {}, element("b", {}, label), " " + text, ...ids(provisions || []));
  }

  function badge(message) {
    const decision = decisionOf(message);
    return element("span", { class: "badge " + decision }, data.decision_words[message[0]]);
  }

  function showMessage(item) {
    const audience = item.dataset.audience;
    const message = lookUp(data.plan[audience], now);
    const before = lookUp(data.plan[audience], data.base);
    const sends = decisionOf(message) !== "withhold";
    const changed = !same(message, before);
    item.className = decisionOf(message) + (changed ? " changed" : "");
    const heading = item.querySelector("h3");
    const order = heading.querySelector(".order");
    const parts = [order, " " + data.audiences[audience] + " ", badge(message)];
    if (sends) parts.push(" ", element("span", { class: "variant" }, data.variant_words[message[1]]));
    if (changed) {
      const was = decisionWords(message) === decisionWords(before) ? "" : " (" + words.was + ": " + decisionWords(before) + ")";
      parts.push(" ", element("span", { class: "change" }, words.changed + was));
    }
    heading.replaceChildren(...parts);
    const reasonsBefore = new Set(numbers(before[3]));
    const conditionsBefore = new Set(numbers(before[4]));
    const body = [];
    if (sends) body.push(labelled(words.to, data.reaches[message[2]]));
    for (const number of numbers(message[3])) body.push(marked(labelled(words.why, ...data.reasons[number]), !reasonsBefore.has(number)));
    for (const number of numbers(message[4])) body.push(marked(labelled(words.first, ...data.conditions[number]), !conditionsBefore.has(number)));
    if (audience in data.documents || byId("document-" + audience)) {
      body.push(element("p", {}, element("a", { class: "to-text", href: "#document-" + audience },
        words.read, element("span", { class: "unseen" }, ": " + data.audiences[audience]))));
    }
    item.querySelector(".planned").replaceChildren(...body);
  }

  function marked(paragraph, isNew) {
    if (isNew) {
      paragraph.classList.add("new");
      paragraph.prepend(element("span", { class: "mark" }, words.new), " ");
    }
    return paragraph;
  }

  function showWarnings() {
    const there = numbers(lookUp(data.warnings, now));
    const before = new Set(numbers(lookUp(data.warnings, data.base)));
    byId("warnings").hidden = !there.length;
    byId("warnings").querySelector("ul").replaceChildren(
      ...there.map((number) => marked(element("li", {}, data.warning_list[number]), !before.has(number))));
  }

  function showActions() {
    const there = numbers(lookUp(data.actions, now));
    const before = new Set(numbers(lookUp(data.actions, data.base)));
    const changed = there.filter((number) => !before.has(number)).length;
    const items = there.map((number) => {
      const [text, provisions, done] = data.action_list[number];
      const box = element("span", { class: "box" }, done ? words.actions_done : words.actions_open);
      const item = element("li", { class: done ? "done" : null }, box, " " + text, ...ids(provisions));
      return marked(item, !before.has(number));
    });
    byId("actions").querySelector("ul").replaceChildren(...items);
    tell(byId("actions"), changed ? changed + " " + words.new : "");
  }

  function tell(details, text) {
    const place = details.querySelector("summary .change");
    place.hidden = !text;
    place.textContent = text;
  }

  // The texts

  function run(each) {
    const [text, look, href] = typeof each === "string" ? [each, "", ""] : each;
    if (text === "\n") return element("br");
    let made = document.createTextNode(text);
    if (look.includes("g")) made = element("mark", {}, made);
    if (/^(https?:|mailto:|tel:)/i.test(href || "")) made = element("a", { href }, made);
    return look.includes("b") ? element("strong", {}, made) : made;
  }

  function blocks(all) {
    const made = [];
    for (const [kind, level, ...runs] of all) {
      if (kind === "b") {
        const last = made[made.length - 1];
        const list = last && last.tagName === "UL" ? last : element("ul");
        if (list !== last) made.push(list);
        list.append(element("li", {}, ...runs.map(run)));
      } else {
        made.push(element(kind === "h" ? "h" + Math.min(6, level + 3) : "p", {}, ...runs.map(run)));
      }
    }
    return made;
  }

  // Both texts in one order: what is only in the first is gone, what is only in the second is new.
  function merged(first, second) {
    const longest = first.map(() => new Array(second.length + 1).fill(0));
    longest.push(new Array(second.length + 1).fill(0));
    for (let i = first.length - 1; i >= 0; i--) {
      for (let j = second.length - 1; j >= 0; j--) {
        longest[i][j] = first[i] === second[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    const found = [];
    let i = 0;
    let j = 0;
    while (i < first.length || j < second.length) {
      if (i < first.length && j < second.length && first[i] === second[j]) {
        found.push(["same", second[j]]);
        i += 1;
        j += 1;
      } else if (j === second.length || (i < first.length && longest[i + 1][j] >= longest[i][j + 1])) {
        found.push(["gone", first[i]]);
        i += 1;
      } else {
        found.push(["new", second[j]]);
        j += 1;
      }
    }
    return found;
  }

  function passageElement(id, text, number, change) {
    const [carried, part] = text.passages[number];
    const provisions = carried ? carried.split(" ") : [];
    const made = element("div", { class: (part + (change === "new" ? " new" : "")).trim() || null });
    if (change === "new") made.append(element("p", { class: "mark", ...ours }, words.new));
    made.append(...said(id, number));
    made.append(whyButton(provisions));
    made.explained = () => explanation(id, number, provisions, null);
    return made;
  }

  // What a passage says. That of the sample itself was in the page when it opened.
  const opened = {};

  function said(id, number) {
    const content = data.documents[id].passages[number][2];
    return content >= 0 ? blocks(data.said[content]) : opened[id][number].map((each) => each.cloneNode(true));
  }

  function goneElement(id, number) {
    const content = said(id, number);
    const beginning = content.map((each) => each.textContent).join(" ");
    const summary = element("summary", {}, element("span", { class: "mark", ...ours }, words.gone), " ",
      element("del", {}, beginning.length > 70 ? beginning.slice(0, 70) + "…" : beginning));
    return element("details", { class: "gone" }, summary, element("div", { class: "gone-text" }, ...content));
  }

  function showDocument(details) {
    const id = details.dataset.document;
    const text = data.documents[id];
    if (!text) return;
    const message = lookUp(data.plan[text.audience], now);
    const there = saidIn(text, now);
    const before = saidIn(text, data.base);
    const order = merged(before || [], there || []);
    const added = order.filter((each) => each[0] === "new").length;
    const gone = order.length - added - order.filter((each) => each[0] === "same").length;
    const held = !same([message[0], message[4]], lookUp(data.plan[text.audience], data.base).filter((each, at) => at === 0 || at === 4));
    details.querySelector("summary .badge").replaceWith(badge(message));
    const told = [];
    if (there && !before) told.push(words.new_text);
    else if (before && !there) told.push(words.text_gone);
    else {
      if (added) told.push(added + " " + words.new);
      if (gone) told.push(gone + " " + words.gone);
      if (!told.length && held) told.push(words.changed);
    }
    tell(details, told.join(", "));
    details.classList.toggle("changed", told.length > 0);
    // A text that is closed is made when it is opened.
    details.fill = () => fill(details, text, there, before, order, message);
    if (details.open) fillNow(details);
  }

  function fillNow(details) {
    const { fill } = details;
    details.fill = null;
    if (fill) fill();
  }

  document.addEventListener("toggle", (event) => fillNow(event.target), true);

  function fill(details, text, there, before, order, message) {
    const id = details.dataset.document;
    const paper = details.querySelector(".paper");
    if (!there) {
      paper.replaceChildren(element("p", { class: "none" }, words.no_text));
      return;
    }
    const letter = element("div", { class: "letter", lang: text.language, dir: text.direction });
    const whole = there && !before;
    for (const [change, number] of order) {
      letter.append(change === "gone" ? goneElement(id, number) : passageElement(id, text, number, whole ? "same" : change));
    }
    const parts = decisionOf(message) === "hold" ? [heldBanner(numbers(message[4]))] : [];
    paper.replaceChildren(...parts, letter);
  }

  function heldBanner(conditions) {
    return element("div", { class: "banner" },
      element("p", {}, element("strong", {}, words.do_not_send)),
      element("p", {}, words.waits_for),
      element("ul", {}, ...conditions.map((number) => {
        const [text, provisions] = data.conditions[number];
        return element("li", {}, text, ...ids(provisions));
      })));
  }

  // Why a passage is there

  function whyButton(provisions) {
    const label = element("span", { class: "ids" }, provisions.join(" "));
    const button = element("button", { type: "button", class: "why", "aria-expanded": "false" }, words.why_here, " ", label);
    return element("div", { class: "by", ...ours }, button);
  }

  function explanation(id, number, provisions, because) {
    const parts = [];
    if (provisions.length) {
      parts.push(element("p", { class: "about" }, words.policy_asks));
      for (const each of provisions) {
        parts.push(element("p", {}, ...provisionText(each)));
      }
    } else {
      parts.push(element("p", {}, words.no_provision));
    }
    parts.push(element("p", { class: "about" }, words.why_passage));
    const text = data.documents[id];
    if (!text || number === null) {
      parts.push(element("p", {}, words.inside_reason), chosen(because));
      return parts;
    }
    const message = lookUp(data.plan[text.audience], now);
    const minimal = data.variants[message[1]] === "minimal";
    parts.push(element("p", {}, minimal ? words.minimal_text : words.full_text));
    if (minimal) {
      parts.push(element("ul", {}, ...numbers(message[3]).map((each) => element("li", {}, data.reasons[each][0], ...ids(data.reasons[each][1])))));
    }
    if (because !== null && same(now, data.base)) parts.push(chosen(because));
    parts.push(...dependence(text, number));
    return parts;
  }

  function chosen(because) {
    const facts = numbers(because).map((each) => data.because[each]);
    return element("p", {}, facts.length ? words.chosen_by + " " + facts.join("; ") + "." : words.in_all);
  }

  // Which of the facts the passage hangs on: with which other values it is not there.
  function dependence(text, number) {
    const items = [];
    data.facts.forEach((fact, which) => {
      const without = fact.values
        .map((label, value) => ({ label, value }))
        .filter(({ value }) => value !== now[which])
        .filter(({ value }) => {
          const other = saidIn(text, withFact(now, which, value));
          return other && !other.includes(number);
        });
      if (!without.length) return;
      const buttons = without.flatMap(({ label, value }) => {
        const button = element("button", { type: "button", class: "show-that" }, label, element("span", { class: "unseen" }, " (" + words.show_that + ")"));
        button.addEventListener("click", () => choose(withFact(now, which, value)));
        return [" ", button];
      });
      items.push(element("li", {}, element("strong", {}, fact.label + ": " + fact.values[now[which]]), ". ", words.gone_with, ...buttons));
    });
    if (!items.length) return [element("p", {}, words.always)];
    return [element("p", {}, words.depends), element("ul", { class: "depends" }, ...items)];
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.why");
    if (!button) return;
    const passage = button.closest(".letter > div");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    const there = passage.querySelector(".explanation");
    if (there) there.remove();
    if (!open) passage.append(element("div", { class: "explanation", ...ours }, ...passage.explained()));
  });

  // An id of a provision tells on the spot what the policy asks.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#p-"]');
    if (!link || link.closest(".provisions")) return;
    event.preventDefault();
    const place = link.closest("p, li");
    const id = link.textContent;
    const open = Array.from(place.children).find((each) => each.dataset.note === id);
    link.setAttribute("aria-expanded", String(!open));
    if (open) open.remove();
    else place.append(element("span", { class: "note", "data-note": id, role: "note" }, ...provisionText(id)));
  });

  function provisionText(id) {
    const there = byId("p-" + id);
    if (!there) return [id];
    return [element("strong", {}, there.querySelector("dt").textContent), " – " + there.querySelector("dd").textContent];
  }

  // The static texts get the same buttons.
  function enliven(details) {
    const text = data.documents[details.dataset.document];
    const base = text ? saidIn(text, data.base) : null;
    const why = (data.chosen[details.dataset.document] || "").split(" ");
    details.querySelectorAll(".letter > div").forEach((passage, position) => {
      const links = passage.querySelector(":scope > i");
      const provisions = links ? links.textContent.split(" ") : [];
      const number = base ? base[position] : null;
      if (base) (opened[details.dataset.document] ||= {})[number] = Array.from(passage.children).filter((each) => each !== links);
      if (links) links.replaceWith(whyButton(provisions));
      else passage.append(whyButton(provisions));
      passage.explained = () => explanation(details.dataset.document, number, provisions, why[position]);
    });
  }

  // Choosing

  const told = data.facts.map((fact) => byId("fact-" + fact.name).querySelector("dd").textContent);

  function factOf(input) {
    return data.facts.findIndex((fact) => fact.name === input.name);
  }

  function choose(combination) {
    now = combination;
    document.querySelectorAll("#timeline > li").forEach(showMessage);
    showWarnings();
    showActions();
    document.querySelectorAll("details[data-document]").forEach(showDocument);
    document.querySelectorAll("#facts-form input").forEach((input) => {
      input.checked = now[factOf(input)] === Number(input.value);
    });
    document.querySelectorAll(".question").forEach((button) => {
      const pressed = now[Number(button.dataset.fact)] === Number(button.dataset.value);
      button.setAttribute("aria-pressed", String(pressed));
    });
    data.facts.forEach((fact, which) => {
      const row = byId("fact-" + fact.name);
      row.classList.toggle("changed", now[which] !== data.base[which]);
      row.querySelector("dd").textContent = now[which] === data.base[which] ? told[which] : fact.values[now[which]];
    });
    byId("reset").disabled = same(now, data.base);
    showResult();
    byId("other-language").hash = same(now, data.base) ? "" : "facts=" + now.join(".");
  }

  function showResult() {
    const result = byId("result");
    if (same(now, data.base)) {
      result.replaceChildren();
      return;
    }
    const facts = data.facts
      .map((fact, which) => (now[which] === data.base[which] ? "" : fact.label + ": " + fact.values[now[which]]))
      .filter((each) => each);
    const parts = [element("p", {}, element("strong", {}, words.changed_facts + ": "), facts.join("; "))];
    const items = [];
    for (const audience of Object.keys(data.plan)) {
      const message = lookUp(data.plan[audience], now);
      const before = lookUp(data.plan[audience], data.base);
      if (message[0] !== before[0] || (message[1] !== before[1] && decisionOf(message) !== "withhold")) {
        items.push(element("li", {}, element("strong", {}, data.audiences[audience]), " ", badge(message),
          decisionOf(message) === "withhold" ? "" : " " + data.variant_words[message[1]],
          " ", element("span", { class: "was" }, words.was + " " + decisionWords(before))));
      }
    }
    const texts = Object.keys(data.documents).filter((id) => !same(lookUp(data.documents[id], now), lookUp(data.documents[id], data.base)));
    if (items.length) parts.push(element("ul", { class: "outcome" }, ...items));
    if (texts.length) {
      const links = texts.flatMap((id, at) => [at ? ", " : "", element("a", { class: "to-text", href: "#document-" + id }, byId("document-" + id).querySelector("h3").textContent)]);
      parts.push(element("p", {}, element("strong", {}, words.texts + " (" + words.changed + "): "), ...links));
    }
    if (!items.length && !texts.length && !document.querySelector("#timeline .changed")) {
      parts.push(element("p", {}, words.nothing_changes));
    }
    result.replaceChildren(...parts);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#document-"]');
    const target = link && byId(link.getAttribute("href").slice(1));
    if (target) {
      // Going there by its address would take the focus away again.
      event.preventDefault();
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus();
    }
  });
  document.querySelectorAll(".question").forEach((button) => {
    button.addEventListener("click", () => {
      const fact = Number(button.dataset.fact);
      const pressed = button.getAttribute("aria-pressed") === "true";
      choose(withFact(now, fact, pressed ? data.base[fact] : Number(button.dataset.value)));
      // On a small screen the answer stands below the questions.
      if (byId("result").getBoundingClientRect().top > window.innerHeight) byId("result").scrollIntoView();
    });
  });
  byId("facts-form").addEventListener("change", (event) => {
    choose(withFact(now, factOf(event.target), Number(event.target.value)));
  });
  byId("reset").addEventListener("click", () => choose(data.base.slice()));
  const all = () => document.querySelectorAll("details.document");
  byId("open-all").addEventListener("click", () => all().forEach((each) => { each.open = true; }));
  byId("close-all").addEventListener("click", () => all().forEach((each) => { each.open = false; }));
  document.querySelectorAll("details[data-document]").forEach(enliven);
  document.querySelectorAll(".controls, .tools").forEach((each) => { each.hidden = false; });
  showActions();
  const asked = /^#facts=(\d)\.(\d)\.(\d)\.(\d)\.(\d)$/.exec(location.hash);
  if (asked) {
    const wanted = asked.slice(1).map(Number);
    if (wanted.every((value, fact) => value < sizes[fact])) choose(wanted);
  }
})();
