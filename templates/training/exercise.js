
(function () {
  const data = pageData();
  const words = data.words;
  const sentences = Array.from(document.querySelectorAll(".sentence"));
  const lacking = Array.from(document.querySelectorAll(".lacking"));
  let shown = false;

  function faultsOf(sentence) {
    return sentence.dataset.faults ? sentence.dataset.faults.split(" ").map(Number) : [];
  }

  function isMarked(sentence) {
    return sentence.getAttribute("aria-pressed") === "true";
  }

  function toggle(sentence) {
    if (!shown) sentence.setAttribute("aria-pressed", String(!isMarked(sentence)));
  }

  for (const sentence of sentences) {
    sentence.setAttribute("role", "button");
    sentence.setAttribute("tabindex", "0");
    sentence.setAttribute("aria-pressed", "false");
    sentence.addEventListener("click", () => toggle(sentence));
    sentence.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") {
        event.preventDefault();
        toggle(sentence);
      }
    });
  }

  function verdict(place, kind) {
    place.hidden = false;
    place.className = "verdict " + kind;
    place.textContent = { found: words.found, missed: words.missed }[kind];
  }

  function showKey() {
    if (shown) return;
    shown = true;
    const found = new Set();
    const needless = [];
    for (const sentence of sentences) {
      const faults = faultsOf(sentence);
      sentence.setAttribute("aria-disabled", "true");
      if (isMarked(sentence) && !faults.length) needless.push(sentence.textContent);
      if (isMarked(sentence)) faults.forEach((each) => found.add(each));
      const kind = faults.length ? (isMarked(sentence) ? "found" : "missed") : isMarked(sentence) ? "needless" : "";
      if (kind) sentence.classList.add(kind);
      if (kind) sentence.append(element("span", { class: "flag" }, " [" + ({ found: words.found, missed: words.missed, needless: words.marked }[kind]) + "]"));
    }
    for (const each of lacking) {
      const box = each.querySelector("input");
      const fault = each.dataset.fault;
      box.disabled = true;
      if (fault !== undefined) {
        if (box.checked) found.add(Number(fault));
        verdict(each.querySelector(".verdict"), box.checked ? "found" : "missed");
      } else if (box.checked) {
        needless.push(each.querySelector("label").textContent);
      }
    }
    document.querySelectorAll(".faults > li").forEach((item) => {
      verdict(item.querySelector(".verdict"), found.has(Number(item.dataset.fault)) ? "found" : "missed");
    });
    byId("exercise").classList.add("with-key");
    byId("needless").hidden = !needless.length;
    byId("needless").querySelector("ul").replaceChildren(...needless.map((text) => element("li", {}, text.trim())));
    const count = needless.length;
    const told = count === 0 ? words.needless_none : count === 1 ? words.needless_one : filled(words.needless, { count });
    byId("score").replaceChildren(
      element("p", {}, element("strong", {}, filled(words.score, { found: found.size, all: data.count })), " ", told));
    byId("key").open = true;
    byId("show-key").hidden = true;
    byId("again").hidden = false;
    byId("score").focus();
  }

  function startAgain() {
    shown = false;
    for (const sentence of sentences) {
      sentence.setAttribute("aria-pressed", "false");
      sentence.removeAttribute("aria-disabled");
      sentence.classList.remove("found", "missed", "needless");
      sentence.querySelectorAll(".flag").forEach((each) => each.remove());
    }
    for (const each of lacking) {
      each.querySelector("input").checked = false;
      each.querySelector("input").disabled = false;
    }
    document.querySelectorAll(".verdict").forEach((each) => { each.hidden = true; });
    byId("exercise").classList.remove("with-key");
    byId("needless").hidden = true;
    byId("score").replaceChildren();
    byId("key").open = false;
    byId("again").hidden = true;
    byId("show-key").hidden = false;
    byId("show-key").focus();
  }

  // What is printed: the exercise without its key, or both.
  function print(withKey) {
    const open = byId("key").open;
    byId("key").open = withKey;
    document.body.classList.toggle("printing-exercise", !withKey);
    document.body.classList.toggle("printing-key", withKey);
    window.print();
    byId("key").open = open;
    document.body.classList.remove("printing-exercise", "printing-key");
  }

  byId("show-key").addEventListener("click", showKey);
  byId("again").addEventListener("click", startAgain);
  byId("print-exercise").addEventListener("click", () => print(false));
  byId("print-key").addEventListener("click", () => print(true));
  const form = byId("missing");
  if (form) form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll(".scripted").forEach((each) => { each.hidden = false; });
})();
